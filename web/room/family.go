package room

import (
	"slices"
	"sync"

	"zabscope/engine"
)

// Branch is a run among those that have a past in common.
type Branch struct {
	ID    string     `json:"id"`
	From  string     `json:"from,omitempty"`  // the run that it branches off from; "" for the first
	After engine.Seq `json:"after,omitempty"` // the last event that both have
	Deed  *Action    `json:"deed,omitempty"`  // what was done first in it alone; nil as yet
}

// family is the rooms whose runs branch off from one another. Nobody who holds its lock waits for
// anything: rooms are told that the list has changed, and read it when they get round to it.
type family struct {
	mu      sync.Mutex
	members []Branch // in the order in which they were made; none is changed in place
	news    map[string]chan struct{}
}

func newFamily() *family { return &family{news: map[string]chan struct{}{}} }

// join adds a branch. On the channel comes word that the list has changed.
func (f *family) join(b Branch) <-chan struct{} {
	news := make(chan struct{}, 1)
	f.mu.Lock()
	f.members = append(slices.Clip(f.members), b)
	f.news[b.ID] = news
	f.mu.Unlock()
	f.tell()
	return news
}

// leave takes a branch out.
func (f *family) leave(id string) {
	f.mu.Lock()
	f.members = slices.DeleteFunc(slices.Clone(f.members), func(b Branch) bool { return b.ID == id })
	delete(f.news, id)
	f.mu.Unlock()
	f.tell()
}

// did notes what was done in a branch, if nothing was before.
func (f *family) did(id string, a Action) {
	f.mu.Lock()
	members := slices.Clone(f.members)
	i := slices.IndexFunc(members, func(b Branch) bool { return b.ID == id && b.Deed == nil })
	if i >= 0 {
		members[i].Deed = &a
		f.members = members
	}
	f.mu.Unlock()
	if i >= 0 {
		f.tell()
	}
}

// list is all branches, not to be changed.
func (f *family) list() []Branch {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.members
}

// tell gives all rooms word, but to those that have some already.
func (f *family) tell() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, news := range f.news {
		select {
		case news <- struct{}{}:
		default:
		}
	}
}
