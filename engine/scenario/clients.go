package scenario

import (
	"bytes"
	"fmt"

	"zabscope/engine/client"
	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
)

// Session timeout and patience of the clients that steps open: those with which facts were
// recorded.
const (
	defaultSession = Millis(300000)
	writeWait      = 15 * node.Second // for the connection, and for each answer
	readWait       = 10 * node.Second
	bulkWait       = 60 * node.Second
	reconfigWait   = 20 * node.Second
	refusedWait    = 2 * node.Second
	bulkWindow     = 200
)

// caller is one client machine; a visitor has many lives, one after another.
type caller struct {
	id      node.ID
	name    string
	timeout Millis
	visitor bool // no step can name it
	alone   bool // it reconnects by itself, as the Java client does
	life    *client.Client
}

// newCaller adds a client machine to the world.
func (r *Run) newCaller(name string) *caller {
	c := &caller{id: r.nextID, name: name}
	r.nextID++
	r.rec.Header().Machines = append(r.rec.Header().Machines,
		trace.MachineInfo{ID: c.id, Name: name, Role: "client"})
	r.sim.Add(c.id, name, func(_ node.Disk, rand *node.Rand) node.Machine {
		cfg := client.Config{ID: c.id, SessionTimeout: int32(c.timeout), Bare: !c.alone}
		for _, s := range r.scenario.Servers {
			cfg.Servers = append(cfg.Servers, node.ID(s.SID))
		}
		c.life = client.New(cfg, rand)
		return c.life
	})
	return c
}

// visit starts a client without a name and lets it connect to a server.
func (r *Run) visit(via zk.SID) *caller {
	for _, c := range r.visitors {
		if !r.sim.Up(c.id) {
			return r.connect(c, via, defaultSession)
		}
	}
	c := r.newCaller(fmt.Sprintf("visitor %d", len(r.visitors)+1))
	c.visitor = true
	r.visitors = append(r.visitors, c)
	return r.connect(c, via, defaultSession)
}

// connect starts a client process and lets it dial a server.
func (r *Run) connect(c *caller, via zk.SID, timeout Millis) *caller {
	c.timeout = timeout
	if err := r.sim.Start(c.id); err != nil {
		panic(err) // it is down: we looked
	}
	r.command(c, client.Connect{Server: node.ID(via)})
	return c
}

// command tells a client process that is up.
func (r *Run) command(c *caller, command any) {
	if err := r.sim.Command(c.id, command); err != nil {
		panic(err) // it is up: we started it
	}
}

// named finds a client that a step names.
func (r *Run) named(name string) (*caller, error) {
	c := r.clients[name]
	if c == nil || !r.sim.Up(c.id) {
		return nil, fmt.Errorf("there is no client %q; `client %s via ...` makes one", name, name)
	}
	return c, nil
}

// request makes a client request of a scenario's.
func request(t Txn) *zk.Request {
	q := &zk.Request{Path: t.Path, Version: t.Version, Watch: t.Watch}
	switch t.Op {
	case "create":
		q.Type, q.Data, q.ACL, q.Flags = zk.OpCreate, []byte(t.Data), zk.OpenACLUnsafe, t.Flags
		q.Version = 0
	case "set":
		q.Type, q.Data = zk.OpSetData, []byte(t.Data)
	case "delete":
		q.Type = zk.OpDelete
	case "check":
		q.Type = zk.OpCheck
	case "sync":
		q.Type = zk.OpSync
	case "get":
		q.Type = zk.OpGetData
	case "exists":
		q.Type = zk.OpExists
	case "children":
		q.Type = zk.OpGetChildren2
	case "multi":
		q.Type = zk.OpMulti
		for _, x := range t.Ops {
			q.Ops = append(q.Ops, *request(x))
		}
	}
	return q
}

// Requests makes the client requests of a whole step.
func Requests(list []Txn) []*zk.Request {
	out := make([]*zk.Request, len(list))
	for i, t := range list {
		out[i] = request(t)
	}
	return out
}

// tags reserves names for n calls and returns the first.
func (r *Run) tags(n int) int64 {
	first := r.nextTag + 1
	r.nextTag += int64(n)
	return first
}

// patience measures how long a client has waited: for its connection or, later, since the last
// answer.
type patience struct {
	run   *Run
	life  *client.Client
	since node.Time
	limit node.Time
	seen  int // answers counted
}

// patient begins to measure how long a client waits.
func (r *Run) patient(c *caller, limit node.Time) *patience {
	return &patience{run: r, life: c.life, since: r.sim.Now(), limit: limit}
}

// trouble is why the calls will get no more answers, "" if they may. The wording is that of the
// recorded facts.
func (p *patience) trouble() string {
	h := p.life.History()
	if n := len(h.Ops) - h.Pending(); n != p.seen {
		p.seen, p.since = n, p.run.sim.Now()
	}
	switch {
	case p.life.State() == client.Expired:
		return "ZKError: SessionExpired (-112)"
	case p.life.Failure() == "connection refused":
		return "ConnectionRefusedError: [Errno 111] Connection refused"
	case p.life.State() == client.Idle:
		return "ConnectionError: closed by server"
	case p.run.sim.Now()-p.since >= p.limit:
		return "TimeoutError: timed out"
	}
	return ""
}

// exception is what the facts tell where a client gave up.
func exception(text string) any { return (&object{}).put("exception", text) }

// write is one session from its beginning to its end.
func (r *Run) write(s *Step) (outcome, error) {
	c := r.visit(s.Via)
	tag := r.tags(len(s.Txns))
	r.command(c, client.Do{Tag: tag, Requests: Requests(s.Txns), End: !s.LeaveOpen})
	return r.answers(c, s.Txns, tag, writeWait, func(list []any) any {
		if s.LeaveOpen {
			r.leave(c)
		}
		return list
	}), nil
}

// leave ends a visitor's process without closing its session.
func (r *Run) leave(c *caller) {
	if r.sim.Up(c.id) {
		_ = r.sim.Kill(c.id) // it is up
	}
}

// answers waits for the calls of a client that then ends its session or stays, and words their
// results.
func (r *Run) answers(c *caller, txns []Txn, tag int64, limit node.Time,
	then func([]any) any) outcome {
	p := r.patient(c, limit)
	life, session := c.life, int64(0)
	return func() (any, bool) {
		if life.Session() != 0 {
			session = life.Session() // it is 0 again once it is closed
		}
		h := life.History()
		done := h.Pending() == 0 && (len(txns) == 0 || h.Find(tag+int64(len(txns))-1) != nil)
		if trouble := p.trouble(); trouble != "" && (!done || lost(h, tag)) {
			r.leaveVisitor(c)
			return exception(trouble), true
		}
		if !done || life.State() == client.Connecting {
			return nil, false
		}
		r.name(session)
		out := []any{}
		for i, t := range txns {
			out = append(out, r.resultOf(t, h.Find(tag+int64(i))))
		}
		return then(out), true
	}
}

// lost reports whether a call at or after the tag ended without an answer.
func lost(h *client.History, tag int64) bool {
	for i := range h.Ops {
		o := &h.Ops[i]
		if (o.Tag >= tag || o.Tag < 0) && o.Done && o.Result.Err == zk.ErrConnectionLoss {
			return true
		}
	}
	return false
}

// leaveVisitor ends the process of a client that no step can name any more.
func (r *Run) leaveVisitor(c *caller) {
	if c.visitor {
		r.leave(c)
	}
}

// read is a session that asks one question.
func (r *Run) read(s *Step) (outcome, error) {
	c := r.visit(s.Via)
	t := newTxn("get")
	t.Path = s.Path
	tag := r.tags(1)
	r.command(c, client.Do{Tag: tag, Requests: []*zk.Request{request(t)}, End: true})
	return r.answers(c, []Txn{t}, tag, readWait, func(list []any) any { return list[0] }), nil
}

// defaultSize is the number of bytes of data in a bulk step.
const defaultSize = 10

// bulk keeps a window of requests under way, so that the leader proposes in batches.
func (r *Run) bulk(s *Step) (outcome, error) {
	size := s.Size
	if size == 0 {
		size = defaultSize
	}
	list := make([]*zk.Request, s.Count)
	for i := range list {
		data := append([]byte(fmt.Sprintf("%d:", i)), bytes.Repeat([]byte("x"), int(size))...)
		digits := len(data) - int(size)
		list[i] = &zk.Request{Type: zk.OpSetData, Path: s.Path, Version: -1,
			Data: data[:max(int(size), digits)]}
	}
	c := r.visit(s.Via)
	tag := r.tags(len(list))
	r.command(c, client.Do{Tag: tag, Requests: list, Window: bulkWindow, Ensure: s.Path, End: true})
	life := c.life
	return r.answers(c, nil, tag, bulkWait, func([]any) any {
		return (&object{}).put("zxid", life.LastZxid().Hex())
	}), nil
}

// client opens a session that later steps use by its name.
func (r *Run) client(s *Step) (outcome, error) {
	c := r.clients[s.Name]
	if c != nil && r.sim.Up(c.id) {
		return nil, fmt.Errorf("there is a client %q already; `end %s` closes it", s.Name, s.Name)
	}
	if c == nil {
		c = r.newCaller("client " + s.Name)
		r.clients[s.Name] = c
	}
	timeout := s.Timeout
	if timeout == 0 {
		timeout = defaultSession
	}
	c.alone = s.Reconnects
	return r.session(r.connect(c, s.Via, timeout)), nil
}

// session waits for a client's connection and tells which session it has.
func (r *Run) session(c *caller) outcome {
	p := r.patient(c, readWait)
	return func() (any, bool) {
		if c.life.State() == client.Connected {
			return (&object{}).put("session", r.name(c.life.Session())).
				put("timeout", c.life.Timeout()), true
		}
		if trouble := p.trouble(); trouble != "" {
			return exception(trouble), true
		}
		return nil, false
	}
}

// do waits for each answer before it asks the next.
func (r *Run) do(s *Step) (outcome, error) {
	c, err := r.named(s.Name)
	if err != nil {
		return nil, err
	}
	tag := r.tags(len(s.Txns))
	r.command(c, client.Do{Tag: tag, Requests: Requests(s.Txns)})
	return r.answers(c, s.Txns, tag, readWait, func(list []any) any { return list }), nil
}

// send puts requests on their way and looks back at none of them.
func (r *Run) send(s *Step) (outcome, error) {
	c, err := r.named(s.Name)
	if err != nil {
		return nil, err
	}
	tag := r.tags(len(s.Txns))
	r.command(c, client.Do{Tag: tag, Requests: Requests(s.Txns), Window: len(s.Txns)})
	sent := []any{}
	for _, t := range s.Txns {
		sent = append(sent, (&object{}).put("op", t.Op).put("sent", true))
	}
	return func() (any, bool) { return sent, true }, nil
}

// drop is a client that vanishes: the ensemble learns of it by the silence.
func (r *Run) drop(s *Step) (outcome, error) {
	c, err := r.named(s.Name)
	if err == nil {
		r.command(c, client.Drop{})
	}
	return nil, err
}

// move shows the session and its password to another server.
func (r *Run) move(s *Step) (outcome, error) {
	c, err := r.named(s.Name)
	if err != nil {
		return nil, err
	}
	r.command(c, client.Move{Server: node.ID(s.Via)})
	wait := r.session(c)
	return func() (any, bool) {
		v, over := wait()
		if over && c.life.State() == client.Expired {
			return (&object{}).put("error", "SessionExpired (-112)"), true
		}
		return v, over
	}, nil
}

// end closes a session in the proper way and waits for that.
func (r *Run) end(s *Step) (outcome, error) {
	c, err := r.named(s.Name)
	if err != nil {
		return nil, err
	}
	r.command(c, client.End{})
	p := r.patient(c, readWait)
	return func() (any, bool) {
		trouble := p.trouble()
		switch {
		case trouble != "" && c.life.State() != client.Closed:
			r.leave(c)
			return exception(trouble), true
		case r.sim.Up(c.id):
			return nil, false
		}
		return nil, true
	}, nil
}

// refused asks a server that should not serve, and says how it was turned away.
func (r *Run) refused(s *Step) (outcome, error) {
	c := r.visit(s.Via)
	p := r.patient(c, refusedWait)
	return func() (any, bool) {
		trouble := p.trouble()
		switch {
		case c.life.State() == client.Connected:
			r.leave(c)
			return "ACCEPTED", true
		case trouble == "":
			return nil, false
		}
		refused := c.life.Failure() == "connection refused"
		r.leave(c)
		if refused {
			return "refused: nothing listens on the client port", true
		}
		kind, _, _ := bytes.Cut([]byte(trouble), []byte(":"))
		return fmt.Sprintf("refused: no session (%s)", kind), true
	}, nil
}

// reconfig may cost its client the connection even though the change is made: the server that is
// asked may be the one that leaves.
func (r *Run) reconfig(s *Step) (outcome, error) {
	q := &zk.Request{Type: zk.OpReconfig, Leaving: s.Leaving, NewMembers: s.Members,
		Joining: r.joining(s.Joining), CurConfigID: -1}
	c := r.visit(s.Via)
	tag := r.tags(1)
	r.command(c, client.Do{Tag: tag, Requests: []*zk.Request{q}, End: true})
	wait := r.answers(c, nil, tag, reconfigWait, func([]any) any { return nil })
	life := c.life
	return func() (any, bool) {
		v, over := wait()
		if !over {
			return nil, false
		}
		if v != nil {
			return (&object{}).put("connection", "ConnectionError"), true
		}
		return reconfigResult(life.History().Find(tag)), true
	}, nil
}

// joining writes the servers that join as server.N lines.
func (r *Run) joining(j Joiners) string {
	text := j.Spec
	for _, id := range j.SIDs {
		m, _ := r.scenario.membership(0).Lookup(id)
		if text != "" {
			text += ","
		}
		text += fmt.Sprintf("server.%d=%s", id, m.Spec())
	}
	return text
}
