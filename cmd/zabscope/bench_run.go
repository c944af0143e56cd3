package main

import (
	"fmt"

	"zabscope/engine"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
)

// Workload of a run that is loaded into a browser.
const (
	benchServers = 5
	benchSeed    = 7
	benchStep    = 60 * engine.Second / 1000 // of virtual time between two things done
	benchKeys    = 20                        // nodes that are written
	benchRound   = 400                       // steps from one death of a server to the next
	benchRows    = 800                       // of one message
)

// benchMessages is a run of n events as a room tells it: messages with rows, after the header.
// Somebody writes all the time, and now and then a server dies and comes back.
func benchMessages(n int) ([][]byte, error) {
	run, err := engine.NewRun(engine.Config{Servers: benchServers, Seed: benchSeed,
		Options: zk.Options3_8_0()})
	if err != nil {
		return nil, err
	}
	for step := 0; run.Recorder().Len() < engine.Seq(n); step++ {
		run.RunUntil(run.Now() + benchStep)
		if line := benchLine(step); line != "" {
			// A server that is down refuses; that is part of the run.
			_ = run.Do(line)
		}
	}
	return encodeRows(run.Recorder(), engine.Seq(n), run.Now()), nil
}

// benchLine is what is done at a step, "" for nothing.
func benchLine(step int) string {
	victim := step/benchRound%benchServers + 1
	switch {
	case step < 10: // they elect their first leader
		return ""
	case step%benchRound == benchRound/2:
		return fmt.Sprintf("kill %d", victim)
	case step%benchRound == benchRound/2+60:
		return fmt.Sprintf("start %d", victim)
	}
	via := victim%benchServers + 1
	if step < 10+benchKeys {
		return fmt.Sprintf("write %d create /key%d first", via, step-10)
	}
	return fmt.Sprintf("write %d set /key%d v%d", via, step%benchKeys, step)
}

// encodeRows words the first n events of a trace, and at the end the time.
func encodeRows(rec *trace.Recorder, n engine.Seq, now engine.Time) [][]byte {
	var out [][]byte
	for from := engine.Seq(1); from <= n; from += benchRows {
		text := []byte(`{"rows":[`)
		rec.Iterate(from, min(n, from+benchRows-1), func(e *trace.Event) bool {
			if e.Seq > from {
				text = append(text, ',')
			}
			text = trace.AppendRow(text, e)
			return true
		})
		out = append(out, append(text, "]}"...))
	}
	head := fmt.Sprintf(`{"head":{"playing":false,"speed":"auto","rate":0,"now":%d,"why":""}}`, now)
	return append(out, []byte(head))
}
