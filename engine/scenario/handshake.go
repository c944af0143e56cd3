package scenario

import (
	"fmt"
	"strings"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/sim"
	"zabscope/engine/zk"
)

// handshake is one synchronization of a learner: what it said, and what the leader sent it up to
// UPTODATE.
type handshake struct {
	conn            node.ConnID
	leader, learner node.ID
	kind            string
	accepted        zk.Epoch
	plan            []string
	mode            any
	ack             *object
	info            string
	newLeader, done bool
}

// handOf finds the handshake on a connection, nil if there is none in this step.
func (d *digest) handOf(conn node.ConnID) *handshake {
	for _, h := range d.hands {
		if h.conn == conn {
			return h
		}
	}
	return nil
}

// hand follows a handshake. A connection between servers is dialled by the learner.
func (d *digest) hand(x *sim.Delivery, m *jute.QuorumPacket) {
	if m.Type == zk.FOLLOWERINFO || m.Type == zk.OBSERVERINFO {
		d.hands = append(d.hands, &handshake{conn: x.Conn, leader: x.To, learner: x.From,
			kind: m.Type.String(), accepted: m.Zxid.Epoch()})
		return
	}
	h := d.handOf(x.Conn)
	switch {
	case h == nil || h.done:
	case m.Type == zk.ACKEPOCH:
		h.ack = (&object{}).put("lastZxid", m.Zxid.Hex()).put("currentEpoch", m.Epoch)
	case m.Type == zk.LEADERINFO:
		h.info = m.Zxid.Hex()
	case x.From == h.leader && m.Type != zk.PING:
		h.sent(m)
	}
}

// sent adds a packet of the leader to the plan.
func (h *handshake) sent(m *jute.QuorumPacket) {
	mode, _ := h.mode.(string)
	txn := m.Type == zk.PROPOSAL || m.Type == zk.COMMIT || m.Type == zk.INFORM
	switch {
	case h.mode == nil:
		h.mode = m.Type.String()
	case txn && !h.newLeader && !strings.HasSuffix(mode, "+txns"):
		h.mode = mode + "+txns"
	}
	item := m.Type.String()
	if m.Type != zk.UPTODATE {
		item += " " + m.Zxid.Hex()
	}
	h.newLeader = h.newLeader || m.Type == zk.NEWLEADER
	h.plan = append(h.plan, item)
	if m.Type == zk.UPTODATE {
		h.done = true
		h.plan = shortPlan(h.plan)
	}
}

// longPlan is how many PROPOSAL and COMMIT pairs a plan may list one by one.
const longPlan = 8

// shortPlan makes one line of many PROPOSAL and COMMIT pairs.
func shortPlan(plan []string) []string {
	var out []string
	for i := 0; i < len(plan); {
		n := 0
		for i+2*n+1 < len(plan) && isPair(plan[i+2*n], plan[i+2*n+1]) {
			n++
		}
		if n <= longPlan {
			out = append(out, plan[i])
			i++
			continue
		}
		out = append(out, fmt.Sprintf("%d x (PROPOSAL, COMMIT) %s..%s", n,
			strings.TrimPrefix(plan[i], "PROPOSAL "),
			strings.TrimPrefix(plan[i+2*n-1], "COMMIT ")))
		i += 2 * n
	}
	return out
}

// isPair reports whether b is the commit of the proposal a.
func isPair(a, b string) bool {
	zxid, ok := strings.CutPrefix(a, "PROPOSAL ")
	return ok && b == "COMMIT "+zxid
}

// object writes the handshake as the facts do.
func (h *handshake) object() *object {
	plan := h.plan
	if plan == nil {
		plan = []string{}
	}
	o := (&object{}).put("leader", int(h.leader)).put("learner", int(h.learner)).
		put("kind", h.kind).put("acceptedEpoch", int64(h.accepted)).put("plan", plan).
		put("mode", h.mode)
	if h.info != "" {
		o.put("leaderInfo", h.info)
	}
	if h.ack != nil {
		o.put("ackEpoch", h.ack)
	}
	return o
}
