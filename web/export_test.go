package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"zabscope/engine/export"
	"zabscope/engine/node"
	"zabscope/engine/scenario"
	"zabscope/engine/trace"
	"zabscope/engine/zk/event"
)

// aRun is a run with some deeds, for programs to make.
const aRun = `{"servers": 3, "seed": 7, "until": 6000000000, "actions": [` +
	`{"at": 1500000000, "do": "write 1 create /a one"},` +
	`{"at": 2000000000, "do": "kill 3"},` +
	`{"at": 3000000000, "cli": "get /a", "server": 2}]}`

// exports a run in a form.
func (v *visitor) exports(id, form string) (*http.Response, string) {
	v.Helper()
	return v.gets("/api/runs/" + id + "/export/" + form)
}

// wrong reads what is wrong with a request: the code, and the sentence behind each field.
func (v *visitor) wrong(answer *http.Response, text string) (code string, fields map[string]string) {
	v.Helper()
	var body struct {
		Error struct {
			Code, Message string
			Fields        []struct{ Field, Message string }
		}
	}
	if err := json.Unmarshal([]byte(text), &body); err != nil || body.Error.Message == "" ||
		answer.StatusCode < 400 {
		v.Fatalf("status %d, %v: %.300s", answer.StatusCode, err, text)
	}
	fields = map[string]string{}
	for _, f := range body.Error.Fields {
		fields[f.Field] = f.Message
	}
	return body.Error.Code, fields
}

func TestARunCanBeHadInEveryForm(t *testing.T) {
	v := visit(t)
	id := v.makes(aRun)
	for _, c := range []struct{ form, kind, disposition, holds string }{
		{"trace", "application/x-ndjson", `attachment; filename="zabscope-%s.trace.jsonl"`,
			`{"zabscope":1,"version":"` + scenario.Version + `","seed":"7"`},
		{"transcript.txt", "text/plain; charset=utf-8", `attachment; filename="zabscope-%s.txt"`,
			"Server 3 is killed"},
		{"transcript.html", "text/html; charset=utf-8", `inline; filename="zabscope-%s.html"`,
			"<h1>3 servers</h1>"},
		{"mermaid", "text/plain; charset=utf-8", `attachment; filename="zabscope-%s.mmd"`,
			"\nsequenceDiagram\n"},
		{"shiviz", "text/plain; charset=utf-8", `attachment; filename="zabscope-%s.shiviz.log"`,
			"(?<host>\\S*) (?<clock>{.*})\\n(?<event>.*)\n\n"},
		{"scenario", "application/json", `attachment; filename="zabscope-%s.scenario.json"`,
			`{"op":"kill","sids":[3],"until":{"min":1},"quiet":0}`},
		{"pcap", "application/vnd.tcpdump.pcap", `attachment; filename="zabscope-%s.pcap"`,
			"\x4d\x3c\xb2\xa1\x02\x00\x04\x00"},
	} {
		answer, text := v.exports(id, c.form)
		h := answer.Header
		if answer.StatusCode != http.StatusOK || h.Get("Content-Type") != c.kind ||
			h.Get("Content-Disposition") != fmt.Sprintf(c.disposition, id) ||
			h.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: status %d, head %v", c.form, answer.StatusCode, h)
		}
		if !strings.Contains(text, c.holds) {
			t.Errorf("%s: %.1000s", c.form, text)
		}
		if got := h.Get("Content-Security-Policy"); (c.form == pageForm) !=
			strings.Contains(got, "style-src "+export.PageStyle()) {
			t.Errorf("%s: policy %s", c.form, got)
		}
	}
}

func TestTranscriptsHaveDepthsAndParts(t *testing.T) {
	v := visit(t)
	id := v.makes(aRun)
	lines := 0
	for _, depth := range []string{"decisions", "packets", "everything"} {
		_, text := v.exports(id, "transcript.txt?depth="+depth)
		if n := strings.Count(text, "\n"); n <= lines {
			t.Errorf("%d lines at depth %s", n, depth)
		} else {
			lines = n
		}
	}
	_, text := v.exports(id, "transcript.txt?depth=packets&from=100&to=900&most=10")
	if !strings.Contains(text, "Cut after 10 events. The rest begins with event ") {
		t.Error(text)
	}
}

// The run on the first page can be had too, before anybody watches it and after.
func TestTheFirstPagesRunCanBeHad(t *testing.T) {
	v := visit(t)
	id := homePrefix + newID()
	for _, form := range []string{"trace", "pcap", "scenario"} {
		if answer, text := v.exports(id, form); answer.StatusCode != http.StatusOK || text == "" {
			t.Errorf("%s: status %d", form, answer.StatusCode)
		}
	}
}

func TestWhatCannotBeHad(t *testing.T) {
	v := visit(t)
	id := v.makes(`{"servers": 2, "seed": 7, "release": "correct", "until": 2000000000, "actions": [` +
		`{"at": 1, "do": "hold 1 to 2"}, {"at": 1500000000, "do": "crash 1"}]}`)
	for _, c := range []struct {
		path, code string
		status     int
		fields     map[string]string
	}{
		{id + "/export/pdf", "form", 404, nil},
		{"nosuchrun/export/trace", "run", 404, nil},
		{id + "/export/trace?from=0", "fields", 400, map[string]string{"from": "This is a whole number"}},
		{id + "/export/shiviz?depth=deep&most=x&to=-1", "fields", 400, map[string]string{
			"depth": "deep: there is no depth", "most": "This is a whole number",
			"to": "This is a whole number"}},
		{id + "/export/scenario", "real", 422, map[string]string{
			"the options":                 "options release=correct cannot be done to real servers.",
			"the action at 0.000000001 s": "hold cannot be done to real servers. Use partition",
			"the action at 1.5 s":         "crash cannot be done to real servers. Use kill"}},
	} {
		answer, text := v.gets("/api/runs/" + c.path)
		code, fields := v.wrong(answer, text)
		if code != c.code || answer.StatusCode != c.status || len(fields) != len(c.fields) {
			t.Errorf("%s: status %d, %s", c.path, answer.StatusCode, text)
		}
		for name, want := range c.fields {
			if !strings.HasPrefix(fields[name], want) {
				t.Errorf("%s: %s: %s", c.path, name, fields[name])
			}
		}
		if answer.Header.Get("Content-Disposition") != "" {
			t.Errorf("%s is saved as a file", c.path)
		}
	}
}

// sends a file to be made a run of.
func (v *visitor) sends(text string) (*http.Response, string) {
	v.Helper()
	return v.asks(http.MethodPost, "/api/import", "application/octet-stream", text)
}

// imports a file and returns the id of its run.
func (v *visitor) imports(text string) string {
	v.Helper()
	answer, body := v.sends(text)
	var made struct{ ID, Page string }
	if err := json.Unmarshal([]byte(body), &made); err != nil ||
		answer.StatusCode != http.StatusCreated || answer.Header.Get("Location") != made.Page {
		v.Fatalf("status %d, %v, %s", answer.StatusCode, err, body)
	}
	return made.ID
}

// A trace that was exported is a recording where it is imported: it can be watched, told and exported
// again, to the byte; and nothing can be done to it.
func TestATraceIsImportedAsARecording(t *testing.T) {
	v := visit(t)
	_, file := v.exports(v.makes(aRun), "trace")
	id := v.imports(file)
	s := v.describes(id)
	if int(s.Events) != strings.Count(file, "\n")-1 || s.Seed != 7 || s.Config != nil ||
		len(s.Machines) != 6 || len(s.Actions) != 0 {
		t.Errorf("%+v", s)
	}
	if _, again := v.exports(id, "trace"); again != file {
		t.Error("the trace comes back otherwise")
	}
	_, page := v.gets("/runs/" + id)
	v.shows(page, "A recording")
	for _, form := range []string{"transcript.txt", "transcript.html", "mermaid", "shiviz"} {
		if answer, _ := v.exports(id, form); answer.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d", form, answer.StatusCode)
		}
	}
	for _, form := range []string{"scenario", "pcap"} {
		answer, text := v.exports(id, form)
		if code, _ := v.wrong(answer, text); code != "recording" ||
			answer.StatusCode != http.StatusConflict {
			t.Errorf("%s: %s", form, text)
		}
	}
}

func TestARecordingIsAWorldThatStandsStill(t *testing.T) {
	rec := trace.New(trace.Header{Vocabulary: event.Vocabulary})
	rec.Append(9, 1, new(node.Event).Begin(node.KindNoted))
	r := newRecording(rec)
	r.RunUntil(99)
	if _, ok := r.Next(); ok || r.Now() != 9 || r.Recorder() != rec ||
		!errors.Is(r.Do("heal"), errRecording) || !errors.Is(r.Type(1, "ls /", nil), errRecording) {
		t.Errorf("%+v", r)
	}
	if newRecording(trace.New(trace.Header{})).Now() != 0 {
		t.Error("an empty recording ends somewhere")
	}
}

// A scenario, in either form and in either envelope, becomes a run that goes on.
func TestAScenarioIsImported(t *testing.T) {
	v := visit(t)
	const text = "servers 1,2\nseed 5\nstart 1,2 until serving 1,2\n"
	sc, err := scenario.Parse("x", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{text, string(sc.JSON())} {
		s := v.describes(v.imports(file))
		var config struct{ Scenario string }
		if err := json.Unmarshal(s.Config, &config); err != nil || config.Scenario != file {
			t.Errorf("%v: %s", err, s.Config)
		}
	}
	kind, body := aForm(t, "file", "my.zab", text)
	answer, got := v.asks(http.MethodPost, "/api/import", kind, body)
	if answer.StatusCode != http.StatusCreated {
		t.Errorf("status %d, %s", answer.StatusCode, got)
	}
}

// aForm is a form with a text and a file in it.
func aForm(t *testing.T, field, file, text string) (kind, body string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	if err := w.WriteField("note", "hello"); err != nil {
		t.Fatal(err)
	}
	part, err := w.CreateFormFile(field, file)
	if file == "" {
		part, err = w.CreateFormField(field)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(part, text); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), b.String()
}

func TestFilesThatAreRefused(t *testing.T) {
	v := visit(t)
	_, file := v.exports(v.makes(aRun), "trace")
	head, _, _ := strings.Cut(file, "\n")
	var heavy strings.Builder
	heavy.WriteString(head + "\n")
	for i := range 4 {
		fmt.Fprintf(&heavy, `{"seq":%d,"t":0,"node":1,"kind":"world.noted","args":{"text":"%d%s"}}`+"\n",
			i+1, i, strings.Repeat("x", 3<<20))
	}
	for _, c := range []struct {
		name, text, code, says string
		status                 int
	}{
		{"nothing", "", "file", "", 422},
		{"a picture", "\x89PNG\r\n\x1a\n\x00\x00", "file", "", 422},
		{"a bad scenario", "servers 1,2\nfrob", "file", "Line 2: ", 422},
		{"a scenario without end", strings.Repeat("#", maxScenario+1), "file", "A scenario has 64 KiB", 422},
		{"a scenario that goes wrong", "servers 1,2\nstart 1 until serving 1 timeout 1s", "fields", "", 400},
		{"another version", strings.Replace(file, `"version":"1"`, `"version":"0.4"`, 1), "version", "", 422},
		{"a trace cut off", file[:len(file)-20], "file", "line ", 422},
		{"a trace without its middle", head + "\n" + file[len(file)/2:], "file", "line 2: ", 422},
		{"a trace that is mostly data", heavy.String(), "heavy", "", 422},
	} {
		answer, text := v.sends(c.text)
		code, fields := v.wrong(answer, text)
		if code != c.code || answer.StatusCode != c.status || !strings.HasPrefix(fields["file"], c.says) {
			t.Errorf("%s: status %d, %.300s", c.name, answer.StatusCode, text)
		}
	}
	answer, text := v.sends(strings.Replace(head, `"version":"1"`, `"version":"0.4"`, 1))
	if !strings.Contains(text, "engine version 0.4, and this is version 1.") {
		t.Errorf("status %d: %s", answer.StatusCode, text)
	}
}

func TestFormsWithoutAFile(t *testing.T) {
	v := visit(t)
	kind, body := aForm(t, "file", "", "servers 1\nstart 1")
	whole, cutOff := aForm(t, "file", "my.zab", "servers 1\nstart 1\n")
	for _, c := range []struct{ kind, body, code string }{
		{kind, body, "file"},
		{whole, cutOff[:len(cutOff)-70], "cut-off"},
		{"multipart/form-data", body, "file"},
	} {
		answer, text := v.asks(http.MethodPost, "/api/import", c.kind, c.body)
		if code, _ := v.wrong(answer, text); code != c.code {
			t.Errorf("%.40s: %s", c.kind, text)
		}
	}
}

// failing is an answer whose reader has gone.
type failing struct{ http.ResponseWriter }

func (failing) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// What was sent in part must not look like the whole.
func TestAnExportThatIsCutOffIsNoWhole(t *testing.T) {
	v := visit(t)
	id := v.makes(aRun)
	defer func() {
		if x := recover(); x != http.ErrAbortHandler {
			t.Errorf("%v", x)
		}
	}()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "/api/runs/"+id+"/export/trace", nil)
	if err != nil {
		t.Fatal(err)
	}
	v.site.ServeHTTP(failing{nowhere{}}, r)
	t.Error("nobody noticed")
}

// nowhere has a head and nothing else.
type nowhere struct{ http.ResponseWriter }

func (nowhere) Header() http.Header { return http.Header{} }
func (nowhere) WriteHeader(int)     {}
