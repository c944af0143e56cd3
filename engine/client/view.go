package client

import (
	"zabscope/engine/node"
	"zabscope/engine/zk/event"
)

// setState changes the connection state and emits the event that says so, for the caller to finish.
func (c *Client) setState(kind node.Kind, s State) *node.Event {
	c.state = s
	return c.out.Event(kind).Set(event.ClientState, c.stateValues()...)
}

// stateValues are the columns of event.ClientState.
func (c *Client) stateValues() []node.Value {
	return []node.Value{node.Text(string(c.state)), node.Int(int64(c.server)),
		node.Int(c.session)}
}

// View implements node.Machine: the connection and the calls without an answer.
func (c *Client) View() *node.State {
	s := node.NewState()
	if c.server != node.World {
		s.Scalars[event.ClientState] = c.stateValues()
	}
	for _, list := range [2][]int{c.queue, c.pending} {
		for _, i := range list {
			c.viewCall(s, &c.history.Ops[i])
		}
	}
	return s
}

// viewCall adds a call without an answer.
func (c *Client) viewCall(s *node.State, o *Op) {
	m := s.Maps[event.ClientPending]
	if m == nil {
		m = map[node.Value][]node.Value{}
		s.Maps[event.ClientPending] = m
	}
	m[node.Int(int64(o.Xid))] = []node.Value{node.Text(o.Request.Type.String()),
		node.Text(o.Request.Path)}
}
