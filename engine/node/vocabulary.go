package node

// Depth is how closely one must look to want an event.
type Depth uint8

// The depths, coarse to fine.
const (
	Decisions  Depth = iota // role changes, elections, epochs, synchronization, commits, faults
	Packets                 // every packet but pings
	Everything              // log appends, fsyncs, acknowledgement tallies
	Hidden                  // pings, session touches, timers; shown only when asked for
)

// KindInfo describes a kind of event.
type KindInfo struct {
	Name   string   // dotted, stable: the key of its sentence in the message catalogue
	Args   []string // names of its arguments, in order
	Depth  Depth
	Source string // ZooKeeper class and method that a reader would open, "Class.method"
}

// Shape is how a field of the visible state is built.
type Shape uint8

// The shapes.
const (
	Scalar Shape = iota
	List
	Map
)

// FieldInfo describes a place in the visible state.
type FieldInfo struct {
	Name     string
	Shape    Shape
	Columns  []string // names of the values, in order
	Survives bool     // kept by OpReset: it is on disk
}

// CheckInfo describes a question of a decision.
type CheckInfo struct {
	Name   string   // dotted, stable: the key of its sentence in the message catalogue
	Values []string // names of its values, in order
}

// Vocabulary names everything that machines of one kind say to the trace. It is static data, sent
// once at the head of a trace; readers then need to know no protocol.
type Vocabulary struct {
	Kinds  []KindInfo
	Fields []FieldInfo
	Checks []CheckInfo
	Timers []string
}
