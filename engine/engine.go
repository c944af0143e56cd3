package engine

import (
	"fmt"

	"zabscope/engine/client"
	"zabscope/engine/node"
	"zabscope/engine/peer"
	"zabscope/engine/sim"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// Time is virtual nanoseconds since the start of a run.
type Time = node.Time

// Seq is the number of an event, from 1.
type Seq = node.Seq

// Second is a second of virtual time.
const Second = node.Second

// Depths of events, coarse to fine: how closely one must look to want them.
const (
	Decisions  = int(node.Decisions)
	Everything = int(node.Everything)
	Hidden     = int(node.Hidden)
)

// MaxServers is the largest ensemble that a run may have.
const MaxServers = 25

// theClient is the client that every run has.
const theClient = node.FirstClient

// wallBase is the wall clock of all servers at virtual time 0, in milliseconds since 1970:
// 2024-01-01.
const wallBase = 1704067200000

// Config describes a run.
type Config struct {
	Servers   int        // that vote, 1 to MaxServers; their ids count from 1
	Observers int        // that follow without a vote; their ids come after those of the voters
	Seed      uint64     // of everything random
	Options   zk.Options // which behaviours of which release
}

// Run is an ensemble and its world. It belongs to one goroutine.
type Run struct {
	sim     *sim.Sim
	rec     *trace.Recorder
	sids    []node.ID
	client  *client.Client // the client's present life
	nextTag int64
}

// NewRun makes an ensemble whose servers all start at time 0. The error says which number is out of
// its bounds.
func NewRun(cfg Config) (*Run, error) {
	if cfg.Servers < 1 || cfg.Observers < 0 || cfg.Servers+cfg.Observers > MaxServers {
		return nil, fmt.Errorf("an ensemble has 1 to %d servers, and one of them votes; not %d "+
			"that vote and %d that observe", MaxServers, cfg.Servers, cfg.Observers)
	}
	members := membership(cfg)
	r := newRun(cfg, members)
	for _, m := range members.Members {
		pc := peer.Config{SID: m.SID, Type: m.Type, Membership: members,
			Zoo: zk.DefaultConfig(), Options: cfg.Options, WallBase: wallBase}
		r.add(m.SID, func(d node.Disk, rand *node.Rand) node.Machine {
			return peer.New(pc, d, rand)
		})
	}
	r.addClient()
	for _, id := range r.sids {
		if err := r.sim.Start(id); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// membership numbers the servers.
func membership(cfg Config) *zk.Membership {
	var members []zk.Member
	for i := range cfg.Servers + cfg.Observers {
		m := zk.Member{SID: zk.SID(i + 1), Type: zk.Participant,
			Host: fmt.Sprintf("10.77.0.%d", i+2), QuorumPort: zk.QuorumPort,
			ElectionPort: zk.ElectionPort, ClientPort: zk.ClientPort}
		if i >= cfg.Servers {
			m.Type = zk.Observer
		}
		members = append(members, m)
	}
	return zk.NewMembership(members)
}

// newRun makes an empty world with its trace.
func newRun(cfg Config, members *zk.Membership) *Run {
	header := trace.Header{Version: "1", Seed: cfg.Seed, Protocol: "zookeeper",
		Vocabulary: event.Vocabulary, Options: cfg.Options}
	for _, m := range members.Members {
		header.Machines = append(header.Machines, trace.MachineInfo{ID: node.ID(m.SID),
			Name: fmt.Sprintf("server %d", m.SID), Role: m.Type.String()})
	}
	header.Machines = append(header.Machines,
		trace.MachineInfo{ID: theClient, Name: "client 1", Role: "client"})
	rec := trace.New(header)
	return &Run{rec: rec, sim: sim.New(sim.Config{Seed: cfg.Seed, Vocabulary: event.Vocabulary,
		Recorder: rec})}
}

func (r *Run) add(id zk.SID, f sim.Factory) {
	r.sids = append(r.sids, node.ID(id))
	r.sim.Add(node.ID(id), "", f)
}

// addClient adds the client, whose process starts when it is first asked for something.
func (r *Run) addClient() {
	cfg := client.Config{ID: theClient, Servers: r.sids, SessionTimeout: sessionTimeout}
	r.sim.Add(theClient, "", func(_ node.Disk, rand *node.Rand) node.Machine {
		r.client = client.New(cfg, rand)
		return r.client
	})
}

// Now is the virtual time.
func (r *Run) Now() Time { return r.sim.Now() }

// Next is when something may happen next; false if nothing ever will.
func (r *Run) Next() (Time, bool) { return r.sim.Next() }

// Step lets the next thing happen; false means that nothing is to come.
func (r *Run) Step() bool { return r.sim.Step() }

// RunUntil lets everything happen that is due until time t, and moves the clock there.
func (r *Run) RunUntil(t Time) { r.sim.RunUntil(t) }

// Recorder is the trace of all that has happened. It grows as the run goes on.
func (r *Run) Recorder() *trace.Recorder { return r.rec }

// DepthOf is how closely one must look to want an event: as its kind says, but the arrival of a
// message is as deep as its sending, and pings are hidden.
func DepthOf(rec *trace.Recorder, e *trace.Event) int {
	depth := int(rec.Header().Vocabulary.Kinds[e.Kind].Depth)
	switch {
	case isPing(e):
		return Hidden
	case e.Cause == 0 || e.Kind != node.KindReceived && e.Kind != node.KindLost:
		return depth
	}
	sent, ok := rec.At(e.Cause)
	if !ok {
		return depth
	}
	return max(depth, DepthOf(rec, &sent))
}

// isPing reports whether an event is the sending of a ping, between servers or of a client.
func isPing(e *trace.Event) bool {
	return len(e.Args) > 0 && e.Args[0].Kind == node.TextValue &&
		(e.Args[0].S == zk.PING.String() || e.Args[0].S == zk.OpPing.String())
}
