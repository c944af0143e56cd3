package export

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"zabscope/engine"
	"zabscope/engine/node"
)

// fragment makes a link of any JSON.
func fragment(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	return "run=1." + base64.RawURLEncoding.EncodeToString(b.Bytes())
}

// encoded is a link's fragment.
func encoded(t testing.TB, l *Link) string {
	t.Helper()
	text, err := l.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// looking is a link that says everything.
func looking() *Link {
	actions := failover().Actions // without the one that is too long
	actions = append(actions[:5], actions[6:]...)
	actions[1].After = 96
	actions[2].After, actions[2].Early = 120, true
	return &Link{Config: json.RawMessage(`{"servers":3,"observers":1,"seed":"7"}`), Actions: actions,
		Until: 15 * node.Second, Branch: "main/2", Cursor: 812,
		Selected: "server 2 → log <é>", Panels: []string{"log", "why", "shell"},
		Engine: "1", Check: "2k9x8v1mrc"}
}

func TestALinkComesBack(t *testing.T) {
	for _, l := range []*Link{looking(), {Config: json.RawMessage("{}")},
		{Config: json.RawMessage(`{"seed":"18446744073709551615"}`), Cursor: maxNumber,
			Until: maxNumber, Actions: []Action{{At: maxNumber, CLI: "ls /", Server: 101}}}} {
		text := encoded(t, l)
		for _, whole := range []string{text, "#" + text, "#theme=dark&" + text, text + "&x=1"} {
			got, err := Decode(whole)
			if err != nil || !reflect.DeepEqual(got, l) {
				t.Errorf("%s: %+v, %v", whole, got, err)
			}
		}
		if !regexp.MustCompile(`^run=1\.[A-Za-z0-9_-]+$`).MatchString(text) {
			t.Errorf("%q does not fit an address", text)
		}
	}
}

// The example of the package documentation is what it says.
func TestTheDocumentedLink(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`JSON +(\{.*\})\n//	fragment +(\S+)\n`).FindStringSubmatch(string(doc))
	if m == nil {
		t.Fatal("there is no example")
	}
	l, err := Decode(m[2])
	if err != nil {
		t.Fatalf("%v; it would be %s", err, fragment(t, m[1]))
	}
	want, err := Decode(fragment(t, m[1]))
	if err != nil || !reflect.DeepEqual(l, want) {
		t.Errorf("%s is %+v, %v", m[2], l, err)
	}
}

// What CompressionStream("deflate-raw") makes of a run is read.
func TestALinkOfABrowser(t *testing.T) {
	l, err := Decode("#run=1.RY0xCoNAEAC_cky9EHNGAvuV46q4hWQxcKtpxAflHflYCoVMOQzMRltndCOsva0F2g" +
		"thNqLc2YXxhZZyHboT4Tm5p54qJQ-H8UgXJNcqrPMyOXrr_n2Y22NBz0XK6fth_wE")
	want := &Link{Config: json.RawMessage(`{"servers":3,"seed":"7"}`), Selected: "server 2 é",
		Until: 4 * node.Second, Actions: []Action{{At: 1500 * node.Millisecond, Do: "kill 3"},
			{At: 1500*node.Millisecond + 250*node.Microsecond, CLI: "ls /", Server: 2}}}
	if err != nil || !reflect.DeepEqual(l, want) {
		t.Errorf("%+v, %v", l, err)
	}
}

// Members may stand in any order, with white space, and packed less tightly.
func TestALinkOfAnotherWriter(t *testing.T) {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.NoCompression)
	_, _ = w.Write([]byte("{ \"cursor\": 5,\n\"do\": [[1, \"heal\"], [2, \"ls /\", 3]], \"run\": { } }\n"))
	_ = w.Close()
	l, err := Decode("run=1." + base64.RawURLEncoding.EncodeToString(b.Bytes()))
	want := []Action{{At: 1, Do: "heal"}, {At: 3, CLI: "ls /", Server: 3}}
	if err != nil || l.Cursor != 5 || !reflect.DeepEqual(l.Actions, want) {
		t.Errorf("%+v, %v", l, err)
	}
}

// The run of an ordinary lesson fits into an address that everything passes on: under 2000 characters,
// whether it begins with a preset, with a script, or with a configuration and two dozen actions.
func TestOrdinaryRunsMakeShortLinks(t *testing.T) {
	longest := 0
	for _, p := range engine.Presets() {
		l := looking()
		config, err := json.Marshal(map[string]string{"scenario": p.Script})
		if err != nil {
			t.Fatal(err)
		}
		l.Config = config
		n := len(encoded(t, l))
		longest = max(longest, n)
		if n >= 2000 {
			t.Errorf("%s takes %d characters", p.Name, n)
		}
	}
	l := looking()
	l.Actions = nil
	for i := range 24 {
		l.Actions = append(l.Actions, Action{At: node.Time(i)*1_234_567_890 + 17,
			Do: []string{"kill 3", "start 3", "write 1 create /a one", "partition 1,2 | 3"}[i%4]})
	}
	n := len(encoded(t, l))
	t.Logf("presets as scripts: up to %d characters; 24 actions: %d", longest, n)
	if n >= 2000 {
		t.Errorf("24 actions take %d characters", n)
	}
}

func TestLinksThatAreRefused(t *testing.T) {
	good := encoded(t, looking())
	data := strings.TrimPrefix(good, "run=1.")
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", "there is no run in this link, which"},
		{"something else", "#theme=dark", "there is no run"},
		{"no version", "run=" + strings.ReplaceAll(data, ".", ""), "there is no run"},
		{"a later version", "run=2." + data, `this link has version "2", and only 1 is known`},
		{"cut off", good[:len(good)-8], "the link is damaged"},
		{"no base64url", "run=1.+/==", "the link is damaged"},
		{"with padding", good + "=", "the link is damaged"},
		{"not deflated", "run=1." + base64.RawURLEncoding.EncodeToString([]byte(`{"run":{}}`)), "the link is damaged"},
		{"more behind", "run=1." + base64.RawURLEncoding.EncodeToString(append(unpacked(t, data), 0)), "the link is damaged"},
		{"no data", "run=1.", "the link is damaged"},
		{"a bomb", fragment(t, strings.Repeat(" ", MaxLinkBytes+1)), "the link unpacks to more than"},
		{"too long", "run=1." + strings.Repeat("A", MaxLink), "the link has more than 32768 characters"},
		{"no JSON", fragment(t, "hello"), "the link does not say"},
		{"no object", fragment(t, "[]"), "the link does not say"},
		{"null", fragment(t, "null"), "there is no configuration"},
		{"two things", fragment(t, `{"run":{}}{}`), "the link says more than one thing"},
		{"an unknown key", fragment(t, `{"run":{},"x":1}`), "the link does not say"},
		{"no run", fragment(t, `{"cursor":1}`), "there is no configuration"},
		{"a run that is none", fragment(t, `{"run":[]}`), "there is no configuration"},
		{"a negative number", fragment(t, `{"run":{},"until":-1}`), "a number is not"},
		{"a large number", fragment(t, `{"run":{},"cursor":9007199254740992}`), "a number is not"},
		{"a fraction", fragment(t, `{"run":{},"cursor":1.5}`), "the link does not say"},
		{"a bad action", fragment(t, `{"run":{},"do":[["heal"]]}`), "action 1: an action is a time"},
		{"a bad time", fragment(t, `{"run":{},"do":[["x","heal"]]}`), "action 1: a number"},
		{"back in time", fragment(t, `{"run":{},"do":[[-1,"heal"]]}`), "action 1: a number"},
		{"no line", fragment(t, `{"run":{},"do":[[1,""]]}`), "action 1 is either"},
		{"no server", fragment(t, `{"run":{},"do":[[1,"ls /",0.5]]}`), "action 1: a number"},
		{"a server that cannot be", fragment(t, `{"run":{},"do":[[1,"ls /",1002]]}`), "action 1 names"},
		{"a long line", fragment(t, `{"run":{},"do":[[1,"`+strings.Repeat("a", MaxLine+1)+`"]]}`), "action 1 has more"},
		{"too late", fragment(t, `{"run":{},"do":[[9007199254740991,"heal"],[1,"heal"]]}`), "action 2 comes"},
		{"many actions", fragment(t, `{"run":{},"do":[`+strings.Repeat(`[1,"a"],`, MaxActions)+`[1,"a"]]}`), "10001 actions"},
		{"many panels", fragment(t, `{"run":{},"panels":[`+strings.Repeat(`"a",`, MaxPanels)+`"a"]}`), "33 panels"},
		{"a long word", fragment(t, `{"run":{},"branch":"`+strings.Repeat("a", MaxWord+1)+`"}`), "a name of 257"},
	} {
		if l, err := Decode(c.text); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: %+v, %v", c.name, l, err)
		}
	}
}

// unpacked takes off the base64url.
func unpacked(t *testing.T, data string) []byte {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(data)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestLinksThatCannotBeWritten(t *testing.T) {
	noise := make([]byte, 40_000)
	for i, r := 0, node.NewRand(1); i < len(noise); i++ {
		noise[i] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_"[r.Intn(64)]
	}
	for want, change := range map[string]func(*Link){
		"there is no configuration":    func(l *Link) { l.Config = nil },
		"the configuration is no JSON": func(l *Link) { l.Config = json.RawMessage("{") },
		"a number is not":              func(l *Link) { l.Until = -1 },
		"action 2 comes before":        func(l *Link) { l.Actions[1].At = 0 },
		"the link takes":               func(l *Link) { l.Config = json.RawMessage(`{"x":"` + string(noise) + `"}`) },
		"the run takes":                func(l *Link) { l.Config = json.RawMessage(`{"x":"` + strings.Repeat("x", MaxLinkBytes) + `"}`) },
	} {
		l := looking()
		change(l)
		if text, err := l.Encode(); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %s, %v", want, text, err)
		}
	}
}

// FuzzDecode gives Decode anything. What it takes can be written again, and then comes back the same.
func FuzzDecode(f *testing.F) {
	for _, text := range []string{"", "run=1.", "#a&run=1.x", encoded(f, looking()),
		fragment(f, `{"run":{"a":[1]},"do":[[1,"x",2]]}`)} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { comesBack(t, text) })
}

// FuzzDecodeJSON does so with what is packed inside.
func FuzzDecodeJSON(f *testing.F) {
	for _, text := range []string{`{"run":{}}`, `{"run":{"seed":"7"},"do":[[0,"kill 3"],[5,"ls /",1]],` +
		`"until":9,"branch":"b","cursor":2,"select":"s","panels":["p"]}`, `{"run":null}`,
		"{\"run\":{\"\u2028\":\"<&>\"},\"select\":\"\\ud800\"}"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { comesBack(t, fragment(t, text)) })
}

func comesBack(t *testing.T, text string) {
	l, err := Decode(text)
	if err != nil {
		return
	}
	again, err := l.Encode()
	if err != nil {
		if len(text) < MaxLink/4 {
			t.Errorf("%+v cannot be written: %v", l, err)
		}
		return
	}
	l2, err := Decode(again)
	if err != nil {
		t.Fatalf("%s: %v", again, err)
	}
	if third, err := l2.Encode(); err != nil || third != again {
		t.Errorf("%s becomes %s, %v", again, third, err)
	}
}
