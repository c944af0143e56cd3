package peer_test

import (
	"fmt"
	"strings"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/peer"
	"zabscope/engine/sim"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// ensemble is n servers in a simulated world.
type ensemble struct {
	*sim.Sim
	t   testing.TB
	rec *trace.Recorder
}

func newEnsemble(t testing.TB, n int, opt zk.Options) *ensemble {
	t.Helper()
	var ms []zk.Member
	for i := 1; i <= n; i++ {
		ms = append(ms, zk.Member{SID: zk.SID(i), Host: fmt.Sprintf("10.77.0.%d", i+1),
			QuorumPort: zk.QuorumPort, ElectionPort: zk.ElectionPort, ClientPort: zk.ClientPort})
	}
	m := zk.NewMembership(ms)
	rec := trace.New(trace.Header{Vocabulary: event.Vocabulary})
	e := &ensemble{t: t, rec: rec, Sim: sim.New(sim.Config{Seed: 1, Vocabulary: event.Vocabulary,
		Recorder: rec})}
	for i := 1; i <= n; i++ {
		cfg := peer.Config{SID: zk.SID(i), Membership: m, Zoo: zk.DefaultConfig(), Options: opt}
		e.Add(node.ID(i), fmt.Sprintf("server %d", i),
			func(d node.Disk, r *node.Rand) node.Machine { return peer.New(cfg, d, r) })
	}
	return e
}

func (e *ensemble) start(ids ...node.ID) {
	e.t.Helper()
	for _, id := range ids {
		if err := e.Start(id); err != nil {
			e.t.Fatal(err)
		}
	}
}

// modes is the role of every server, as srvr tells it.
func (e *ensemble) modes() string {
	var out []string
	for _, id := range e.IDs() {
		if !e.Up(id) {
			out = append(out, "down")
			continue
		}
		out = append(out, e.Machine(id).(*peer.Peer).Status().Mode)
	}
	return strings.Join(out, " ")
}

// until runs the world until the roles are as given, 30 virtual seconds at most.
func (e *ensemble) until(want string) {
	e.t.Helper()
	deadline := e.Now() + 30*node.Second
	for e.modes() != want {
		if e.Now() > deadline || !e.Step() {
			e.story(120)
			e.t.Fatalf("roles are %q, want %q", e.modes(), want)
		}
	}
	if err := e.CheckFold(); err != nil {
		e.t.Fatalf("fold: %v", err)
	}
}

// story prints the last events, for failures.
func (e *ensemble) story(n node.Seq) {
	from := node.Seq(1)
	if e.rec.Len() > n {
		from = e.rec.Len() - n
	}
	v := event.Vocabulary
	e.rec.Iterate(from, e.rec.Len(), func(ev *trace.Event) bool {
		e.t.Logf("%5d %9.3fms %d %s %v", ev.Seq, float64(ev.Time)/1e6, ev.Node,
			v.Kinds[ev.Kind].Name, ev.Args)
		return true
	})
}

// Three fresh servers, one after the other: 2 leads once 1 and 2 are a quorum, 3 joins.
func TestBootOneByOne(t *testing.T) {
	e := newEnsemble(t, 3, zk.Options3_8_0())
	e.start(1)
	e.RunUntil(2 * node.Second)
	e.start(2)
	e.until("follower leader down")
	e.start(3)
	e.until("follower leader follower")
}

// The leader dies: 3 leads with the next epoch; 2 comes back and follows.
func TestFailover(t *testing.T) {
	for name, opt := range map[string]zk.Options{"3.8.0": zk.Options3_8_0(),
		"correct": zk.OptionsCorrect()} {
		t.Run(name, func(t *testing.T) {
			e := newEnsemble(t, 3, opt)
			e.start(1, 2)
			e.until("follower leader down")
			e.start(3)
			e.until("follower leader follower")
			if err := e.Kill(2); err != nil {
				t.Fatal(err)
			}
			e.until("follower down leader")
			e.start(2)
			e.until("follower follower leader")
		})
	}
}
