package node

// Kinds of events that the driver itself emits, the same under every protocol. Each vocabulary
// starts with them (see NewVocabulary).
const (
	KindStarted     Kind = iota // a process starts
	KindKilled                  // a process is killed; what it wrote stays in the page cache
	KindCrashed                 // a machine loses power: what was not synced is lost
	KindStopped                 // a process ends in an orderly way
	KindExited                  // a process ends itself
	KindPaused                  // a process is frozen
	KindResumed                 // a frozen process goes on
	KindWiped                   // a disk is emptied
	KindPartitioned             // machines are cut off from each other
	KindHealed                  // all cuts end
	KindHeld                    // deliveries on a link wait to be chosen
	KindReleased                // deliveries on a link go on by themselves
	KindDiskFault               // a disk becomes slow, full or broken, or whole again
	KindClockSkewed             // a machine's clock runs faster or slower
	KindConnected               // a connection is open, seen from the side that dialled
	KindAccepted                // the same, seen from the other side
	KindDialFailed              // an attempt to connect failed
	KindConnClosed              // a machine learns that a connection is closed
	KindReceived                // a message arrives; its cause is its sending
	KindLost                    // a message will never arrive
	KindFired                   // a timer fires; its cause is what armed it
	KindSynced                  // an fsync finished; its cause is what asked for it
	KindSyncFailed              // an fsync failed
	KindCommanded               // somebody outside asks a machine for something
	KindNoted                   // a remark of the run's author or of the driver (a limit reached)
	KindViolated                // an invariant does not hold
	KindWorldEnd                // number of the kinds above; the protocol's own follow
)

// Fields of the visible state that the driver keeps for each machine.
const (
	FieldProcess  Field = iota // "up", "paused", "down"
	FieldConns                 // open connections
	FieldTimers                // armed timers
	FieldFiles                 // files on the disk
	FieldLinks                 // of World: links that are cut or held
	FieldWorldEnd              // number of the fields above
)

var worldKinds = [KindWorldEnd]KindInfo{
	KindStarted:     {"world.started", []string{"incarnation"}, Decisions, ""},
	KindKilled:      {"world.killed", nil, Decisions, ""},
	KindCrashed:     {"world.crashed", []string{"lostBytes"}, Decisions, ""},
	KindStopped:     {"world.stopped", nil, Decisions, ""},
	KindExited:      {"world.exited", []string{"reason"}, Decisions, ""},
	KindPaused:      {"world.paused", nil, Decisions, ""},
	KindResumed:     {"world.resumed", nil, Decisions, ""},
	KindWiped:       {"world.wiped", nil, Decisions, ""},
	KindPartitioned: {"world.partitioned", []string{"a", "b", "oneWay"}, Decisions, ""},
	KindHealed:      {"world.healed", nil, Decisions, ""},
	KindHeld:        {"world.held", []string{"from", "to"}, Decisions, ""},
	KindReleased:    {"world.released", []string{"from", "to"}, Decisions, ""},
	KindDiskFault:   {"world.diskFault", []string{"fault"}, Decisions, ""},
	KindClockSkewed: {"world.clockSkewed", []string{"rate"}, Decisions, ""},
	KindConnected:   {"net.connected", []string{"conn", "port"}, Everything, ""},
	KindAccepted:    {"net.accepted", []string{"conn", "port"}, Everything, ""},
	KindDialFailed:  {"net.dialFailed", []string{"conn", "port", "reason"}, Everything, ""},
	KindConnClosed:  {"net.closed", []string{"conn", "port", "reason"}, Packets, ""},
	KindReceived:    {"net.received", []string{"conn"}, Packets, ""},
	KindLost:        {"net.lost", []string{"conn", "reason"}, Packets, ""},
	KindFired:       {"timer.fired", []string{"timer", "n"}, Hidden, ""},
	KindSynced:      {"disk.synced", []string{"token"}, Hidden, ""},
	KindSyncFailed:  {"disk.syncFailed", []string{"token", "reason"}, Decisions, ""},
	KindCommanded:   {"world.commanded", []string{"command"}, Packets, ""},
	KindNoted:       {"world.noted", []string{"text"}, Decisions, ""},
	KindViolated: {"check.violated", []string{"rule", "statement", "facts", "bug"}, Decisions,
		""},
}

var worldFields = [FieldWorldEnd]FieldInfo{
	FieldProcess: {"process", Scalar, []string{"state"}, true},
	FieldConns:   {"conns", Map, []string{"peer", "port"}, false},
	FieldTimers:  {"timers", Map, []string{"at"}, false},
	FieldFiles:   {"files", Map, []string{"bytes"}, true},
	FieldLinks:   {"links", Map, []string{"state"}, true},
}

// NewVocabulary returns the driver's own words followed by a protocol's: its kinds must start at
// KindWorldEnd and its fields at FieldWorldEnd.
func NewVocabulary(kinds []KindInfo, fields []FieldInfo, checks []CheckInfo,
	timers []string) *Vocabulary {
	return &Vocabulary{
		Kinds:  append(worldKinds[:KindWorldEnd:KindWorldEnd], kinds...),
		Fields: append(worldFields[:FieldWorldEnd:FieldWorldEnd], fields...),
		Checks: checks,
		Timers: timers,
	}
}
