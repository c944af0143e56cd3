package sim_test

import (
	"fmt"
	"strings"

	"zabscope/engine/node"
	"zabscope/engine/sim"
)

// scribe is a tiny replicated log. Scribe 1 leads for ever: at each tick it adds an entry, makes it
// durable and sends it to those connected to it; what a majority has durable is committed.
type scribe struct {
	id     node.ID
	of     int // how many scribes there are
	disk   node.Disk
	rand   *node.Rand
	out    node.Out
	log    []string
	synced int  // entries that are durable
	told   bool // follower: the leader has said what is committed
	commit int
	conns  map[node.ConnID]int // leader: to followers, with what they have durable
	order  []node.ConnID
	leader node.ConnID // follower: open connection, 0 for none
	dialed uint32
	life   uint16
}

const (
	timerTick uint16 = iota
	timerWait
)

func (s *scribe) SetTracing(on bool) { s.out.Tracing = on }

func (s *scribe) Step(in node.Input, buf []node.Effect) []node.Effect {
	s.out.Begin(in.Now, buf)
	switch in.Kind {
	case node.Start:
		s.start(in)
	case node.Fired:
		s.fired(in)
	case node.Connected:
		s.leader = in.Conn
		s.say(in.Conn, "have %d", len(s.log))
	case node.DialFailed:
		s.retry()
	case node.Closed:
		s.closed(in)
	case node.Received:
		s.received(in)
	case node.Synced:
		s.onSynced(int(in.Token))
	case node.SyncFailed:
		s.out.Exit("fsync failed")
	}
	return s.out.End()
}

func (s *scribe) say(c node.ConnID, format string, args ...any) {
	s.out.Send(c, word(fmt.Sprintf(format, args...)))
}

func (s *scribe) start(in node.Input) {
	s.life = in.Incarnation
	data, _ := s.disk.Read("log")
	whole := data[:strings.LastIndexByte(string(data), '\n')+1]
	if len(whole) < len(data) {
		if s.disk.Truncate("log", int64(len(whole))) != nil {
			s.out.Exit("disk")
			return
		}
	}
	s.log = entries(whole)
	s.out.Event(loaded).With(node.Int(int64(len(s.log)))).Cut(fieldLog, len(s.log)).Leads()
	if s.id == 1 {
		s.out.Listen(7)
		s.out.SetTimer(node.Timer{Kind: timerTick}, in.Now+node.Millisecond)
	} else {
		s.dial()
	}
}

func entries(whole []byte) []string {
	if len(whole) == 0 {
		return nil
	}
	return strings.Split(strings.TrimSuffix(string(whole), "\n"), "\n")
}

func (s *scribe) dial() {
	s.dialed++
	c := node.MakeConn(s.id, s.life, s.dialed)
	s.out.Dial(c, 1, 7, s.out.Now+50*node.Millisecond)
}

func (s *scribe) retry() {
	s.out.SetTimer(node.Timer{Kind: timerWait, N: int64(s.id)}, s.out.Now+5*node.Millisecond)
}

func (s *scribe) fired(in node.Input) {
	if in.Timer.Kind == timerWait {
		s.dial()
		return
	}
	gap := node.Millisecond + node.Time(s.rand.Intn(int64(node.Millisecond)))
	s.out.SetTimer(in.Timer, in.Now+gap)
	s.add(fmt.Sprintf("%d.%d", s.life, s.rand.Intn(1000)))
}

func (s *scribe) add(text string) {
	if s.disk.Append("log", []byte(text+"\n")) != nil {
		s.out.Exit("disk")
		return
	}
	s.log = append(s.log, text)
	s.out.Event(appended).With(node.Int(int64(len(s.log))), node.Text(text)).
		Append(fieldLog, node.Text(text))
	s.out.Sync(node.Token(len(s.log)), "log")
	for _, c := range s.order {
		s.say(c, "put %d %s", len(s.log), text)
	}
}

func (s *scribe) onSynced(n int) {
	s.synced = max(s.synced, n)
	if s.id == 1 {
		s.tally()
	} else if s.leader != 0 {
		s.say(s.leader, "ack %d", s.synced)
	}
}

func (s *scribe) tally() {
	for n := s.synced; n > s.commit; n-- {
		count := 1
		for _, c := range s.order {
			if s.conns[c] >= n {
				count++
			}
		}
		s.out.Event(decided).Check(0, count > s.of/2, node.Int(int64(count)),
			node.Int(int64(s.of/2))).Decides()
		if count > s.of/2 {
			s.commitTo(n)
			return
		}
	}
}

func (s *scribe) commitTo(n int) {
	s.commit = n
	s.out.Event(committed).With(node.Int(int64(n))).Set(fieldCommitted, node.Int(int64(n))).Leads()
	for _, c := range s.order {
		s.say(c, "commit %d", n)
	}
}

func (s *scribe) closed(in node.Input) {
	if s.id != 1 {
		s.leader = 0
		s.retry()
		return
	}
	for i, c := range s.order {
		if c == in.Conn {
			s.order = append(s.order[:i], s.order[i+1:]...)
		}
	}
	delete(s.conns, in.Conn)
}

func (s *scribe) received(in node.Input) {
	var verb, text string
	var n int
	fmt.Sscan(string(in.Msg.(word)), &verb, &n, &text)
	switch verb {
	case "have":
		s.welcome(in.Conn, n)
	case "cut":
		s.cut(n)
	case "put":
		if n == len(s.log)+1 {
			s.add(text)
		}
	case "ack":
		s.conns[in.Conn] = n
		s.tally()
	case "commit":
		if n = min(n, len(s.log)); n > s.commit {
			s.commitTo(n)
		}
	}
}

func (s *scribe) welcome(c node.ConnID, n int) {
	if s.conns == nil {
		s.conns = map[node.ConnID]int{}
	}
	s.conns[c] = 0
	s.order = append(s.order, c)
	s.say(c, "cut %d", 0)
	for i := range s.log {
		s.say(c, "put %d %s", i+1, s.log[i])
	}
}

func (s *scribe) cut(n int) {
	size := 0
	for _, e := range s.log[:n] {
		size += len(e) + 1
	}
	if len(s.log) > n && s.disk.Truncate("log", int64(size)) != nil {
		s.out.Exit("disk")
		return
	}
	s.log, s.synced, s.commit, s.told = s.log[:n:n], min(s.synced, n), min(s.commit, n), true
	s.out.Event(loaded).With(node.Int(int64(n))).Cut(fieldLog, n).
		Set(fieldCommitted, node.Int(int64(s.commit)))
}

func (s *scribe) View() *node.State {
	v := node.NewState()
	for _, e := range s.log {
		v.Lists[fieldLog] = append(v.Lists[fieldLog], []node.Value{node.Text(e)})
	}
	if s.commit > 0 || s.told {
		v.Scalars[fieldCommitted] = []node.Value{node.Int(int64(s.commit))}
	}
	return v
}

// scribes makes a world of n scribes that are up.
func scribes(n int, c sim.Config) *sim.Sim {
	c.Vocabulary = toyVocabulary
	c.OnCrash = func(_ node.ID, d node.Disk, e *node.Event) {
		data, _ := d.Read("log")
		e.Cut(fieldLog, strings.Count(string(data), "\n"))
	}
	s := sim.New(c)
	for id := node.ID(1); id <= node.ID(n); id++ {
		s.Add(id, "", func(d node.Disk, r *node.Rand) node.Machine {
			return &scribe{id: id, of: n, disk: d, rand: r}
		})
		if err := s.Start(id); err != nil {
			panic(err)
		}
	}
	return s
}
