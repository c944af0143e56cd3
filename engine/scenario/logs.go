package scenario

import (
	"fmt"
	"strings"

	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// logs tells from the trace of the last step what the servers' log files would have said: of each
// synchronization, and of each server's roles.
func (f *Facts) logs() (syncLog, log *object) {
	syncLog, log = &object{}, &object{}
	rec := f.run.rec
	rec.Iterate(f.seq+1, rec.Len(), func(e *trace.Event) bool {
		switch e.Kind {
		case event.EpochEstablished:
			f.proposed[e.Node] = zk.MakeZxid(zk.Epoch(e.Args[0].N), 0)
		case event.Proposed:
			f.proposed[e.Node] = zk.Zxid(e.Args[0].N)
		case event.SyncChosen:
			key := fmt.Sprintf("%d>%d", e.Node, e.Args[0].N)
			lines, _ := syncLog.get(key).([]any)
			syncLog.put(key, append(lines, f.syncLines(e)...))
		}
		if l := roleLine(e); l != nil {
			lines, _ := log.get(fmt.Sprint(e.Node)).([]any)
			log.put(fmt.Sprint(e.Node), append(lines, l))
		}
		return true
	})
	f.seq = rec.Len()
	return syncLog, log
}

// line is one line that has no more than a sentence.
func line(what string) *object { return (&object{}).put("what", what) }

// syncLines are the lines of LearnerHandler.syncFollower for one decision.
func (f *Facts) syncLines(e *trace.Event) []any {
	arg := func(i int) string { return zk.Zxid(e.Args[i].N).Hex() }
	learner, mode, peer, last := e.Args[0].N, e.Args[1].S, arg(3), arg(4)
	lines := []any{(&object{}).put("maxCommittedLog", arg(6)).put("minCommittedLog", arg(5)).
		put("lastProcessedZxid", last).put("peerLastZxid", peer).put("what", "state")}
	say := func(o *object) { lines = append(lines, o) }
	answer := checkAnswers(e)
	queued := false // queueCommittedProposals was asked, so no snapshot was meant to follow
	switch {
	case answer(event.PeerHasLast) == yes:
		say((&object{}).put("mode", "DIFF").put("zxid", peer).put("what", "send"))
	case answer(event.PeerIsInCommittedLog) == yes:
		say(line("Using committedLog"))
		queued = true
	case answer(event.TxnLogIsSmallEnough) == yes:
		say(line("Use txnlog and committedLog"))
		queued = true
	case answer(event.TxnLogSyncAllowed) == no:
		say(line("Unhandled scenario"))
	}
	switch answer(event.SameEpoch) {
	case no:
		say(line(fmt.Sprintf("Cannot send TRUNC to peer sid: %d peer zxid is from different "+
			"epoch", learner)))
	case yes:
		say((&object{}).put("mode", "TRUNC").put("zxid", arg(2)).put("what", "send"))
	}
	if answer(event.TxnLogReachesMin) == no {
		queued = false
		say(line(gapLine(e)))
	}
	if mode == zk.SNAP.String() {
		if queued {
			say(line("Unhandled scenario"))
		}
		say((&object{}).put("mode", "snapshot").put("peerZxid", peer).
			put("leaderZxid", f.proposed[e.Node].Hex()).put("zxid", last).put("what", "send"))
	}
	return lines
}

// gapLine is the line about a hole between disk log and committedLog.
func gapLine(e *trace.Event) string {
	for _, c := range e.Checks {
		if c.Code == event.TxnLogReachesMin {
			return fmt.Sprintf("Detected gap between end of txnlog: %s and start of committedLog: "+
				"%s", zk.Zxid(c.Values[0].N).Hex(), zk.Zxid(c.Values[1].N).Hex())
		}
	}
	return ""
}

// Answers of a check: it may not have been asked.
const (
	unasked = iota
	yes
	no
)

// checkAnswers looks up how a decision answered its questions.
func checkAnswers(e *trace.Event) func(node.CheckCode) int {
	return func(code node.CheckCode) int {
		for _, c := range e.Checks {
			if c.Code != code {
				continue
			}
			if c.Answer {
				return yes
			}
			return no
		}
		return unasked
	}
}

// roleLine is the log line of a change of role or phase, nil for other events.
func roleLine(e *trace.Event) any {
	switch e.Kind {
	case event.LookingForLeader:
		return (&object{}).put("ev", "election").put("me", int(e.Node)).
			put("zxid", zk.Zxid(e.Args[2].N).Hex())
	case event.StateChanged:
		return (&object{}).put("ev", "state").put("what", strings.ToLower(e.Args[1].S))
	case event.PhaseChanged:
		what := strings.ToLower(e.Args[0].S)
		if e.Args[1].S != zk.SyncNone.String() {
			what += " - " + strings.ToLower(e.Args[1].S)
		}
		return (&object{}).put("ev", "state").put("what", what)
	case event.Activated:
		return (&object{}).put("ev", "quorum").put("sids", "["+
			strings.ReplaceAll(e.Args[1].S, ",", ", ")+"]").
			put("zxid", zk.Zxid(e.Args[2].N).Hex())
	}
	return nil
}
