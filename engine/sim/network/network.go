package network

import (
	"zabscope/engine/node"
	"zabscope/engine/sim/delay"
)

// Config describes the links. The zero value stands for the defaults named with the fields.
type Config struct {
	// Latency is the time one packet takes, 100 to 200 microseconds by default.
	Latency delay.Dist `json:"latency"`
	// Bandwidth of each direction between two machines in bytes per second; 0: unlimited.
	Bandwidth int64 `json:"bandwidth"`
	// Retransmit is the time after the end of a cut until the first waiting packet arrives; a
	// latency by default.
	Retransmit delay.Dist `json:"retransmit"`
	// CrashSilent: a machine that loses power sends nothing, so that its peers learn of it only
	// when they next send after it is back. Otherwise its connections close as a dead process's do.
	CrashSilent bool `json:"crashSilent"`
}

// Loopback is the latency of two processes on one machine: 20 to 40 microseconds.
func Loopback() Config {
	return Config{Latency: delay.Between(20*node.Microsecond, 40*node.Microsecond)}
}

var defaultLatency = delay.Between(100*node.Microsecond, 200*node.Microsecond)

// Reasons of DialFailed and Closed inputs and of lost messages.
const (
	ReasonClosed  = "closed"             // the other side closed, or its process ended
	ReasonReset   = "connection reset"   // the other side knows nothing of the connection
	ReasonBroken  = "connection broken"  // the network lost it
	ReasonRefused = "connection refused" // nobody listens
	ReasonTimeout = "timed out"          // a dial had no answer
)

// Host is a machine's number in the network, from 0 in the order of AddHost.
type Host int32

// Driver is who runs the network.
type Driver interface {
	// Number returns a new number, larger than all before.
	Number() uint64
	// Schedule asks for Arrive(t) at a time, ordered among equal times by number.
	Schedule(at node.Time, number uint64, t Task)
	// Lost reports a message that will never arrive; seq is of the event of its sending.
	Lost(seq node.Seq, conn node.ConnID, from, to Host, reason string)
}

// Task names what is due on a connection. A task that has become void does nothing.
type Task struct {
	conn *Conn
	way  way
	gen  uint32
}

type host struct {
	id      node.ID
	up      bool // a process runs
	off     bool // without power, and silent about it
	listens []node.Port
}

// link is one direction between two hosts.
type link struct {
	rand *node.Rand
	free node.Time // when the line has sent all that it was given
	cut  bool
	held bool
}

// Network is all connections of a run.
type Network struct {
	config Config
	driver Driver
	rand   *node.Rand
	hosts  []host
	byID   map[node.ID]Host
	links  [][]link // from, to
	conns  map[node.ConnID]*Conn
	first  *Conn // in the order of dialling
	last   *Conn
}

// New returns a network without hosts.
func New(c Config, rand *node.Rand, d Driver) *Network {
	c.Latency = c.Latency.Or(defaultLatency)
	c.Retransmit = c.Retransmit.Or(c.Latency)
	return &Network{config: c, driver: d, rand: rand, byID: map[node.ID]Host{},
		conns: map[node.ConnID]*Conn{}}
}

// AddHost adds a machine, down.
func (n *Network) AddHost(id node.ID) Host {
	h := Host(len(n.hosts))
	n.hosts = append(n.hosts, host{id: id})
	n.byID[id] = h
	for i := range n.links {
		n.links[i] = append(n.links[i], n.newLink(n.hosts[i].id, id))
	}
	row := make([]link, len(n.hosts))
	for i := range row {
		row[i] = n.newLink(id, n.hosts[i].id)
	}
	n.links = append(n.links, row)
	return h
}

// newLink gives each direction a random source of its own, whatever the order of AddHost.
func (n *Network) newLink(from, to node.ID) link {
	return link{rand: n.rand.Split(uint64(uint32(from))<<32 | uint64(uint32(to)))}
}

// Up tells that a process runs on the host.
func (n *Network) Up(now node.Time, h Host) {
	n.hosts[h].up, n.hosts[h].off = true, false
	for c := n.first; c != nil; c = c.next {
		n.wake(now, c) // what waited for power
	}
}

// Down tells that the host's process has ended; power says whether the machine runs on and can
// close its connections. seq is the number of the event that reports the end.
func (n *Network) Down(now node.Time, h Host, power bool, seq node.Seq) {
	silent := !power && n.config.CrashSilent
	x := &n.hosts[h]
	x.up, x.off, x.listens = false, silent, x.listens[:0]
	for c := n.first; c != nil; {
		next := c.next
		n.leave(now, c, h, silent, seq)
		c = next
	}
}

// Listen opens a port of the host.
func (n *Network) Listen(h Host, p node.Port) {
	if !n.listening(h, p) {
		n.hosts[h].listens = append(n.hosts[h].listens, p)
	}
}

// Unlisten closes a port of the host to new connections.
func (n *Network) Unlisten(h Host, p node.Port) {
	l := n.hosts[h].listens
	for i, q := range l {
		if q == p {
			n.hosts[h].listens = append(l[:i], l[i+1:]...)
			return
		}
	}
}

func (n *Network) listening(h Host, p node.Port) bool {
	for _, q := range n.hosts[h].listens {
		if q == p {
			return n.hosts[h].up
		}
	}
	return false
}
