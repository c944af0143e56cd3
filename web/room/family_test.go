package room

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
)

// branches opens a room whose run branches off from another's, at the third of its events.
func branches(t *testing.T, g *Registry, id, from string) *Room {
	t.Helper()
	r, err := g.Open(Settings{ID: id, From: from, Paused: from != ""}, func() (World, error) {
		w := newToy()
		for range 3 {
			w.happen(noted)
		}
		return w, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// kin is a family as a viewer was told of it last, "" if it was told nothing.
func kin(t *testing.T, v *Viewer) string {
	t.Helper()
	said := ""
	for m := v.out.Take(); m != nil; m = v.out.Take() {
		var h struct{ Family []Branch }
		if err := json.Unmarshal(m.Text(), &h); err != nil {
			t.Fatal(err)
		}
		if h.Family != nil {
			said = words(h.Family)
		}
	}
	return said
}

// words writes a family on one line.
func words(list []Branch) string {
	var out []string
	for _, b := range list {
		one := fmt.Sprintf("%s<%s@%d", b.ID, b.From, b.After)
		if b.Deed != nil {
			one += " " + b.Deed.Do
		}
		out = append(out, one)
	}
	return strings.Join(out, ", ")
}

func TestAFamilyHearsOfItsBranches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewRegistry()
		defer g.Close()
		a := branches(t, g, "a", "")
		v := join(t, a, 0)
		synctest.Wait()
		if got := kin(t, v); got != "" {
			t.Errorf("a run alone is told of %s", got)
		}
		b := branches(t, g, "b", "a")
		branches(t, g, "c", "b")
		w := join(t, b, 0)
		synctest.Wait()
		const all = "a<@0, b<a@3, c<b@3"
		if one, two := kin(t, v), kin(t, w); one != all || two != all {
			t.Errorf("%s and %s", one, two)
		}
		v.Receive([]byte(`{"id": 1, "do": "heal"}`)) // the first run needs no name
		w.Receive([]byte(`{"id": 1, "do": "kill 2"}`))
		w.Receive([]byte(`{"id": 2, "do": "kill 1"}`))
		synctest.Wait()
		if got := kin(t, v); got != "a<@0, b<a@3 kill 2, c<b@3" {
			t.Errorf("told of %s", got)
		}
		b.Close()
		synctest.Wait()
		if got := kin(t, v); got != "a<@0, c<b@3" {
			t.Errorf("after one has gone: %s", got)
		}
		if s, _ := a.Status(); words(s.Family) != "a<@0, c<b@3" || !s.Head.Playing {
			t.Errorf("%+v", s)
		}
	})
}

func TestABranchStandsUntilSomebodyLetsItGoOn(t *testing.T) {
	g := NewRegistry()
	defer g.Close()
	branches(t, g, "a", "")
	if s, _ := branches(t, g, "b", "a").Status(); s.Head.Playing || s.Events != 3 {
		t.Errorf("%+v", s)
	}
	if s, _ := branches(t, g, "c", "nobody").Status(); words(s.Family) != "c<nobody@3" {
		t.Errorf("a branch of nobody: %+v", s)
	}
}

// Rooms of one family that act, come and go all at once wait for nobody.
func TestAFamilyDoesNotWaitForItself(t *testing.T) {
	g := NewRegistry()
	defer g.Close()
	branches(t, g, "0", "")
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			r := branches(t, g, fmt.Sprint(i+1), fmt.Sprint(i/2))
			v := join(t, r, 0)
			for id := range 50 {
				v.Receive(fmt.Appendf(nil, `{"id": %d, "do": "heal"}`, id+1))
				r.Status()
			}
			if i%3 == 0 {
				r.Close()
			}
			v.Leave()
		})
	}
	all.Wait()
}
