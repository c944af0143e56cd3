package web

import (
	"bufio"
	"errors"
	"io"
	"mime"
	"net/http"
	"time"

	"zabscope/engine"
	"zabscope/engine/export"
	"zabscope/engine/trace"
	"zabscope/web/room"
)

const (
	maxImport  = 256 << 20 // bytes of a file; a run of room.MaxEvents is no longer
	importWait = 5 * time.Minute
	peekBytes  = 512 // of a file that tell what it is

	// A recording takes so much memory at most: about twice what runs made here take for an event,
	// and something for large data.
	recordingBytes    = 8 << 20
	recordingPerEvent = 400
)

// importRun makes a run of a file: a scenario, or a trace, whose run can be watched and no more.
func (s *Site) importRun(w http.ResponseWriter, r *http.Request) error {
	until := time.Now().Add(importWait)
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(until) // where that cannot be, limits are tighter
	_ = control.SetWriteDeadline(until)
	r.Body = http.MaxBytesReader(w, r.Body, maxImport)
	body, err := fileOf(r)
	if err != nil {
		return err
	}
	file := bufio.NewReaderSize(body, 64<<10)
	start, err := file.Peek(peekBytes)
	if err != nil && err != io.EOF {
		return notRead(err)
	}
	var id string
	if export.IsTrace(start) {
		id, err = s.importTrace(r, file)
	} else {
		id, err = s.importScenario(r, file)
	}
	if err != nil {
		return err
	}
	return tellMade(w, id)
}

// fileOf finds the file in a request: its body, or the first file of a form.
func fileOf(r *http.Request) (io.Reader, error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return r.Body, nil
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, badFile(err)
	}
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			return nil, badFile(errors.New("the form has no file"))
		}
		if err != nil {
			return nil, notRead(err)
		}
		if part.FileName() != "" {
			return part, nil
		}
	}
}

// importTrace makes a room in which a recording can be watched.
func (s *Site) importTrace(r *http.Request, file io.Reader) (id string, err error) {
	release, err := s.turn(r)
	if err != nil {
		return "", err
	}
	defer release()
	rec, err := export.Import(file)
	if err != nil {
		return "", notRead(err)
	}
	if n := rec.MemoryBytes(); n > recordingBytes+recordingPerEvent*int64(rec.Len()) {
		return "", problem{status: http.StatusUnprocessableEntity, code: "heavy",
			args: []any{"n", int(n >> 20)}}
	}
	id = newID()
	_, err = s.rooms.Open(room.Settings{ID: id, Run: newID()}, func() (room.World, error) {
		return newRecording(rec), nil
	})
	return id, err
}

// importScenario makes a run of a scenario, as the sandbox does.
func (s *Site) importScenario(r *http.Request, file io.Reader) (id string, err error) {
	text, err := io.ReadAll(io.LimitReader(file, maxScenario+1))
	if err != nil {
		return "", notRead(err)
	}
	var o order
	if c := readScenario(&o.recipe, string(text)); c.key != "" || c.text != "" {
		c.field = "file"
		return "", problem{status: http.StatusUnprocessableEntity, code: "file",
			fields: []complaint{c}}
	}
	return s.open(r, o)
}

// badFile says what is wrong with a file.
func badFile(err error) problem {
	return problem{status: http.StatusUnprocessableEntity, code: "file",
		fields: []complaint{{field: "file", text: err.Error()}}}
}

// notRead tells a file that makes no sense from one that did not come.
func notRead(err error) error {
	var big *http.MaxBytesError
	var version *export.VersionError
	switch {
	case errors.As(err, &big):
		return problem{status: http.StatusRequestEntityTooLarge, code: "large",
			args: []any{"most", maxImport >> 20}}
	case errors.As(err, &version):
		return problem{status: http.StatusUnprocessableEntity, code: "version",
			args: []any{"theirs", cut(version.Theirs), "ours", version.Ours}}
	case errors.Is(err, io.ErrUnexpectedEOF):
		return problem{status: http.StatusBadRequest, code: "cut-off"}
	}
	return badFile(err)
}

// recording is a world in which everything has happened already.
type recording struct {
	rec *trace.Recorder
	now engine.Time // of its last event
}

// errRecording is what it answers to whoever wants something done.
var errRecording = errors.New("this run is a recording; nothing can be done to it, but to a run " +
	"made here")

// newRecording makes one of a trace.
func newRecording(rec *trace.Recorder) *recording {
	last, _ := rec.At(rec.Len())
	return &recording{rec, last.Time}
}

// Now implements room.World.
func (r *recording) Now() engine.Time { return r.now }

// Next implements room.World: nothing will ever happen.
func (r *recording) Next() (engine.Time, bool) { return 0, false }

// RunUntil implements room.World.
func (r *recording) RunUntil(engine.Time) {}

// Step implements room.World.
func (r *recording) Step() bool { return false }

// Choices implements room.World.
func (r *recording) Choices() []engine.Choice { return nil }

// Do implements room.World.
func (r *recording) Do(string) error { return errRecording }

// Type implements room.World.
func (r *recording) Type(int, string, func([]string)) error { return errRecording }

// Recorder implements room.World.
func (r *recording) Recorder() *trace.Recorder { return r.rec }
