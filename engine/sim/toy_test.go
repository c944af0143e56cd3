package sim_test

import (
	"fmt"
	"strings"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/sim"
	"zabscope/engine/sim/delay"
	"zabscope/engine/sim/disk"
	"zabscope/engine/sim/network"
	"zabscope/engine/trace"
)

// Words of the toys.
const (
	said node.Kind = node.KindWorldEnd + iota
	decided
	loaded
	appended
	committed
)

const (
	fieldInputs node.Field = node.FieldWorldEnd + iota
	fieldLog
	fieldCommitted
)

var toyVocabulary = node.NewVocabulary(
	[]node.KindInfo{
		{Name: "toy.said", Args: []string{"text"}, Depth: node.Packets},
		{Name: "toy.decided", Args: []string{"text"}},
		{Name: "log.loaded", Args: []string{"entries"}},
		{Name: "log.appended", Args: []string{"index", "text"}},
		{Name: "log.committed", Args: []string{"index"}},
	},
	[]node.FieldInfo{
		{Name: "inputs", Columns: []string{"count"}},
		{Name: "log", Shape: node.List, Columns: []string{"text"}, Survives: true},
		{Name: "committed", Columns: []string{"index"}},
	},
	[]node.CheckInfo{{Name: "toy.large", Values: []string{"n", "limit"}}},
	[]string{"tick", "wait"},
)

// word is a message of a few letters.
type word string

func (w word) WireSize() int          { return len(w) }
func (w word) Describe(e *node.Event) { e.Begin(said).With(node.Text(string(w))) }

// puppet is a machine that does what commands tell it and writes down what it is told.
type puppet struct {
	id    node.ID
	disk  node.Disk
	diary *[]string // outlives the process
	out   node.Out
	count int64
	react map[string]act // to a word received
}

// act is what a puppet may be told to do.
type act func(p *puppet, o *node.Out)

func (a act) String() string { return "act" }

func (p *puppet) SetTracing(on bool) { p.out.Tracing = on }

func (p *puppet) Step(in node.Input, buf []node.Effect) []node.Effect {
	o := &p.out
	o.Begin(in.Now, buf)
	if text := describe(in); text != "" {
		*p.diary = append(*p.diary, fmt.Sprintf("%d us: %s", in.Now/node.Microsecond, text))
	}
	switch in.Kind {
	case node.Commanded:
		in.Command.(act)(p, o)
	case node.Received:
		if f := p.react[string(in.Msg.(word))]; f != nil {
			f(p, o)
		}
	}
	if p.out.Tracing {
		p.count++
		o.Event(decided).With(node.Text("counted")).Set(fieldInputs, node.Int(p.count))
	}
	return o.End()
}

func describe(in node.Input) string {
	switch in.Kind {
	case node.Start:
		return fmt.Sprintf("start %d", in.Incarnation)
	case node.Stop:
		return "stop"
	case node.Connected:
		return fmt.Sprintf("connected to %d", in.Peer)
	case node.DialFailed:
		return fmt.Sprintf("dial to %d failed: %s", in.Peer, in.Reason)
	case node.Accepted:
		return fmt.Sprintf("accepted %d", in.Peer)
	case node.Received:
		return fmt.Sprintf("%s from %d", in.Msg, in.Peer)
	case node.Closed:
		return fmt.Sprintf("%d gone: %s", in.Peer, in.Reason)
	case node.Fired:
		return fmt.Sprintf("timer %d", in.Timer.N)
	case node.Synced:
		return fmt.Sprintf("synced %d", in.Token)
	case node.SyncFailed:
		return fmt.Sprintf("sync %d failed: %s", in.Token, in.Reason)
	}
	return ""
}

func (p *puppet) View() *node.State {
	s := node.NewState()
	if p.count > 0 {
		s.Scalars[fieldInputs] = []node.Value{node.Int(p.count)}
	}
	return s
}

// stage is a world of puppets with fixed delays: 100 us for a packet, 1 ms for an fsync.
type stage struct {
	*sim.Sim
	t       *testing.T
	diaries map[node.ID]*[]string
}

func fixedConfig() sim.Config {
	return sim.Config{
		Seed: 1, Vocabulary: toyVocabulary,
		Network:  network.Config{Latency: delay.Always(100 * node.Microsecond)},
		Disk:     disk.Config{SyncDelay: delay.Always(node.Millisecond)},
		Recorder: trace.New(trace.Header{Vocabulary: toyVocabulary}),
	}
}

// newStage starts n puppets that all listen on port 7.
func newStage(t *testing.T, n int, change func(*sim.Config)) *stage {
	c := fixedConfig()
	if change != nil {
		change(&c)
	}
	st := &stage{sim.New(c), t, map[node.ID]*[]string{}}
	for id := node.ID(1); id <= node.ID(n); id++ {
		diary := new([]string)
		st.diaries[id] = diary
		st.Add(id, "", func(d node.Disk, _ *node.Rand) node.Machine {
			return &puppet{id: id, disk: d, diary: diary, react: map[string]act{}}
		})
		st.start(id)
	}
	return st
}

func (st *stage) must(err error) {
	st.t.Helper()
	if err != nil {
		st.t.Fatal(err)
	}
	st.check()
}

// check holds the trace against the machines.
func (st *stage) check() {
	st.t.Helper()
	if st.Recorder() == nil {
		return
	}
	if err := st.CheckFold(); err != nil {
		st.t.Fatal(err)
	}
}

func (st *stage) start(id node.ID) {
	st.t.Helper()
	st.must(st.Start(id))
	st.tell(id, func(_ *puppet, o *node.Out) { o.Listen(7) })
}

func (st *stage) tell(id node.ID, a act) {
	st.t.Helper()
	st.must(st.Command(id, a))
}

// after lets so many microseconds pass.
func (st *stage) after(micros node.Time) {
	st.t.Helper()
	st.RunUntil(st.Now() + micros*node.Microsecond)
	st.check()
}

func conn(from node.ID, n uint32) node.ConnID { return node.MakeConn(from, 1, n) }

// dial opens connection n from one puppet to another's port 7, with a second's patience.
func (st *stage) dial(from, to node.ID, n uint32) {
	st.t.Helper()
	st.tell(from, func(_ *puppet, o *node.Out) {
		o.Dial(conn(from, n), to, 7, o.Now+node.Second)
	})
}

// send says words on connection n that puppet by dialled.
func (st *stage) send(id, by node.ID, n uint32, words ...string) {
	st.t.Helper()
	st.tell(id, func(_ *puppet, o *node.Out) {
		for _, w := range words {
			o.Send(conn(by, n), word(w))
		}
	})
}

func (st *stage) close(id, by node.ID, n uint32) {
	st.t.Helper()
	st.tell(id, func(_ *puppet, o *node.Out) { o.Close(conn(by, n)) })
}

// saw compares what a puppet wrote down since the last call, then forgets it.
func (st *stage) saw(id node.ID, want ...string) {
	st.t.Helper()
	got := *st.diaries[id]
	*st.diaries[id] = nil
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		st.t.Errorf("machine %d saw\n\t%s\nwant\n\t%s", id, strings.Join(got, "\n\t"),
			strings.Join(want, "\n\t"))
	}
}

// forget empties all diaries.
func (st *stage) forget() {
	for _, d := range st.diaries {
		*d = nil
	}
}

// kinds lists the events recorded since a number, without the puppets' own counting.
func (st *stage) kinds(since node.Seq) []string {
	var out []string
	st.Recorder().Iterate(since+1, st.Recorder().Len(), func(e *trace.Event) bool {
		if e.Kind != decided {
			out = append(out, fmt.Sprintf("%d %s", e.Node, toyVocabulary.Kinds[e.Kind].Name))
		}
		return true
	})
	return out
}
