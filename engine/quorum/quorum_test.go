package quorum

import (
	"testing"

	"zabscope/engine/zk"
)

func ensemble(n int, observers ...zk.SID) *zk.Membership {
	var ms []zk.Member
	for i := 1; i <= n; i++ {
		m := zk.Member{SID: zk.SID(i)}
		for _, o := range observers {
			if o == m.SID {
				m.Type = zk.Observer
			}
		}
		ms = append(ms, m)
	}
	return zk.NewMembership(ms)
}

func sids(n ...zk.SID) []zk.SID { return n }

// QuorumMaj.containsQuorum: |ackset| > n/2, voters only.
func TestMajority(t *testing.T) {
	for _, c := range []struct {
		name string
		m    *zk.Membership
		set  []zk.SID
		want bool
	}{
		{"one of one", ensemble(1), sids(1), true},
		{"one of three", ensemble(3), sids(2), false},
		{"two of three", ensemble(3), sids(3, 1), true},
		{"two of four are not more than half", ensemble(4), sids(1, 2), false},
		{"three of four", ensemble(4), sids(1, 2, 4), true},
		{"the same server twice counts once", ensemble(3), sids(1, 1), false},
		{"observers do not count", ensemble(4, 4), sids(1, 4), false},
		{"strangers do not count", ensemble(3), sids(1, 9, 8), false},
		{"nobody", ensemble(3), nil, false},
	} {
		if got := New(c.m).ContainsQuorum(c.set); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// Facts recorded from Apache ZooKeeper 3.8.0: weights 3,1,1 in one group; groups {1,2,3},{4},{5};
// a server of weight 0.
func TestHierarchical(t *testing.T) {
	weights := ensemble(3)
	weights.Groups = [][]zk.SID{{1, 2, 3}}
	weights.Weights = map[zk.SID]int64{1: 3}
	groups := ensemble(5)
	groups.Groups = [][]zk.SID{{1, 2, 3}, {4}, {5}}
	zero := ensemble(3)
	zero.Groups, zero.Weights = [][]zk.SID{{1, 2, 3}}, map[zk.SID]int64{3: 0}
	for _, c := range []struct {
		name string
		m    *zk.Membership
		set  []zk.SID
		want bool
	}{
		{"2 and 3 weigh 2 of 5", weights, sids(2, 3), false},
		{"1 alone weighs 3 of 5", weights, sids(1), true},
		{"4 and 5 are two groups of three", groups, sids(4, 5), true},
		{"1, 2, 3 are one group of three", groups, sids(1, 2, 3), false},
		{"a majority of the first group and 4", groups, sids(1, 3, 4), true},
		{"one of the first group and 4", groups, sids(1, 4), false},
		{"weight 0 adds nothing", zero, sids(1, 3), false},
		{"1 and 2 without it", zero, sids(1, 2), true},
		{"nobody", groups, nil, false},
	} {
		if got := New(c.m).ContainsQuorum(c.set); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	if New(zero).Weight(3) != 0 || New(weights).Weight(1) != 3 || New(weights).Weight(2) != 1 {
		t.Error("weights are not those of the configuration")
	}
	zeroGroup := ensemble(3)
	zeroGroup.Groups = [][]zk.SID{{1}, {2}, {3}}
	zeroGroup.Weights = map[zk.SID]int64{3: 0}
	if !New(zeroGroup).ContainsQuorum(sids(1, 2)) || New(zeroGroup).ContainsQuorum(sids(1)) {
		t.Error("a group without weight must not be counted")
	}
}

// While a configuration is being replaced, both must agree.
func TestTrackerNeedsEveryConfiguration(t *testing.T) {
	var tr Tracker
	if tr.HasAllQuorums() {
		t.Error("no configuration, no quorum")
	}
	tr.Add(New(ensemble(3)))
	tr.Add(New(ensemble(5)))
	for i, s := range sids(2, 1, 4) {
		if !tr.Ack(s) {
			t.Errorf("%d votes in one of them", s)
		}
		if got, want := tr.HasAllQuorums(), i == 2; got != want {
			t.Errorf("after %v: %v, want %v", tr.Acks(), got, want)
		}
	}
	if tr.Ack(9) || tr.Has(9) || !tr.Has(4) {
		t.Error("a stranger must not be counted")
	}
	if a := tr.Acks(); len(a) != 3 || a[0] != 1 || a[1] != 2 || a[2] != 4 {
		t.Errorf("acks %v are not in order", a)
	}
	tr.Reset()
	if tr.HasAllQuorums() || len(tr.Acks()) != 0 {
		t.Error("reset keeps acks")
	}
}

// An acknowledgement can be taken back; then it may be given again.
func TestForget(t *testing.T) {
	var tr Tracker
	tr.Add(New(ensemble(3)))
	for _, s := range sids(1, 3) {
		tr.Ack(s)
	}
	tr.Forget(2)
	if !tr.HasAllQuorums() {
		t.Error("forgetting who was not counted changes something")
	}
	tr.Forget(1)
	if tr.HasAllQuorums() || tr.Has(1) || !tr.Has(3) || len(tr.Acks()) != 1 {
		t.Errorf("acks %v", tr.Acks())
	}
	if !tr.Ack(1) || !tr.HasAllQuorums() {
		t.Error("it is not counted again")
	}
}
