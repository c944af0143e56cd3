package web

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"zabscope/engine"
	"zabscope/engine/export"
	"zabscope/engine/node"
	"zabscope/engine/scenario"
	"zabscope/web/room"
)

// exportWait is how long an export may take, and its reader to read it.
const exportWait = 10 * time.Minute

// kept is a run that is being exported.
type kept struct {
	id    string
	title string
	room.Snapshot
	part export.Part
	made *export.Made // nil for a recording
}

// form is one way in which a run can be had.
type form struct {
	name  string // last part of its address
	kind  string // media type
	file  string // ending of its name
	depth node.Depth
	again bool // it makes the run again
	write func(w io.Writer, k *kept, goOn func() bool) error
}

const plain = "text/plain; charset=utf-8"

// pageForm is the one form that is shown, not saved.
const pageForm = "transcript.html"

// forms are all of them.
var forms = []form{
	{"trace", "application/x-ndjson", ".trace.jsonl", 0, false,
		func(w io.Writer, k *kept, _ func() bool) error { return export.Trace(w, k.Trace) }},
	{"transcript.txt", plain, ".txt", node.Decisions, false,
		func(w io.Writer, k *kept, _ func() bool) error {
			return export.Transcript(w, k.Trace, k.part)
		}},
	{pageForm, "text/html; charset=utf-8", ".html", node.Decisions, false,
		func(w io.Writer, k *kept, _ func() bool) error {
			return export.Page(w, k.Trace, k.part, k.title)
		}},
	{"mermaid", plain, ".mmd", node.Packets, false,
		func(w io.Writer, k *kept, _ func() bool) error { return export.Mermaid(w, k.Trace, k.part) }},
	{"shiviz", plain, ".shiviz.log", node.Packets, false,
		func(w io.Writer, k *kept, _ func() bool) error { return export.ShiViz(w, k.Trace, k.part) }},
	{"scenario", "application/json", ".scenario.json", 0, true, writeScenario},
	{"pcap", "application/vnd.tcpdump.pcap", ".pcap", 0, true,
		func(w io.Writer, k *kept, goOn func() bool) error { return export.Pcap(w, k.made, goOn) }},
}

// writeScenario writes the run for real servers.
func writeScenario(w io.Writer, k *kept, _ func() bool) error {
	sc, err := export.Lab(k.made)
	if err != nil {
		return err
	}
	_, err = w.Write(sc.JSON())
	return err
}

// export writes a run in a form that can be kept.
func (s *Site) export(w http.ResponseWriter, r *http.Request) error {
	name := chi.URLParam(r, "form")
	i := slices.IndexFunc(forms, func(f form) bool { return f.name == name })
	if i < 0 {
		return problem{status: http.StatusNotFound, code: "form", args: []any{"got", cut(name),
			"names", formNames()}}
	}
	f := &forms[i]
	k, err := s.keep(r, f)
	if err != nil {
		return err
	}
	if f.again {
		release, err := s.turn(r)
		if err != nil {
			return err
		}
		defer release()
	}
	until := time.Now().Add(exportWait)
	_ = http.NewResponseController(w).SetWriteDeadline(until) // where that cannot be, limits are tighter
	out := &begun{ResponseWriter: w, head: func() { f.head(w.Header(), k.id) }}
	buffered := bufio.NewWriterSize(out, 64<<10)
	err = f.write(buffered, k, func() bool { return r.Context().Err() == nil })
	if err == nil {
		err = buffered.Flush()
	}
	if err != nil && out.begun {
		s.log.Info("an export was cut off", "path", r.URL.Path, "cause", err)
		panic(http.ErrAbortHandler) // its reader must not take it for the whole
	}
	return exportProblem(err)
}

// formNames lists the forms.
func formNames() string {
	names := make([]string, len(forms))
	for i, f := range forms {
		names[i] = f.name
	}
	return strings.Join(names, ", ")
}

// keep takes a run out of its room, as it is now, and settles what is wanted of it.
func (s *Site) keep(r *http.Request, f *form) (*kept, error) {
	id := chi.URLParam(r, "id")
	part, err := partOf(r.URL.Query(), f.depth)
	if err != nil {
		return nil, err
	}
	found, err := s.find(id)
	if err != nil {
		return nil, err
	}
	words := s.words.of(r)
	part.Language = words.Language()
	k := &kept{id: id, part: part}
	var ok bool
	if k.Snapshot, ok = found.Snapshot(); !ok {
		return nil, errNoRun(id)
	}
	k.title = title(words.Say, id, k.Config, crewOf(&k.Snapshot))
	k.made, err = madeOf(&k.Snapshot)
	if f.again && k.made == nil && err == nil {
		err = problem{status: http.StatusConflict, code: "recording", args: []any{"form", f.name}}
	}
	return k, err
}

// crewOf counts the servers of a run.
func crewOf(s *room.Snapshot) (c crew) {
	for _, m := range s.Trace.Header().Machines {
		c.count(m.Role)
	}
	return c
}

// madeOf is how a run was made, nil if that is not known.
func madeOf(s *room.Snapshot) (*export.Made, error) {
	if len(s.Config) == 0 {
		return nil, nil
	}
	var r recipe
	if err := json.Unmarshal(s.Config, &r); err != nil {
		return nil, err
	}
	m := &export.Made{Origin: r.origin(), Until: s.Now}
	for _, a := range s.Actions {
		m.Actions = append(m.Actions, export.Action(a))
	}
	return m, nil
}

// partOf reads which events are wanted.
func partOf(q url.Values, depth node.Depth) (export.Part, error) {
	p := export.Part{Depth: depth}
	var wrong []complaint
	if name := q.Get("depth"); name != "" {
		var err error
		if p.Depth, err = scenario.DepthNamed(name); err != nil {
			wrong = append(wrong, complaint{field: "depth", text: cut(name) + ": " + err.Error()})
		}
	}
	most := engine.Seq(0)
	for _, x := range []struct {
		name string
		to   *engine.Seq
	}{{"from", &p.From}, {"to", &p.To}, {"most", &most}} {
		text := q.Get(x.name)
		if text == "" {
			continue
		}
		n, err := strconv.ParseUint(text, 10, 31)
		if err != nil || n == 0 {
			wrong = append(wrong, complaint{key: "most", args: []any{"got", cut(text)},
				field: x.name})
		}
		*x.to = engine.Seq(n)
	}
	p.Most = int(most)
	if len(wrong) > 0 {
		return p, invalid(wrong...)
	}
	return p, nil
}

// turn waits until a run may be made; release lets the next one.
func (s *Site) turn(r *http.Request) (release func(), err error) {
	select {
	case s.making <- struct{}{}:
		return func() { <-s.making }, nil
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

// head says what comes.
func (f *form) head(h http.Header, id string) {
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", "no-store")
	how := "attachment"
	if f.name == pageForm {
		how = "inline"
		h.Set("Content-Security-Policy", "default-src 'none'; style-src "+export.PageStyle()+
			"; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	}
	h.Set("Content-Disposition", how+`; filename="zabscope-`+id+f.file+`"`)
}

// begun sets the head of an answer when its first bytes come, so that there can be another as long as
// there are none.
type begun struct {
	http.ResponseWriter
	head  func()
	begun bool
}

// Write implements io.Writer.
func (b *begun) Write(p []byte) (int, error) {
	if !b.begun {
		b.begun = true
		b.head()
	}
	return b.ResponseWriter.Write(p)
}

// exportProblem is what to say of an export that has not begun.
func exportProblem(err error) error {
	var refused export.Refusals
	if !errors.As(err, &refused) {
		return err
	}
	p := problem{status: http.StatusUnprocessableEntity, code: "real"}
	for i := range refused {
		x := export.Refusals{refused[i]}
		p.fields = append(p.fields, complaint{field: refused[i].Where,
			text: strings.TrimPrefix(x.Error(), refused[i].Where+": ")})
	}
	return p
}
