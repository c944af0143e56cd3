package room

import (
	"encoding/json"

	"zabscope/engine"
	"zabscope/engine/trace"
)

// Snapshot is a run as it stood at a moment, for whoever wants to read all of it: the room goes on
// meanwhile.
type Snapshot struct {
	Trace   *trace.Recorder // nobody else's; to be read only
	Config  json.RawMessage
	Actions []Action // not to be changed
	Now     engine.Time
}

// Snapshot takes the run as it is now; false if the room has ended. It keeps the room for some
// microseconds, however long the run is.
func (r *Room) Snapshot() (s Snapshot, ok bool) {
	ok = r.do(func(d *desk) {
		s = Snapshot{Trace: d.world.Recorder().Snapshot(), Config: d.settings.Config,
			Actions: notNil(d.actions), Now: d.world.Now()}
	})
	return s, ok
}
