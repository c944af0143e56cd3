package check

import (
	"strings"
	"testing"
)

// bend is one departure from a legal run and the rules that it breaks, in order: none if it is
// allowed. What a broken rule drags along is told, too. Its name begins with the rules that it is
// about.
type bend struct {
	name, want string
	do         func(s *story)
}

// canFail bends a legal run in one place, again and again.
func canFail(t *testing.T, begin func(testing.TB) *story, bends []bend) {
	for _, c := range bends {
		t.Run(c.name, func(t *testing.T) {
			s := begin(t)
			s.legal()
			c.do(s)
			s.expect(c.want)
		})
	}
}

// settled is a leader, 3, with two followers that have seen two writes.
func settled(t testing.TB) *story {
	s := newStory(t, 3, 0)
	s.lead(3, 1, 1, 2)
	s.write(1, 2)
	s.write(1, 2)
	return s
}

// A rule that cannot fail says nothing, and one that always does is worse: each has a departure
// that breaks it and a near miss that does not.
func TestEachRuleHasItsDepartures(t *testing.T) {
	breaks, spares := map[string]bool{}, map[string]bool{}
	for _, f := range families {
		for _, b := range f.bends {
			about, _, _ := strings.Cut(b.name, ":")
			for _, rule := range strings.Fields(about) {
				if strings.Contains(" "+b.want+" ", " "+rule+" ") {
					breaks[rule] = true
				} else {
					spares[rule] = true
				}
			}
		}
	}
	for _, r := range Rules() {
		if !breaks[r.ID] || !spares[r.ID] {
			t.Errorf("%s: a departure breaks it %v, a near miss spares it %v", r.ID, breaks[r.ID],
				spares[r.ID])
		}
	}
}
