package export

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/engine/zk/event"
)

// Bounds of a Mermaid diagram. Mermaid itself refuses texts of more than 50 000 characters
// (maxTextSize), and readers long before that.
const (
	MostInDiagram  = 400    // events
	diagramBytes   = 45_000 // without what says that it was cut
	diagramLetters = 160    // of one note or label
)

// diagram collects the lines of a sequence diagram.
type diagram struct {
	*teller
	b strings.Builder
}

// Mermaid writes a part of a trace as a Mermaid sequence diagram: servers and clients side by side, an
// arrow where a message arrives (with a cross where it is lost), a note for each decision. At
// node.Decisions the arrows are left out. At most MostInDiagram events are drawn; then a note says
// how to get the rest.
func Mermaid(w io.Writer, rec *trace.Recorder, p Part) error {
	t, err := newTeller(rec, p, MostInDiagram)
	if err != nil {
		return err
	}
	d := &diagram{teller: t}
	fmt.Fprintf(&d.b, "%%%% %s\nsequenceDiagram\n", summary(rec))
	for _, m := range rec.Header().Machines {
		kind := "participant"
		if m.ID.IsClient() {
			kind = "actor"
		}
		fmt.Fprintf(&d.b, "    %s %s as %s\n", kind, participant(m.ID), escaped(m.Name))
	}
	t.each(d.add)
	if cut := t.cut(); cut != "" && len(rec.Header().Machines) > 0 {
		fmt.Fprintf(&d.b, "    %%%% %s\n    Note over %s: %s\n", cut, d.everybody(), escaped(cut))
	}
	_, err = io.WriteString(w, d.b.String())
	return err
}

// add draws one event.
func (d *diagram) add(e *trace.Event) bool {
	line := d.line(e)
	if d.b.Len()+len(line) > diagramBytes {
		d.next = e.Seq
		return false
	}
	d.b.WriteString(line)
	if line == "" {
		d.told-- // it takes no place
	}
	return true
}

// line is an event in Mermaid's words, "" if it is not drawn: a message is drawn where it arrives.
func (d *diagram) line(e *trace.Event) string {
	info := &d.rec.Header().Vocabulary.Kinds[e.Kind]
	switch {
	case e.Kind == node.KindReceived, e.Kind == node.KindLost:
		return d.arrow(e)
	case info.Depth > node.Decisions:
		return ""
	case e.Node == node.World && len(d.rec.Header().Machines) > 0:
		return fmt.Sprintf("    Note over %s: %s\n", d.everybody(), d.note(e))
	case e.Node == node.World:
		return ""
	}
	return fmt.Sprintf("    Note over %s: %s\n", participant(e.Node), d.note(e))
}

// arrow draws a message from its sender to its receiver.
func (d *diagram) arrow(e *trace.Event) string {
	sent, ok := d.rec.At(e.Cause)
	if !ok || sent.Node == node.World || sent.Peer == node.World {
		return ""
	}
	head := "->>"
	if e.Kind == node.KindLost {
		head = "-x"
	}
	return fmt.Sprintf("    %s%s%s: %s\n", participant(sent.Node), head, participant(sent.Peer),
		escaped(packetName(d.rec, &sent)))
}

// packetName is a sent message in a word or two: its type and what tells it from its neighbours.
func packetName(rec *trace.Recorder, e *trace.Event) string {
	arg := func(i int) string {
		if i < len(e.Args) {
			return e.Args[i].String()
		}
		return ""
	}
	switch e.Kind {
	case event.NotificationSent:
		return "vote " + arg(1) + " (" + arg(0) + ", " + arg(2) + ")"
	case event.PacketSent, event.ProposalSent:
		return arg(0) + " " + arg(1)
	case event.RequestSent:
		return "REQUEST " + arg(0) + " " + arg(3)
	case event.SnapshotSent:
		return "snapshot " + arg(0)
	case event.HelloSent:
		return "hello " + arg(0)
	case event.ConnectRequestSent:
		return "connect"
	case event.ConnectResponseSent:
		return "connected"
	case event.ClientRequestSent:
		return arg(0) + " " + arg(2)
	case event.ClientReplySent:
		return "reply " + arg(0) + " " + arg(3)
	case event.WatchEventSent:
		return "watch event " + arg(1)
	}
	return rec.Header().Vocabulary.Kinds[e.Kind].Name
}

// note is the sentence of an event with its time.
func (d *diagram) note(e *trace.Event) string {
	return escaped(strconv.FormatFloat(float64(e.Time)/float64(node.Second), 'f', 3, 64) + " s " +
		d.sentence(e))
}

// everybody is the span of all participants.
func (d *diagram) everybody() string {
	m := d.rec.Header().Machines
	if len(m) == 1 {
		return participant(m[0].ID)
	}
	return participant(m[0].ID) + "," + participant(m[len(m)-1].ID)
}

// participant is the name of a machine inside a diagram.
func participant(id node.ID) string {
	if id.IsClient() {
		return "c" + strconv.Itoa(int(id-node.FirstClient)+1)
	}
	return "s" + strconv.Itoa(int(id))
}

// escaped makes a text that Mermaid takes as text: what means something to it, or to HTML, becomes an
// entity, and long texts are cut.
func escaped(s string) string {
	var b strings.Builder
	letters := 0
	for _, r := range oneLine(s) {
		if letters++; letters > diagramLetters {
			b.WriteString("…")
			break
		}
		switch r {
		case '#', ';', '<', '>', '&', '"', '%', '{', '}', ':':
			b.WriteString("#" + strconv.Itoa(int(r)) + ";")
		default:
			b.WriteRune(r)
		}
	}
	return strings.TrimSpace(b.String())
}
