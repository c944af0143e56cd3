package event

import (
	"strings"
	"testing"

	"zabscope/engine/node"
)

// Every constant has its row, every row a dotted name of its own, and every name that ZooKeeper knows
// its class and method.
func TestTheVocabularyIsWhole(t *testing.T) {
	names := map[string]bool{}
	once := func(what, name string) {
		if name == "" || names[what+name] {
			t.Errorf("%s %q is empty or there twice", what, name)
		}
		names[what+name] = true
	}
	for i, k := range Vocabulary.Kinds {
		once("kind", k.Name)
		if !strings.Contains(k.Name, ".") {
			t.Errorf("kind %q has no dot", k.Name)
		}
		if node.Kind(i) >= node.KindWorldEnd && !strings.Contains(k.Source, ".") {
			t.Errorf("%s: %q is no class and method", k.Name, k.Source)
		}
	}
	for _, f := range Vocabulary.Fields {
		once("field", f.Name)
		if len(f.Columns) == 0 {
			t.Errorf("field %q has no columns", f.Name)
		}
	}
	for _, c := range Vocabulary.Checks {
		once("check", c.Name)
	}
	for _, n := range Vocabulary.Timers {
		once("timer", n)
	}
}

func TestSIDsAreListedAsPeopleWriteThem(t *testing.T) {
	for want, ids := range map[string][]int64{"": nil, "3": {3}, "1,2,10": {1, 2, 10}} {
		if got := SIDs(ids); got != node.Text(want) {
			t.Errorf("%v is %v", ids, got)
		}
	}
}

// Numbers below 0 name nobody.
func TestNobodyIsListedAsNone(t *testing.T) {
	for want, ids := range map[string][]int64{"none": {-1}, "0": {0}, "1,none,999": {1, -5, 999}} {
		if got := SIDs(ids); got != node.Text(want) {
			t.Errorf("%v is %v", ids, got)
		}
	}
}

// What outlives the process is what stands on the disk.
func TestFieldsThatSurvive(t *testing.T) {
	want := map[string]bool{"acceptedEpoch": true, "currentEpoch": true, "log": true,
		"logDurable": true, "process": true, "files": true, "links": true}
	for _, f := range Vocabulary.Fields {
		if f.Survives != want[f.Name] {
			t.Errorf("%s survives: %v", f.Name, f.Survives)
		}
	}
}

// The arguments of a kind have names of their own, as have the values of a check and the columns of a
// field.
func TestNamesWithinAWord(t *testing.T) {
	distinct := func(what string, names []string) {
		seen := map[string]bool{}
		for _, n := range names {
			if n == "" || seen[n] {
				t.Errorf("%s: %q is empty or there twice", what, n)
			}
			seen[n] = true
		}
	}
	for _, k := range Vocabulary.Kinds {
		distinct(k.Name, k.Args)
	}
	for _, c := range Vocabulary.Checks {
		distinct(c.Name, c.Values)
	}
	for _, f := range Vocabulary.Fields {
		distinct(f.Name, f.Columns)
	}
}

// The arguments that other packages take by their place: whoever moves one must move the reader.
func TestArgumentsThatAreReadByPlace(t *testing.T) {
	for kind, want := range map[node.Kind]string{
		Elected:         "leader zxid peerEpoch round how supporters",
		AckEpochJudged:  "sid currentEpoch lastZxid myEpoch myZxid verdict",
		SyncChosen:      "learner mode opZxid peerLastZxid lastProcessed minCommittedLog maxCommittedLog txns",
		NewLeaderAcked:  "learner zxid counted ackers",
		Activated:       "epoch ackers lastZxid",
		LearnerReady:    "leader epoch",
		Proposed:        "zxid txn path hash epoch",
		Appended:        "zxid txn hash file",
		Durable:         "zxid",
		AckCounted:      "zxid sid ackers quorum",
		Committed:       "zxid ackers",
		Delivered:       "zxid txn path hash via err",
		CommitUnmatched: "zxid head",
		Truncated:       "zxid removed",
		SnapshotTaken:   "file zxid",
		SnapshotSynced:  "file zxid",
		DatabaseLoaded:  "snapshot lastZxid replayed",
		FastForwarded:   "lastZxid replayed",
		PacketSent:      "type zxid detail",
		ProposalSent:    "type zxid txn path hash",
		ClientReplySent: "op xid zxid err path",
		VoteChanged:     "from leader zxid peerEpoch oldLeader oldZxid oldPeerEpoch",
		ConfigInstalled: "version voters observers groups weights",
		ConfigSeen:      "version voters observers groups weights",
	} {
		if got := strings.Join(Vocabulary.Kinds[kind].Args, " "); got != want {
			t.Errorf("%s has %q, want %q", Vocabulary.Kinds[kind].Name, got, want)
		}
	}
}
