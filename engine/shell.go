package engine

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"zabscope/engine/client"
	"zabscope/engine/node"
	"zabscope/engine/peer"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
	"zabscope/engine/zkcli"
)

// sessionTimeout is what zkCli.sh asks for, in milliseconds.
const sessionTimeout = 30_000

// shell is a zkCli.sh that knows one server, with a session of its own. Its process starts when
// it is first asked for something; when its session has expired, the next request starts another.
type shell struct {
	id     node.ID // of the client
	server node.ID
	client *client.Client // its present life, nil before the first
	lines  []*typed       // under way, in the order in which they were typed
	heard  int            // notices of the present life that were printed
}

// typed is a line under way.
type typed struct {
	*zkcli.Command
	over    bool
	printed func([]string)
}

// Next implements client.Program.
func (t *typed) Next(last *zk.Result) *zk.Request {
	q := t.Command.Next(last)
	t.over = q == nil
	return q
}

// addShells adds a client for each server; first is the id of the first.
func (r *Run) addShells(first node.ID) {
	for i, server := range r.sids {
		s := &shell{id: first + node.ID(i), server: server}
		name := fmt.Sprintf("client %d", server)
		cfg := client.Config{ID: s.id, Servers: []node.ID{server}, SessionTimeout: sessionTimeout,
			Patience: sessionTimeout}
		r.shells = append(r.shells, s)
		header := r.rec.Header()
		header.Machines = append(header.Machines,
			trace.MachineInfo{ID: s.id, Name: name, Role: "client"})
		r.sim.Add(s.id, name, func(_ node.Disk, rand *node.Rand) node.Machine {
			s.client, s.heard = client.New(cfg, rand), 0
			return s.client
		})
	}
}

// shellAt finds the shell of a server. The error says which servers there are.
func (r *Run) shellAt(server int) (*shell, error) {
	for _, s := range r.shells {
		if s.server == node.ID(server) {
			return s, nil
		}
	}
	if len(r.sids) == 1 {
		return nil, fmt.Errorf("there is no server %d; there is only server %d", server, r.sids[0])
	}
	return nil, fmt.Errorf("there is no server %d; this ensemble has %d to %d", server, r.sids[0],
		r.sids[len(r.sids)-1])
}

// Type types a line at the zkCli.sh of a server, now; status, with the number of a server or
// without, is what zkServer.sh prints there. What the shell prints is given to printed, once: in
// the course of this call or of a later one that lets time pass, and behind what was typed there
// before. Watches that have fired at this shell since it last printed something come first.
// Everything that happens is in the trace as well. The error says that there is no such server;
// printed is not called then.
func (r *Run) Type(server int, line string, printed func(lines []string)) error {
	s, err := r.shellAt(server)
	if err != nil {
		return err
	}
	if words := strings.Fields(line); len(words) > 0 && words[0] == "status" {
		lines, err := r.typedStatus(server, words[1:])
		if err == nil {
			printed(lines)
		}
		return err
	}
	command, err := zkcli.Parse(line)
	var refused *zkcli.Error
	switch {
	case errors.As(err, &refused):
		printed(append(s.watched(), refused.Lines...))
		return nil
	case command.Next(nil) == nil:
		printed(append(s.watched(), command.Output()...))
		return nil
	}
	t := &typed{Command: command, printed: printed}
	s.lines = append(s.lines, t)
	if err := r.ask(s, client.Execute{Program: t}); err != nil {
		return err
	}
	r.happened()
	return nil
}

// Status is what `zkServer.sh status` prints on a server's machine. The error says that there is no
// such server.
func (r *Run) Status(server int) ([]string, error) {
	if _, err := r.shellAt(server); err != nil {
		return nil, err
	}
	mode := ""
	if p, ok := r.sim.Machine(node.ID(server)).(peer.Server); ok && !r.sim.Paused(node.ID(server)) {
		mode = p.Status().Mode
	}
	return zkcli.Status(mode), nil
}

// typedStatus is the status of the server that the words name, if they name one.
func (r *Run) typedStatus(server int, words []string) ([]string, error) {
	if len(words) == 0 {
		return r.Status(server)
	}
	n, err := strconv.Atoi(words[0])
	if err != nil || len(words) > 1 {
		return nil, fmt.Errorf("status takes the number of one server, not %q",
			strings.Join(words, " "))
	}
	return r.Status(n)
}

// ask gives a shell's client a command, and sees to it that the client lives and looks for its
// server.
func (r *Run) ask(s *shell, command any) error {
	if r.sim.Up(s.id) && s.client.State() == client.Expired {
		if err := r.sim.Kill(s.id); err != nil {
			return err
		}
	}
	if !r.sim.Up(s.id) {
		if err := r.sim.Start(s.id); err != nil {
			return err
		}
	}
	if s.client.State() == client.Idle {
		if err := r.sim.Command(s.id, client.Connect{Server: s.server}); err != nil {
			return err
		}
	}
	return r.sim.Command(s.id, command)
}

// watched is what the shell prints of the watches that have fired since it last printed something.
func (s *shell) watched() []string {
	if s.client == nil {
		return nil
	}
	var lines []string
	notices := s.client.History().Notices
	for _, n := range notices[s.heard:] {
		lines = append(lines, zkcli.Watched(n.Event)...)
	}
	s.heard = len(notices)
	return lines
}

// print gives out the answers that are complete.
func (s *shell) print() {
	for len(s.lines) > 0 && s.lines[0].over {
		t := s.lines[0]
		s.lines = s.lines[1:]
		t.printed(append(s.watched(), t.Output()...))
	}
}
