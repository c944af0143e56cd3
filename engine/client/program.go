package client

import "zabscope/engine/zk"

// Program decides what to ask next from what came of the last request, as a person at a command
// line does.
type Program interface {
	// Line names the program in the trace.
	Line() string
	// Next takes the result of the request that it returned last, nil at first, and returns the one
	// to make now; nil ends the program. A request that got no answer has a result, too: its Err is
	// zk.ErrConnectionLoss or zk.ErrSessionExpired.
	Next(last *zk.Result) *zk.Request
}

// Execute is the command to run a program, behind those that run already.
type Execute struct{ Program Program }

// String names the command in the trace.
func (e Execute) String() string { return e.Program.Line() }

// programTag names the calls that programs make.
const programTag = -4

// noCall says that no call of a program is under way.
const noCall = -1

// execute starts a program, or lines it up behind those under way.
func (c *Client) execute(p Program) {
	c.programs = append(c.programs, p)
	if len(c.programs) == 1 {
		c.proceed(nil)
	}
}

// proceed gives the program under way the result of its call and makes the next, if need be that of
// the next program.
func (c *Client) proceed(last *zk.Result) {
	for len(c.programs) > 0 {
		if q := c.programs[0].Next(last); q != nil {
			c.programCall = len(c.history.Ops)
			c.call(Call{Tag: programTag, Request: q})
			return
		}
		c.programs, last = c.programs[1:], nil
	}
}

// programAnswered goes on with the program whose call has an outcome.
func (c *Client) programAnswered(i int) {
	if i != c.programCall {
		return
	}
	c.programCall = noCall
	result := c.history.Ops[i].Result
	c.proceed(&result)
}
