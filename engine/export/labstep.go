package export

import (
	"fmt"
	"slices"
	"strconv"

	"zabscope/engine/node"
	"zabscope/engine/scenario"
	"zabscope/engine/zk"
	"zabscope/engine/zkcli"
)

// actions adds what people did, at the distances at which they did it.
func (l *lab) actions(m *Made) error {
	if m.Origin.Script != "" || m.Origin.Preset != "" {
		r, err := m.Origin.Open(nil)
		if err != nil {
			return err
		}
		l.began = r.Now()
	}
	for i := range m.Actions {
		a := &m.Actions[i]
		where := "the action at " + seconds(a.At) + " s"
		if a.CLI != "" {
			l.typed(where, a)
			continue
		}
		s, err := scenario.ParseStep("action", a.Do)
		if err != nil {
			continue // it was refused then, and did nothing
		}
		if s.Op == "write" || s.Op == "read" {
			l.asked(where, a.At, &s)
			continue
		}
		l.add(where, a.At, s)
	}
	return nil
}

// seconds writes a time as JSON has it.
func seconds(t node.Time) string {
	return strconv.FormatFloat(float64(t)/float64(node.Second), 'f', -1, 64)
}

// add adds a step that is to begin at a time: the one before it waits until then.
func (l *lab) add(where string, at node.Time, s scenario.Step) {
	s.Quiet = 0
	if n := len(l.sc.Steps); n > 0 && at > l.began {
		last := &l.sc.Steps[n-1]
		if last.Until == nil {
			last.Until = waiting(at - l.began)
		} else {
			l.sc.Steps = append(l.sc.Steps, pausing(at-l.began))
		}
	}
	l.began = max(l.began, at)
	l.step(where, s)
}

// waiting is a condition that only takes time.
func waiting(t node.Time) *scenario.Until { return pausing(t).Until }

// pausing is a step that only takes time.
func pausing(t node.Time) scenario.Step {
	s, err := scenario.ParseStep("wait",
		fmt.Sprintf("wait until min %dus quiet 0s", t/node.Microsecond))
	if err != nil {
		panic(err) // a day at most, in microseconds
	}
	return s
}

// asked makes a write or a read a request over the lasting session that its server's client has.
func (l *lab) asked(where string, at node.Time, s *scenario.Step) {
	txns := s.Txns
	if s.Op == "read" {
		txns = []scenario.Txn{{Op: "get", Path: s.Path, Version: -1}}
	}
	l.send(where, at, s.Via, txns)
}

// typed does so with a line of zkCli.
func (l *lab) typed(where string, a *Action) {
	c, err := zkcli.Parse(a.CLI)
	if err != nil {
		return // zkCli printed a complaint, and asked no server
	}
	q := c.Next(nil)
	if q == nil {
		return // it prints something, and asks no server
	}
	t, ok := txnOf(q)
	if !ok {
		l.refuse(where, "zkCli "+c.Name(), readRemedy)
		return
	}
	l.send(where, a.At, zk.SID(a.Server), []scenario.Txn{t})
}

// txnOf words a request of zkCli as a scenario's; false if it has no word for it.
func txnOf(q *zk.Request) (scenario.Txn, bool) {
	t := scenario.Txn{Path: q.Path, Data: string(q.Data), Version: q.Version}
	switch q.Type {
	case zk.OpCreate, zk.OpCreate2:
		t.Op, t.Flags, t.Version = "create", q.Flags, -1
		return t, slices.Equal(q.ACL, zk.OpenACLUnsafe) && q.Flags < 4
	case zk.OpSetData:
		t.Op = "set"
	case zk.OpDelete:
		t.Op = "delete"
	case zk.OpSync:
		t.Op = "sync"
	case zk.OpGetData:
		t.Op, t.Version = "get", -1
		return t, !q.Watch
	default:
		return t, false
	}
	return t, true
}

// send adds requests over the lasting session at a server, and opens it if this is its first.
func (l *lab) send(where string, at node.Time, via zk.SID, txns []scenario.Txn) {
	name := l.clients[via]
	if name == "" {
		name = "client-" + via.String()
		l.clients[via] = name
		open, err := scenario.ParseStep("client", "client "+name+" via "+via.String())
		if err != nil {
			l.refuse(where, "a client of server "+via.String(), "There is no such server.")
			return
		}
		l.add(where, at, open)
	}
	s, err := scenario.ParseStep("send", "send "+name+" sync /")
	if err != nil {
		panic(err) // a name made above
	}
	s.Txns = txns
	l.add(where, at, s)
}
