package sim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"zabscope/engine/node"
	"zabscope/engine/sim/disk"
	"zabscope/engine/sim/network"
	"zabscope/engine/trace"
)

// Factory makes a machine for a process that starts: its memory is empty, its disk as it was left.
type Factory func(d node.Disk, r *node.Rand) node.Machine

// Sim is a world and its machines. It belongs to one goroutine.
type Sim struct {
	config   Config
	rec      *trace.Recorder
	now      node.Time
	number   uint64 // last number given to anything
	queue    queue
	machines []*machine // by network.Host
	byID     map[node.ID]*machine
	net      *network.Network
	rand     *node.Rand

	event  node.Event  // scratch of the driver's own events
	told   trace.Event // scratch of OnEvent
	cause  node.Seq    // of what happens now
	out    []node.Effect
	input  node.Input
	folded *trace.World // of CheckFold, up to event foldedTo
	foldTo node.Seq
}

type processState uint8

const (
	down processState = iota
	up
	paused
)

var processNames = [...]string{down: "down", up: "up", paused: "paused"}

// machine is one machine and, while it is up, its process.
type machine struct {
	id      node.ID
	name    string
	factory Factory
	host    network.Host
	disk    *disk.Disk
	rand    *node.Rand
	clock   clock

	process     node.Machine // nil while down
	state       processState
	incarnation uint16
	timers      []timer
	timerOf     map[node.Timer]int32
	timerGen    uint32
	conns       []openConn
	inbox       []node.Input // what waits for a paused process

	syncs       []syncing // by handle of the disk
	diskLife    uint32    // grows when what the disk has under way becomes void
	writingBack bool

	last  node.Machine // the process that ended, for its visible state
	after []node.Op    // what has happened to that state since
}

// openConn is a connection as the machine knows it.
type openConn struct {
	id   node.ConnID
	peer node.ID
	port node.Port
}

// syncing is an fsync under way.
type syncing struct {
	token       node.Token
	incarnation uint16
	cause       node.Seq
	at          node.Time
	number      uint64 // 0: none under this handle
}

// Labels that split the run's seed.
const (
	machineSeeds = iota
	diskSeeds
	networkSeeds
)

// New returns a world without machines, at time 0.
func New(c Config) *Sim {
	s := &Sim{config: c, rec: c.Recorder, byID: map[node.ID]*machine{}, rand: node.NewRand(c.Seed)}
	s.net = network.New(c.Network, s.rand.Split(networkSeeds), (*netDriver)(s))
	return s
}

// Add adds a machine, down, with an empty disk. name is what messages call it, "server 2"; if it is
// empty one is made of the id. Each start makes a new process by the factory. Ids must differ.
func (s *Sim) Add(id node.ID, name string, f Factory) {
	if name == "" {
		name = defaultName(id)
	}
	m := &machine{id: id, name: name, factory: f, timerOf: map[node.Timer]int32{},
		host: s.net.AddHost(id), rand: s.rand.Split(machineSeeds).Split(uint64(id)),
		disk: disk.New(s.config.Disk, s.rand.Split(diskSeeds).Split(uint64(id)))}
	m.clock.rate = normalRate
	s.machines = append(s.machines, m)
	s.byID[id] = m
}

func defaultName(id node.ID) string {
	if id == node.World {
		return "the world"
	}
	if id.IsClient() {
		return "client " + strconv.Itoa(int(id-node.FirstClient)+1)
	}
	return "server " + strconv.Itoa(int(id))
}

// Now is the virtual time.
func (s *Sim) Now() node.Time { return s.now }

// Recorder is the trace, nil if there is none.
func (s *Sim) Recorder() *trace.Recorder { return s.rec }

// IDs lists the machines in id order.
func (s *Sim) IDs() []node.ID {
	out := make([]node.ID, len(s.machines))
	for i, m := range s.machines {
		out[i] = m.id
	}
	slices.Sort(out)
	return out
}

// Name is what messages call a machine.
func (s *Sim) Name(id node.ID) string {
	if m := s.byID[id]; m != nil {
		return m.name
	}
	return defaultName(id)
}

// Machine returns the process that runs, nil if the machine is down or unknown.
func (s *Sim) Machine(id node.ID) node.Machine {
	if m := s.byID[id]; m != nil {
		return m.process
	}
	return nil
}

// Disk returns a machine's disk, nil if the machine is unknown.
func (s *Sim) Disk(id node.ID) *disk.Disk {
	if m := s.byID[id]; m != nil {
		return m.disk
	}
	return nil
}

// Up reports whether a machine's process exists; it may be paused.
func (s *Sim) Up(id node.ID) bool {
	m := s.byID[id]
	return m != nil && m.state != down
}

// Paused reports whether a machine's process is frozen.
func (s *Sim) Paused(id node.ID) bool {
	m := s.byID[id]
	return m != nil && m.state == paused
}

// Incarnation is the number of times that the machine was started.
func (s *Sim) Incarnation(id node.ID) int {
	if m := s.byID[id]; m != nil {
		return int(m.incarnation)
	}
	return 0
}

// find returns a machine or says which there are.
func (s *Sim) find(id node.ID) (*machine, error) {
	if m := s.byID[id]; m != nil {
		return m, nil
	}
	var ids []node.ID
	for _, i := range s.IDs() {
		if i.IsClient() == id.IsClient() {
			ids = append(ids, i)
		}
	}
	return nil, fmt.Errorf("no %s; %s", defaultName(id), population(ids, id.IsClient()))
}

// population words which servers or clients there are.
func population(ids []node.ID, clients bool) string {
	shift, who := node.ID(0), "this ensemble has "
	if clients {
		shift, who = node.FirstClient-1, "this run has "
	}
	n := len(ids)
	switch {
	case n == 0 && clients:
		return "this run has no clients"
	case n == 0:
		return "this ensemble has no servers"
	case n > 2 && int(ids[n-1]-ids[0]) == n-1:
		return fmt.Sprintf("%s%d to %d", who, ids[0]-shift, ids[n-1]-shift)
	}
	words := make([]string, n)
	for i, id := range ids {
		words[i] = strconv.Itoa(int(id - shift))
	}
	return who + strings.Join(words, ", ")
}

// newNumber numbers anything that comes later than all before.
func (s *Sim) newNumber() uint64 {
	s.number++
	return s.number
}

// netDriver is the Sim as the network sees it.
type netDriver Sim

// Number implements network.Driver.
func (d *netDriver) Number() uint64 { return (*Sim)(d).newNumber() }

// Schedule implements network.Driver.
func (d *netDriver) Schedule(at node.Time, number uint64, t network.Task) {
	d.queue.push(at, number, item{kind: wireItem, task: t})
}

// Lost implements network.Driver.
func (d *netDriver) Lost(seq node.Seq, conn node.ConnID, from, to network.Host,
	reason string) {
	s := (*Sim)(d)
	if s.rec == nil {
		return
	}
	e := s.event.Begin(node.KindLost).With(node.Int(int64(conn)), node.Text(reason))
	e.Peer, e.Cause = s.machines[from].id, seq
	s.note(s.machines[to].id, e)
}
