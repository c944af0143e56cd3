package room

import (
	"zabscope/engine"
	"zabscope/web/ws"
)

// mostChoices is how many things that may happen next viewers are told of, the first ones by time.
const mostChoices = 300

// instant is a moment at which viewers were told what may happen next: what there is to tell then
// changes with events, with time, and with what people do.
type instant struct {
	events  engine.Seq
	now     engine.Time
	actions int
}

// offer tells all viewers what may happen next, unless they know. Of a head that runs there is
// nothing to tell: time chooses.
func (d *desk) offer() {
	here := instant{d.world.Recorder().Len(), d.world.Now(), len(d.actions)}
	if d.playing || len(d.viewers) == 0 || d.offered == here {
		return
	}
	d.offered = here
	if m := d.choices(); m != nil {
		d.tellAll(m)
	}
}

// choices is what may happen next; nil for a world that offers none.
func (d *desk) choices() *ws.Message {
	list := d.world.Choices()
	if d.playing || list == nil {
		return nil
	}
	return encode(choicesMessage{list[:min(len(list), mostChoices)]})
}
