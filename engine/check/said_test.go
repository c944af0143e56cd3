package check

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// said is what a broken rule says of one departure, without the numbers of events.
type said struct{ bend, rule, text string }

// numbers are those of events, as a violation writes them.
var numbers = regexp.MustCompile(` \[#\d+\]`)

// families are all departures with the runs that they depart from.
var families = []struct {
	begin func(testing.TB) *story
	bends []bend
}{{settled, deliveries}, {settled, leaders}, {settled, keeps}, {settled, epochFiles},
	{settled, epochQuorums}, {settled, messages}, {settled, activations}, {lagging, diffs},
	{watched, electeds}, {watched, revotes}}

// Whoever reads what is broken learns who did what, where that clashes, and in which order.
func TestWhatIsSaidOfEachDeparture(t *testing.T) {
	all := slices.Concat(saidOfTxns, saidOfLeaders, saidOfEpochs, saidOfMessages, saidOfElections)
	used := map[said]bool{}
	for _, f := range families {
		for _, b := range f.bends {
			s := f.begin(t)
			b.do(s)
			for _, v := range s.found {
				text := strings.TrimPrefix(v.String(), v.Rule+": "+v.Statement+" ")
				text = numbers.ReplaceAllString(text, "")
				i := slices.IndexFunc(all, func(x said) bool { return x.rule == v.Rule && x.text == text })
				if i < 0 {
					t.Errorf("%s: %s says %q", b.name, v.Rule, text)
					continue
				}
				used[all[i]] = true
			}
		}
	}
	for _, x := range all {
		if !used[x] {
			t.Errorf("%s: %s does not say %q any more", x.bend, x.rule, x.text)
		}
	}
}

// Each fact names an event of the run that is not behind the one that breaks the rule, and that one
// is named, too.
func TestFactsNameTheirEvents(t *testing.T) {
	for _, f := range families {
		for _, b := range f.bends {
			s := f.begin(t)
			b.do(s)
			for _, v := range s.found {
				last := slices.MaxFunc(v.Facts, func(x, y Fact) int { return int(x.Seq) - int(y.Seq) })
				if last.Seq != v.Seq {
					t.Errorf("%s: %s was seen at %d, and its facts end with %d", b.name, v.Rule, v.Seq,
						last.Seq)
				}
				for i, x := range v.Facts {
					if i > 0 && x.Seq != 0 && x.Seq < v.Facts[i-1].Seq {
						t.Errorf("%s: %s tells event %d behind %d", b.name, v.Rule, x.Seq,
							v.Facts[i-1].Seq)
					}
				}
			}
		}
	}
}

// saidOfTxns is what is said of departures from S1 to S7 and S10.
var saidOfTxns = []said{
	{"S1: delivered and never proposed", "S1", "server 1 delivers 1:3, which nobody proposed"},
	{"S1: delivered with other bytes than proposed", "S1",
		"1:3 was proposed with hash 00010003; server 1 delivers 1:3 with hash 00001267"},
	{"S2 and S4: the same zxid, two transactions", "S4",
		"1:3 was committed at place 3; server 1 has 1:3 at place 3; it counts at server 1 in " +
			"epoch 1"},
	{"S2 and S4: the same zxid, two transactions", "S2",
		"1:3 was committed with hash 00010003; server 1 has it with hash 00001267"},
	{"S3: delivered twice", "S3", "server 1 delivered 1:2 before; now it delivers 1:2"},
	{"S4: a transaction left out", "S4",
		"1:3 was committed at place 3; server 1 has 1:4 at place 3; it counts at server 1 in " +
			"epoch 1"},
	{"S4: a transaction left out", "S5", "server 1 delivered 1:2 before; now it delivers 1:4"},
	{"S6 and S7: an older epoch after a newer one", "S6",
		"server 1 delivered 2:1 before; now it delivers 1:3"},
	{"S6 and S7: an older epoch after a newer one", "S7",
		"server 3 proposed in epoch 2; server 1 delivers 1:3, which that leader did not have"},
	{"S10: one zxid for two transactions", "S10",
		"server 3 proposed 1:2 with hash 00010002; server 3 proposed 1:2 with hash 00001267"},
}

// saidOfLeaders is what is said of departures from the other safety rules.
var saidOfLeaders = []said{
	{"S8: two leaders activated in one epoch", "S8",
		"server 3 is activated for epoch 1; server 2 is activated for epoch 1, too"},
	{"S8: two leaders with a quorum of ACKEPOCH", "S8",
		"server 3 has a quorum of ACKEPOCH for epoch 1; server 2 has a quorum of ACKEPOCH for " +
			"epoch 1, too"},
	{"S9: a server that does not lead proposes", "S9",
		"server 2 proposes 1:1 but is not activated as a leader"},
	{"S9: a leader proposes in another epoch", "S11",
		"server 3, leader of epoch 1, proposes 2:3 where 1:3 is next"},
	{"S9: a leader proposes in another epoch", "S9",
		"server 3 was activated for epoch 1; it proposes 2:3"},
	{"S10: one zxid for two transactions", "S11",
		"server 3, leader of epoch 1, proposes 1:2 where 1:3 is next"},
	{"S11: a zxid is skipped", "S11",
		"server 3, leader of epoch 1, proposes 1:4 where 1:3 is next"},
	{"S11: the counter overflows", "S11",
		"server 3, leader of epoch 1, proposes 2:0 where 1:3 is next"},
	{"S11: the counter overflows", "S9", "server 3 was activated for epoch 1; it proposes 2:0"},
	{"S12: committed before a quorum has it on disk", "S12",
		"server 3 commits 1:3, acknowledged by 1,2; it is durable at 3"},
	{"S13: acknowledged before it is on disk", "S13",
		"the disk of server 1 is durable up to 1:2; it acknowledges 1:3"},
	{"S13: the leader counts itself before its disk has it", "S13",
		"the disk of server 3 is durable up to 1:2; it acknowledges 1:3"},
	{"S14: a commit is skipped", "S14", "server 3 commits 1:4 where 1:3 is next"},
	{"S15: two disks are wiped", "S15",
		"1:2 is committed; this takes something from the disk of server 2; durable at 3"},
	{"S16 and S17: a leader without a write that succeeded", "S16",
		"1:3 was committed; server 2 has joined epoch 2 without it; its history ends with 1:2"},
	{"S16 and S17: a leader without a write that succeeded", "S17",
		"a client was told that its write 1:3 succeeded; server 2 leads epoch 2 without it"},
	{"S16: a follower joins without what was committed", "S16",
		"1:3 was committed; server 1 has joined epoch 2 without it; its history ends with 1:2"},
	{"S18: what is committed is cut off", "S18",
		"1:2 was committed; server 1 truncates its log behind 1:1"},
	{"S19: a follower had more than its leader", "S19",
		"server 1 had (epoch 1, zxid 1:3), the leader only (epoch 1, zxid 1:2); server 2 is " +
			"activated for epoch 2; not more recent than the leader: 2"},
	{"S17: a write that failed may be lost, and so may a read", "S16",
		"1:1 was committed; server 2 has joined epoch 2 without it; its history ends with 0:0"},
}

// saidOfEpochs is what is said of departures from E1 to E7.
var saidOfEpochs = []said{
	{"E1: acceptedEpoch goes back", "E1", "server 1 writes acceptedEpoch 0 over 1"},
	{"E2: currentEpoch goes back", "E2", "server 1 writes currentEpoch 0 over 1"},
	{"E3: a start with currentEpoch beyond acceptedEpoch", "E3",
		"server 1 starts with acceptedEpoch 1 and currentEpoch 5"},
	{"E4: the history goes beyond currentEpoch", "E4",
		"the history of server 1 ends with 2:1; it starts with currentEpoch 1"},
	{"E5: a quorum with a server that promised nothing", "E5",
		"server 1 is in the quorum of epoch 2 and has not accepted it"},
	{"E5: one that had accepted a larger epoch before", "E1",
		"server 1 writes acceptedEpoch 2 over 3"},
	{"E5: one that had accepted a larger epoch before", "E5",
		"server 1 accepted epoch 2 after epoch 3; it is in the quorum of epoch 2"},
	{"E6: one ACKEPOCH for each of two leaders", "E6",
		"server 1 counts for server 2 in epoch 2; it counts for server 3, too"},
	{"E6: the leader counts for itself and for nobody else", "E6",
		"server 2 counts for server 3 in epoch 2; it counts for server 2, too"},
	{"E7: a follower enters an epoch without its history", "E7",
		"the disk of server 1 is durable up to 1:2; 1:3 was committed; it enters epoch 2"},
	{"E7: a leader enters its own epoch with a log that is not synced", "E7",
		"the disk of server 2 is durable up to 1:2; 1:3 was committed; it enters epoch 2"},
}

// saidOfMessages is what is said of departures from M1 to M7.
var saidOfMessages = []said{
	{"M1: a COMMIT of what was not proposed", "M1",
		"server 3 sends COMMIT 1:3 to server 1, whose oldest proposal is none"},
	{"M1: a COMMIT that overtakes another", "M1",
		"server 3 sends COMMIT 1:4 to server 1, whose oldest proposal is 1:3"},
	{"M1: a follower whose queue is empty", "M1",
		"server 1 is told to commit 1:3, and the oldest that waits there is none"},
	{"M1: a COMMITANDACTIVATE that overtakes a COMMIT", "M1",
		"server 3 sends COMMITANDACTIVATE 1:4 to server 1, whose oldest proposal is 1:3"},
	{"M2: a proposal is left out", "M2", "server 3 sends 1:5 to server 1 behind 1:3"},
	{"M2: a proposal comes twice", "M2", "server 3 sends 1:2 to server 1 behind 1:2"},
	{"M2: an epoch does not begin with 1", "M2", "server 3 sends 2:2 to server 1 behind 1:2"},
	{"M3: a proposal to a server that is not level", "M3",
		"server 3 sends 1:3 to server 1, to which it does not forward"},
	{"M3: a COMMIT to one", "M3",
		"server 3 sends COMMIT 1:3 to server 1, to which it does not forward"},
	{"M3: a COMMITANDACTIVATE to a server that is not level", "M3",
		"server 3 sends COMMITANDACTIVATE 1:3 to server 1, to which it does not forward"},
	{"M4: NEWLEADER of another epoch", "M4",
		"server 3 sends NEWLEADER 2:0, which is not its epoch"},
	{"M4: an ACK of a proposal comes first", "M4",
		"the first ACK of server 1 to server 3 is for 1:2, not for NEWLEADER 1:0"},
	{"M4: an ACK to a server that leads nothing", "M4",
		"the first ACK of server 1 to server 2 is for 1:0, not for NEWLEADER none"},
	{"M5: UPTODATE from a leader that is not activated", "M5",
		"server 3 sends UPTODATE and is not activated"},
	{"M7: activated with too few", "M7",
		"NEWLEADER 2:0 was acknowledged by 3; server 3 is activated"},
	{"M7: activated without itself", "M7",
		"NEWLEADER 2:0 was acknowledged by 1, 2; server 3 is activated"},
	{"M7: activated without a quorum of the configuration to come", "M7",
		"NEWLEADER 2:0 was acknowledged by 2, 3; server 3 is activated"},
	{"M6: the first is left out", "M6",
		"server 3 chose how to bring server 1 level; it sends 1:3 where 1:2 is next"},
	{"M6: the last is left out", "M6",
		"server 3 has 1:3; it chose how to bring server 1 level; it did so without 1:3"},
	{"M6: nothing is sent", "M6",
		"server 3 has 1:2; it chose how to bring server 1 level; it did so without 1:2"},
	{"M6: what the learner has is sent again", "M6",
		"server 3 chose how to bring server 1 level; it sends 1:1 where 1:2 is next"},
}

// saidOfElections is what is said of departures from F1 to F5.
var saidOfElections = []said{
	{"F1: elected by a minority", "F1", "server 1 elects server 3 with the votes of 1"},
	{"F1: a vote for somebody else is counted", "F1",
		"the vote of server 2 is for (epoch 0, zxid 0:0, id 2) in round 1; server 1 counts it " +
			"for (epoch 0, zxid 0:0, id 3) in round 1"},
	{"F1: a vote of another round is counted", "F1",
		"the vote of server 2 is for (epoch 0, zxid 0:0, id 3) in round 2; server 1 counts it " +
			"for (epoch 0, zxid 0:0, id 3) in round 1"},
	{"F1: a vote that was forgotten is counted", "F1",
		"server 1 counts it for (epoch 0, zxid 0:0, id 3) in round 1; no vote of server 2 is " +
			"known"},
	{"F1: a majority that is none of the configuration to come", "F1",
		"server 1 elects server 3 with the votes of 1, 2"},
	{"F3: a leader that never said so", "F3",
		"server 1 joins server 3, from which it has not heard that it leads"},
	{"F4: an observer", "F4", "server 1 elects 4, who is no voter with weight"},
	{"F4: a stranger", "F4", "server 1 elects 9, who is no voter with weight"},
	{"F2: a vote for a smaller epoch", "F2",
		"server 1 turns from (epoch 1, zxid 0:5, id 2) to (epoch 0, zxid 0:9, id 3)"},
	{"F2: a vote for a smaller zxid", "F2",
		"server 1 turns from (epoch 1, zxid 0:5, id 2) to (epoch 1, zxid 0:4, id 3)"},
	{"F2: a vote for a smaller id", "F2",
		"server 1 turns from (epoch 1, zxid 0:5, id 2) to (epoch 1, zxid 0:5, id 1)"},
	{"F5: a round before the last", "F5", "server 1 goes from round 7 to round 6"},
	{"F5: a round raised downwards", "F5", "server 1 goes from round 8 to round 7"},
}
