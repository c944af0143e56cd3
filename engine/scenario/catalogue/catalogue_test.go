package catalogue

import (
	"slices"
	"strings"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/engine/zk/event"
)

func english(t *testing.T) *Catalogue {
	t.Helper()
	c, err := Load("en")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Places that an event offers beside the arguments of its kind.
var offered = []string{"node", "peer", "why", "noun", "cause"}

func TestEveryKindOfEventHasASentenceInEveryLanguage(t *testing.T) {
	for _, language := range Languages() {
		c, err := Load(language)
		if err != nil {
			t.Fatal(err)
		}
		known := map[string]bool{}
		for _, k := range event.Vocabulary.Kinds {
			known[k.Name] = true
			m, ok := c.events[k.Name]
			if !ok {
				t.Errorf("%s: no sentence for %s (arguments %s)", language, k.Name,
					strings.Join(k.Args, ", "))
			}
			for _, m := range []message{m, c.nouns[k.Name]} {
				for _, name := range m.names() {
					if !slices.Contains(k.Args, name) && !slices.Contains(offered, name) {
						t.Errorf("%s: %s has no argument %s", language, k.Name, name)
					}
				}
			}
		}
		for name := range c.events {
			if !known[name] {
				t.Errorf("%s: there is no event %s", language, name)
			}
		}
		for name := range c.nouns {
			if !known[name] {
				t.Errorf("%s: there is no event %s to name what it sends", language, name)
			}
		}
	}
}

func TestEveryCheckHasAQuestionAndTwoClausesInEveryLanguage(t *testing.T) {
	for _, language := range Languages() {
		c, err := Load(language)
		if err != nil {
			t.Fatal(err)
		}
		known := map[string]bool{}
		for _, k := range event.Vocabulary.Checks {
			known[k.Name] = true
			forms := c.checks[k.Name]
			for form, m := range map[string]message{"ask": forms.ask, "yes": forms.yes,
				"no": forms.no} {
				if m == nil {
					t.Errorf("%s: %s has no %s (values %s)", language, k.Name, form,
						strings.Join(k.Values, ", "))
				}
				for _, name := range m.names() {
					if !slices.Contains(k.Values, name) {
						t.Errorf("%s: %s has no value %s", language, k.Name, name)
					}
				}
			}
		}
		for name := range c.checks {
			if !known[name] {
				t.Errorf("%s: there is no check %s", language, name)
			}
		}
	}
}

func TestLanguageWithoutCatalogueIsRefusedWithWhatThereIs(t *testing.T) {
	_, err := Load("tlh")
	if err == nil || err.Error() != `no catalogue for "tlh"; there are en` {
		t.Error(err)
	}
}

func TestMessages(t *testing.T) {
	args := map[string]node.Value{
		"zxid": node.Zxid(1<<32 | 3), "n0": node.Int(0), "n1": node.Int(1), "n7": node.Int(7),
		"ids": node.Text("1,2,3"), "pair": node.Text("1,2"), "one": node.Text("4"),
		"empty": node.Text(""), "nothing": {}, "yes": node.Bool(true), "mode": node.Text("TRUNC"),
		"session": node.Int(0x1000_0000_0000_0001),
	}
	c := english(t)
	r := c.renderer(func(name string) (node.Value, bool) {
		v, ok := args[name]
		return v, ok
	})
	const things = "{%, plural, =0 {nothing} one {# thing} other {# things of {n7, plural, one {#} " +
		"other {#}}}}"
	for _, x := range []struct{ message, want string }{
		{"no places", "no places"},
		{"to {zxid}.", "to 1:3."},
		{"{ids, list}; {pair, list}; {one, list}", "1, 2 and 3; 1 and 2; 4"},
		{"{empty, list}", "nobody"},
		{"{session, hex}", "0x1000000000000001"},
		{strings.Replace(things, "%", "n0", 1), "nothing"},
		{strings.Replace(things, "%", "n1", 1), "1 thing"},
		{strings.Replace(things, "%", "n7", 1), "7 things of 7"},
		{"#{mode, select, DIFF {d} TRUNC {t {zxid}} other {o}}", "#t 1:3"},
		{"{mode, select, DIFF {d} other {o}}", "o"},
		{"{empty, select, none {-} other {+}}{nothing, select, none {-} other {+}}", "--"},
		{"{yes, select, true {y} other {n}}", "y"},
		{"{n1, plural, one {a {mode, select, TRUNC {# b} other {c}}} other {}}", "a 1 b"},
		{"{unknown}", "{unknown}"},
	} {
		m, err := parse(x.message)
		if err != nil {
			t.Errorf("%s: %v", x.message, err)
			continue
		}
		if got := r.render(m, ""); got != x.want {
			t.Errorf("%s: got %q, want %q", x.message, got, x.want)
		}
	}
}

func TestBadMessagesAreRefused(t *testing.T) {
	for message, want := range map[string]string{
		"a}":                            "a brace too many",
		"{}":                            "a place without a name",
		"{a":                            "no brace at the end of a place",
		"{a, money}":                    "unknown format money",
		"{a, plural}":                   "no comma before the branches",
		"{a, plural, one {x}}":          "the last branch is not other",
		"{a, plural, }":                 "the last branch is not other",
		"{a, select, other x}":          "no brace before a branch",
		"{a, select, other {x":          "no brace at the end of a branch",
		"{a, select, b {{}} other {}}":  "a place without a name",
		"x {a, select, other {} b {}} ": "the last branch is not other",
	} {
		_, err := parse(message)
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", message, err, want)
		}
	}
	for _, text := range []string{"{", `{"names": {"a": "{"}}`, `{"events": {"a": "{"}}`,
		`{"nouns": {"a": "{"}}`, `{"checks": {"a": {"ask": "{"}}}`} {
		if _, err := read([]byte(text)); err == nil {
			t.Errorf("%s was taken", text)
		}
	}
}

// spoken records events and returns what the last one says.
func spoken(t *testing.T, events ...func(*node.Event) (node.ID, *node.Event)) string {
	t.Helper()
	rec := trace.New(trace.Header{Vocabulary: event.Vocabulary,
		Machines: []trace.MachineInfo{{ID: 1001, Name: "client c"}}})
	for _, f := range events {
		id, e := f(&node.Event{})
		rec.Append(3482*node.Millisecond, id, e)
	}
	e, _ := rec.At(rec.Len())
	c := english(t)
	return c.Line(e.Time, c.Event(rec, &e))
}

func TestADecisionIsToldWithItsReason(t *testing.T) {
	z := func(epoch, counter int64) node.Value { return node.Zxid(epoch<<32 | counter) }
	got := spoken(t, func(e *node.Event) (node.ID, *node.Event) {
		e.Begin(event.SyncChosen).About(2).With(node.Int(2), node.Text("TRUNC"), z(1, 2), z(1, 3),
			z(1, 2), z(1, 1), z(1, 2), node.Int(0))
		e.Check(event.PeerHasLast, false, z(1, 3), z(1, 2))
		return 3, e.Check(event.PeerIsBeyond, true, z(1, 3), z(1, 2)).Decides()
	})
	const want = "3.482 s. Server 3 sends TRUNC to 1:2 to server 2, because 1:3 is beyond 1:2, the " +
		"last write that the leader knows as committed."
	if got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

func TestAnArrivalNamesWhatWasSent(t *testing.T) {
	got := spoken(t, func(e *node.Event) (node.ID, *node.Event) {
		return 3, e.Begin(event.PacketSent).About(2).With(node.Text("COMMIT"),
			node.Zxid(2<<32|1), node.Text(""))
	}, func(e *node.Event) (node.ID, *node.Event) {
		return 2, e.Begin(node.KindReceived).About(3).From(1).With(node.Int(7))
	})
	if want := "3.482 s. Server 2 receives COMMIT 2:1 from server 3."; got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	got = spoken(t, func(e *node.Event) (node.ID, *node.Event) {
		return 2, e.Begin(node.KindReceived).About(3).With(node.Int(7))
	})
	if want := "3.482 s. Server 2 receives a message from server 3."; got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

func TestMachinesAreCalledByTheirNames(t *testing.T) {
	got := spoken(t, func(e *node.Event) (node.ID, *node.Event) {
		return 1001, e.Begin(event.ClientLost).About(2).With(node.Int(2), node.Text("closed"),
			node.Int(1))
	})
	const want = "3.482 s. Client c has lost its connection to server 2: closed. Nobody knows " +
		"whether its 1 call took effect."
	if got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

func TestAQuestionIsAskedAndAnswered(t *testing.T) {
	rec := trace.New(trace.Header{Vocabulary: event.Vocabulary})
	k := node.Check{Code: event.SIDIsLarger, Answer: true,
		Values: []node.Value{node.Int(3), node.Int(1)}}
	if got := english(t).Check(rec, &k); got != "Is server id 3 larger than 1? Yes." {
		t.Error(got)
	}
}
