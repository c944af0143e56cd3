package client

import (
	"zabscope/engine/zk"
)

// Tags of calls that the client makes of its own accord.
const (
	closingTag = -1 // closeSession
	existsTag  = -2 // Do.Ensure: is it there?
	createTag  = -3 // Do.Ensure: then create it
)

// script is a Do command under way.
type script struct {
	Do
	ensured bool // Ensure is dealt with, or nothing is to be ensured
	next    int  // place in Requests
}

// do starts a script, or lines it up behind those under way.
func (c *Client) do(d Do) {
	d.Window = max(d.Window, 1)
	c.scripts = append(c.scripts, script{Do: d, ensured: d.Ensure == ""})
	if len(c.scripts) == 1 {
		c.begin()
	}
}

// begin starts the first script that waits.
func (c *Client) begin() {
	if s := &c.scripts[0]; !s.ensured {
		c.call(Call{Tag: existsTag, Request: &zk.Request{Type: zk.OpExists, Path: s.Ensure}})
		return
	}
	c.advance()
}

// advance makes the calls that the answers so far have made room for.
func (c *Client) advance() {
	if len(c.scripts) == 0 || !c.ensured(&c.scripts[0]) {
		return
	}
	for len(c.scripts) > 0 {
		s := &c.scripts[0]
		for s.next < len(s.Requests) && c.open() < s.Window {
			s.next++
			c.call(Call{Tag: s.Tag + int64(s.next-1), Request: s.Requests[s.next-1]})
			if len(c.scripts) == 0 {
				return // the call failed at once, and with it the script
			}
		}
		if s.next < len(s.Requests) || c.open() > 0 {
			return
		}
		end := s.End
		c.scripts = c.scripts[1:]
		switch {
		case end:
			c.end()
			return
		case len(c.scripts) > 0 && !c.scripts[0].ensured:
			c.begin()
			return
		}
	}
}

// open counts the calls that wait for an answer.
func (c *Client) open() int { return len(c.pending) + len(c.queue) }

// ensured reports whether the script's path is there, and creates it when its absence is known.
func (c *Client) ensured(s *script) bool {
	if s.ensured || c.open() > 0 {
		return s.ensured
	}
	last := &c.history.Ops[len(c.history.Ops)-1]
	if last.Tag == existsTag && last.Result.Err == zk.ErrNoNode {
		c.call(Call{Tag: createTag, Request: &zk.Request{Type: zk.OpCreate, Path: s.Ensure,
			Data: []byte{}, ACL: zk.OpenACLUnsafe}})
		return false
	}
	s.ensured = true
	return true
}
