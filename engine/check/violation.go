package check

import (
	"fmt"
	"strings"

	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// Fact is one of the things that cannot be true together.
type Fact struct {
	Seq  node.Seq // event that shows it, 0 if none does alone
	Text string
}

// Violation is a rule that does not hold.
type Violation struct {
	Rule      string   // S1 to S19, E1 to E7, M1 to M7, F1 to F5
	Server    node.ID  // where it shows
	Zxid      zk.Zxid  // the transaction it is about, or the start of the epoch
	Seq       node.Seq // event at which it was seen
	Statement string   // what should be true, in words
	Facts     []Fact   // what clashes, in the order of events; those without one last
	// Bug is a known bug, live under the options of the run, that does this, "ZOOKEEPER-4643";
	// for one that was never reported, the option that repairs it; "" for none.
	Bug string
}

// String is one line: the rule, the facts with their event numbers, the bug.
func (v Violation) String() string {
	s := v.Rule + ": " + v.Statement + " " + v.factText()
	if v.Bug != "" {
		s += " (" + v.Bug + ")"
	}
	return s
}

func (v Violation) factText() string {
	out := make([]string, len(v.Facts))
	for i, f := range v.Facts {
		out[i] = f.Text
		if f.Seq != 0 {
			out[i] += fmt.Sprintf(" [#%d]", f.Seq)
		}
	}
	return strings.Join(out, "; ")
}

// Event writes the violation into an event of kind node.KindViolated.
func (v Violation) Event(e *node.Event) *node.Event {
	return e.Begin(node.KindViolated).With(node.Text(v.Rule), node.Text(v.Statement),
		node.Text(v.factText()), node.Text(v.Bug)).From(v.Seq)
}

// Rule is a property in words.
type Rule struct {
	ID        string
	Name      string
	Statement string
}

// Rules lists every rule that is checked, in the order in which they are reported when one event
// breaks several.
func Rules() []Rule { return append([]Rule(nil), rules...) }

var rules = []Rule{
	{"S8", "Leader uniqueness", "An epoch has at most one leader."},
	{"S10", "Zxid uniqueness", "No two transactions have the same zxid."},
	{"S11", "Zxid contiguity", "The leader of an epoch proposes 1, 2, 3 and so on, never 0."},
	{"S9", "Proposer", "Only the activated leader of an epoch proposes in it."},
	{"S1", "Integrity", "Whatever is delivered was proposed by some leader."},
	{"S4", "Prefix consistency",
		"All servers deliver the same transactions at the same places."},
	{"S2", "Agreement", "Of any two servers, one has delivered all that the other has."},
	{"S3", "Total order", "Servers deliver in the order of zxids, and so all in the same order."},
	{"S5", "Local primary order",
		"Who delivers a transaction has delivered all that its leader proposed before."},
	{"S6", "Global primary order",
		"Transactions of an older epoch are delivered before those of a newer one."},
	{"S7", "Primary integrity",
		"A leader has delivered, before it proposes, all that is ever delivered of older epochs."},
	{"S12", "Commit quorum",
		"A transaction is committed only when it is durable at a quorum."},
	{"S13", "Ack honesty", "A server acknowledges only what is durable on its disk."},
	{"S14", "Commit order", "A leader commits in zxid order and leaves none out."},
	{"S18", "Truncation safety",
		"What was committed when a truncation was chosen is not truncated."},
	{"S15", "Durable prefix",
		"Every committed transaction is durable at a quorum at any time."},
	{"S16", "No loss", "Servers of a later epoch have all that was committed before."},
	{"S17", "No lost writes",
		"A write that a client was told of is known to every later leader."},
	{"S19", "Election safety",
		"A leader's history is as recent as that of each server of a quorum that accepted it."},
	{"E1", "acceptedEpoch grows", "acceptedEpoch never decreases."},
	{"E2", "currentEpoch grows", "currentEpoch never decreases."},
	{"E3", "Epochs in order", "At a start acceptedEpoch is not less than currentEpoch."},
	{"E4", "Epoch covers history",
		"At a start currentEpoch is not less than the epoch of the last transaction."},
	{"E5", "Fresh epoch",
		"A new epoch is larger than any that a server of its quorum had accepted."},
	{"E6", "One promise", "A server counts for one leader of an epoch only."},
	{"E7", "History before epoch",
		"A server enters an epoch on disk only after the committed history it begins with."},
	{"M1", "Matching commit", "A COMMIT names the oldest transaction that waits for one."},
	{"M2", "Proposals in sequence", "A PROPOSAL follows the one before, or begins a newer epoch."},
	{"M3", "Forwarding first",
		"A learner hears of new proposals only once the leader forwards to it."},
	{"M4", "NEWLEADER answered first",
		"The first ACK that a leader hears from a learner names the new epoch."},
	{"M5", "Activation first", "UPTODATE is sent only by an activated leader."},
	{"M6", "Complete DIFF",
		"A DIFF holds all that the leader has and the learner lacks, in order."},
	{"M7", "Activation quorum",
		"A leader is activated only when a quorum, itself included, acknowledged NEWLEADER."},
	{"F1", "Election quorum", "Who is elected has the votes of a quorum, all alike."},
	{"F2", "Votes improve", "Within a round a server's vote only gets better."},
	{"F3", "Leader heard", "Who joins a leader has heard it say that it leads."},
	{"F4", "Electable", "Only voters with weight are elected."},
	{"F5", "Rounds grow", "A server's election round does not go back."},
}

// statements and ranks of the rules by id.
var statements, ranks = func() (map[string]string, map[string]int) {
	s, r := map[string]string{}, map[string]int{}
	for i, x := range rules {
		s[x.ID], r[x.ID] = x.Statement, i
	}
	return s, r
}()

// fact makes a Fact; seq is the event that shows it.
func fact(seq node.Seq, format string, args ...any) Fact {
	return Fact{seq, fmt.Sprintf(format, args...)}
}

// violated makes the finding of a rule at one server.
func violated(rule string, at node.ID, z zk.Zxid, facts ...Fact) []Violation {
	return []Violation{{Rule: rule, Server: at, Zxid: z, Statement: statements[rule],
		Facts: facts}}
}
