package node

// Time is virtual nanoseconds since the start of the run.
type Time int64

// Units of Time.
const (
	Microsecond Time = 1000
	Millisecond Time = 1000 * Microsecond
	Second      Time = 1000 * Millisecond
)

// ID names a machine of a run. Servers have their server id, 1 to 999; clients start at FirstClient;
// World is the simulated world itself, which emits faults and carries state that no machine owns.
type ID int32

// World and the first client's id.
const (
	World       ID = 0
	FirstClient ID = 1001
)

// IsClient reports whether the id belongs to a client.
func (id ID) IsClient() bool { return id >= FirstClient }

// Seq numbers the events of a trace from 1; 0 means "none" or "not traced".
type Seq uint64

// ConnID names one connection, alike at both ends. The side that dials makes it with MakeConn.
type ConnID uint64

// MakeConn returns the n-th connection that machine id dials in its life number incarnation.
func MakeConn(id ID, incarnation uint16, n uint32) ConnID {
	return ConnID(uint64(id)<<48 | uint64(incarnation)<<32 | uint64(n))
}

// Port is a TCP port.
type Port uint16

// Timer names one timer of a machine: its kind (an index into Vocabulary.Timers) and, where there
// may be several of the kind, a number.
type Timer struct {
	Kind uint16
	N    int64
}

// Token ties a finished Sync to its request.
type Token uint64

// Message is what travels on a connection. The receiver owns nothing of it: messages are immutable
// and may be shared by many connections.
type Message interface {
	// WireSize is the number of bytes that the message takes on a real connection.
	WireSize() int
	// Describe fills in kind and arguments of the event that reports its sending.
	Describe(e *Event)
}

// InputKind says what happened to a machine.
type InputKind uint8

// The inputs. Fields of Input that a kind uses are named beside it; Now, Cause always hold.
const (
	Start      InputKind = iota + 1 // Incarnation: the process starts; its disk is as it was left
	Stop                            // the process is asked to end in an orderly way (SIGTERM)
	Connected                       // Conn, Peer, Port: a Dial succeeded
	DialFailed                      // Conn, Peer, Port, Reason: a Dial did not
	Accepted                        // Conn, Peer, Port: somebody dialled a Port that is listened to
	Received                        // Conn, Peer, Port, Msg
	Closed                          // Conn, Peer, Port, Reason: the other side closed, or the network gave up
	Fired                           // Timer
	Synced                          // Token: an fsync finished
	SyncFailed                      // Token, Reason: an fsync failed; nothing is known to be durable
	Commanded                       // Command: somebody outside asks (a client call, say)
)

// Input is one thing that happens to a machine.
type Input struct {
	Kind        InputKind
	Incarnation uint16
	Port        Port // the port that was dialled, at both ends
	Peer        ID
	Now         Time
	Conn        ConnID
	Msg         Message
	Timer       Timer
	Token       Token
	Reason      string
	Command     any
	Cause       Seq // event that led to this input: the send, the arming, the fsync's start
}

// EffectKind says what a machine wants done.
type EffectKind uint8

// The effects. Fields of Effect that a kind uses are named beside it.
const (
	Listen      EffectKind = iota + 1 // Port
	Unlisten                          // Port: refuse new connections; open ones stay
	Dial                              // Conn, Peer, Port, At: time after which the attempt fails
	Send                              // Conn, Msg: nothing if the connection is closed
	Close                             // Conn: what was sent before still arrives
	SetTimer                          // Timer, At: replaces a pending timer of that name
	CancelTimer                       // Timer
	Sync                              // Token, Files: make what is written to these files so far durable
	Emit                              // Event
	Exit                              // Reason: the process ends itself (System.exit)
)

// Effect is one thing that a machine wants done, in order.
type Effect struct {
	Kind   EffectKind
	Port   Port
	Peer   ID
	Conn   ConnID
	At     Time
	Msg    Message
	Timer  Timer
	Token  Token
	Files  []string // owned by the machine, not to be changed by it while the Sync is under way
	Reason string
	Event  *Event // owned by the machine, valid until its next Step
}

// Machine is one process of the system.
//
// Step takes one input and appends what follows from it to out, in order. It never blocks and never
// fails: bad input from outside is answered as the real server answers it.
//
// View returns the visible state, equal to what folding the trace gives. It is meant for checks and
// costs what it costs.
type Machine interface {
	Step(in Input, out []Effect) []Effect
	View() *State
}
