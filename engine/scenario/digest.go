package scenario

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"zabscope/engine/jute"
	"zabscope/engine/sim"
	"zabscope/engine/zk"
)

// digest sums up what went over the network in one step.
type digest struct {
	run   *Run
	bulk  bool
	links *object // "1>2": []*object
	notes *object // "1>2": []*object, consecutive repeats removed
	hands []*handshake
}

// newDigest begins the digest of a step.
func newDigest(r *Run, bulk bool) *digest {
	return &digest{run: r, bulk: bulk, links: &object{}, notes: &object{}}
}

// add takes a message that was delivered.
func (d *digest) add(x *sim.Delivery) {
	key := fmt.Sprintf("%d>%d", x.From, x.To)
	switch m := x.Msg.(type) {
	case *jute.QuorumPacket:
		if m.Type != zk.PING {
			d.append(d.links, key, d.run.packet(m))
		}
		d.hand(x, m)
	case *jute.SnapshotStream:
		nodes := slices.Sorted(slices.Values(m.Nodes))
		d.append(d.links, key, (&object{}).put("type", "(snapshot stream)").put("nodes", nodes).
			put("sessions", m.Sessions).put("signature", "BenWasHere"))
		if h := d.handOf(x.Conn); h != nil {
			h.plan = append(h.plan, fmt.Sprintf("(snapshot of %d nodes, %d sessions)",
				len(m.Nodes), m.Sessions))
		}
	case *jute.Notification:
		n := notificationFact(m)
		if l := listOf(d.notes, key); len(l) == 0 || !sameNotification(l[len(l)-1], n) {
			d.append(d.notes, key, n)
		}
	}
}

// listOf is the list under a key, nil if there is none yet.
func listOf(o *object, key string) []*object {
	l, _ := o.get(key).([]*object)
	return l
}

// append adds to the list under a key.
func (d *digest) append(o *object, key string, x *object) {
	o.put(key, append(listOf(o, key), x))
}

// notificationFact is a vote as the facts tell it.
func notificationFact(m *jute.Notification) *object {
	leader := any(int64(m.Leader))
	if m.Leader == zk.NoLeader {
		leader = "none"
	}
	return (&object{}).put("state", m.State.String()).put("leader", leader).
		put("zxid", m.Zxid.Hex()).put("round", m.Round).put("peerEpoch", int64(m.PeerEpoch))
}

// sameNotification compares votes in all that the facts tell.
func sameNotification(a, b *object) bool { return slices.Equal(a.values, b.values) }

// put adds the digest to a step's facts.
func (d *digest) put(o *object, f *Facts) {
	sync := []any{}
	slices.SortStableFunc(d.hands, func(a, b *handshake) int {
		return cmp.Or(cmp.Compare(a.leader, b.leader), cmp.Compare(a.learner, b.learner))
	})
	for _, h := range d.hands {
		sync = append(sync, h.object())
	}
	syncLog, log := f.logs()
	o.put("sync", sync).put("syncLog", syncLog).put("links", d.linkFacts())
	last := &object{}
	for i, key := range d.notes.keys {
		l := d.notes.values[i].([]*object)
		from, _, _ := strings.Cut(key, ">")
		last.put(from, l[len(l)-1])
	}
	o.put("notifications", d.notes).put("lastVote", last).put("log", log)
}

// linkFacts sums each link up, in the order in which the links were first used.
func (d *digest) linkFacts() *object {
	out := &object{}
	for i, key := range d.links.keys {
		l := d.links.values[i].([]*object)
		if d.bulk {
			out.put(key, byType(l))
		} else {
			regroup(out, key, squeeze(l))
		}
	}
	return out
}

// byType counts packets by type, for steps with very many.
func byType(l []*object) *object {
	out := &object{}
	for _, p := range l {
		t := p.text("type")
		b, ok := out.get(t).(*object)
		if !ok {
			b = (&object{}).put("n", 0).put("first", p.get("zxid"))
			out.put(t, b)
		}
		n, _ := b.get("n").(int)
		b.put("n", n+1).put("last", p.get("zxid"))
	}
	return out
}

// runs are the sequences of packets that squeeze looks for, in its order.
var runs = [][]string{{"PROPOSAL", "COMMIT"}, {"PROPOSAL"}, {"COMMIT"}, {"ACK"}, {"INFORM"},
	{"REQUEST"}}

// longRun is how often a sequence may repeat before it becomes one entry.
const longRun = 12

// squeeze makes one entry of a long run.
func squeeze(l []*object) []*object {
	out := []*object{}
	for i := 0; i < len(l); {
		kinds, n := runAt(l[i:])
		if n <= longRun {
			out = append(out, l[i])
			i++
			continue
		}
		end := i + n*len(kinds)
		name := kinds[0]
		if len(kinds) > 1 {
			name += "+" + kinds[1]
		}
		out = append(out, (&object{}).put("type", name).put("repeat", n).
			put("first", l[i].get("zxid")).put("last", l[end-1].get("zxid")))
		i = end
	}
	return out
}

// runAt finds the first kind of run that is long at the beginning of l.
func runAt(l []*object) (kinds []string, n int) {
	for _, kinds = range runs {
		n = 0
		for repeats(l, kinds, n) {
			n++
		}
		if n > longRun {
			return kinds, n
		}
	}
	return kinds, 0
}

// repeats reports whether a sequence stands n more times at the beginning of a list.
func repeats(l []*object, kinds []string, n int) bool {
	for j, k := range kinds {
		if at := n*len(kinds) + j; at >= len(l) || l[at].text("type") != k {
			return false
		}
	}
	return true
}

// asked are the packets that a learner sends from another thread than its ACKs.
var asked = []string{"REQUEST", "REVALIDATE", "SYNC"}

// regroup puts a link's packets into out: a learner's requests on a list of their own, as they race
// its ACKs, and the ACKs of a step with a handshake sorted, as they race each other.
func regroup(out *object, key string, l []*object) {
	has := func(t string) bool {
		return slices.ContainsFunc(l, func(p *object) bool { return p.text("type") == t })
	}
	if has("ACKEPOCH") {
		l = acksSorted(l)
	}
	if !has("REQUEST") {
		out.put(key, l)
		return
	}
	var rest, requests []*object
	for _, p := range l {
		if slices.Contains(asked, p.text("type")) {
			requests = append(requests, p)
		} else {
			rest = append(rest, p)
		}
	}
	if rest != nil {
		out.put(key, rest)
	}
	out.put(key+" requests", requests)
}

// acksSorted puts the ACKs of a list into the order of their zxids and leaves the rest in place.
func acksSorted(l []*object) []*object {
	var at []int
	var acks []*object
	for i, p := range l {
		if p.text("type") == "ACK" {
			at, acks = append(at, i), append(acks, p)
		}
	}
	slices.SortStableFunc(acks, func(a, b *object) int {
		return cmp.Compare(zxidFact(a), zxidFact(b))
	})
	out := slices.Clone(l)
	for k, i := range at {
		out[i] = acks[k]
	}
	return out
}

// zxidFact reads the zxid of a packet back; the facts hold it as text.
func zxidFact(p *object) uint64 {
	z, _ := strconv.ParseUint(p.text("zxid"), 0, 64)
	return z
}

var versionLine = regexp.MustCompile(`version=([0-9a-f]+)`)

// packet writes a learner packet as the facts do.
func (r *Run) packet(m *jute.QuorumPacket) *object {
	o := (&object{}).put("type", m.Type.String()).put("zxid", m.Zxid.Hex())
	switch m.Type {
	case zk.FOLLOWERINFO, zk.OBSERVERINFO:
		o.put("sid", int64(m.SID)).put("protocolVersion", fmt.Sprintf("0x%x", m.Protocol)).
			put("configVersion", zk.Zxid(m.ConfigVersion).Hex())
	case zk.LEADERINFO:
		o.put("protocolVersion", fmt.Sprintf("0x%x", m.Protocol))
	case zk.ACKEPOCH:
		o.put("currentEpoch", m.Epoch)
	case zk.COMMITANDACTIVATE:
		o.put("suggestedLeader", int64(m.Leader))
	case zk.PROPOSAL, zk.INFORM, zk.INFORMANDACTIVATE:
		if m.Type == zk.INFORMANDACTIVATE {
			o.put("suggestedLeader", int64(m.Leader))
		}
		putTxn(o.put("txn", m.Txn.Type.String()), m.Txn)
		o.put("session", r.name(m.Txn.Session)).put("cxid", m.Txn.Cxid)
	case zk.REQUEST:
		putRequest(o.put("request", m.Request.Type.String()), m.Request)
		o.put("session", r.name(m.Session)).put("cxid", m.Cxid)
	case zk.REVALIDATE:
		if m.Reply {
			o.put("valid", m.Valid)
		}
		o.put("session", r.name(m.Session))
	case zk.NEWLEADER, zk.UPTODATE:
		text, _ := dataText([]byte(m.Config)).(string) // cut if it is long, and the version with it
		if v := versionLine.FindStringSubmatch(text); v != nil {
			o.put("configVersion", "0x"+v[1])
		} else if m.Config != "" {
			o.put("configVersion", nil)
		}
	}
	return o
}
