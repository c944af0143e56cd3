package engine_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/engine/zk/event"
)

func TestStory(t *testing.T) {
	seed, _ := strconv.ParseUint(os.Getenv("SEED"), 10, 64)
	from, _ := strconv.ParseUint(os.Getenv("FROM"), 10, 64)
	to, _ := strconv.ParseUint(os.Getenv("TO"), 10, 64)
	only, _ := strconv.ParseInt(os.Getenv("NODE"), 10, 64)
	variant := "correct"
	if v := os.Getenv("VARIANT"); v != "" { variant = v }
	s := newSchedule(drawPlan(seed, variant))
	err := s.run()
	fmt.Println(s.plan)
	fmt.Println(err)
	for _, v := range s.violations { fmt.Println(v.Server, v) }
	s.rec.Iterate(node.Seq(from), node.Seq(to), func(e *trace.Event) bool {
		if only != 0 && int64(e.Node) != only { return true }
		k := event.Vocabulary.Kinds[e.Kind]
		if k.Depth == node.Hidden || e.Kind == event.PacketSent && e.Args[0].S == "PING" || e.Kind == node.KindReceived { return true }
		ops := ""
		for _, op := range e.Ops {
			if op.Field == event.Log || op.Field == event.LogDurable { ops += fmt.Sprint(" ", op.Code, event.Vocabulary.Fields[op.Field].Name, op.Key, op.Values) }
		}
		fmt.Printf("#%d %.3f n%d p%d %s %v%s\n", e.Seq, float64(e.Time)/1e6, e.Node, e.Peer, k.Name, e.Args, ops)
		return true
	})
}
