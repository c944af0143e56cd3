package zkcli

import (
	"strings"

	"zabscope/engine/zk"
)

// Command is one line under way. It belongs to whoever runs it, and runs once.
// (org.apache.zookeeper.cli.CliCommand)
type Command struct {
	line string
	name string
	out  strings.Builder

	request *zk.Request
	then    func(*zk.Result)
}

// Line is what was typed.
func (c *Command) Line() string { return c.line }

// Name is the command's own name, the first word of the line.
func (c *Command) Name() string { return c.name }

// Next takes the result of the request that it returned last, nil at first, and returns the one to
// make now. nil says that the command is over; from then on it returns nil. The caller must not
// change the request, nor may the result change until the next call. Where no answer came, the
// result has an error such as zk.ErrConnectionLoss.
func (c *Command) Next(last *zk.Result) *zk.Request {
	if then := c.then; then != nil && last != nil {
		c.request, c.then = nil, nil
		then(last)
	}
	return c.request
}

// Output is what zkCli would have printed so far, on both its streams, without the ends of lines;
// nil if nothing.
func (c *Command) Output() []string {
	if c.out.Len() == 0 {
		return nil
	}
	return strings.Split(strings.TrimSuffix(c.out.String(), "\n"), "\n")
}

// try makes a request next, whatever becomes of it.
func (c *Command) try(q *zk.Request, then func(*zk.Result)) { c.request, c.then = q, then }

// ask makes a request next and goes on if it is granted; an error ends the command.
func (c *Command) ask(q *zk.Request, then func(*zk.Result)) {
	c.try(q, func(r *zk.Result) {
		if r.Err != zk.ErrOK {
			c.fail(r.Err, q.Path)
			return
		}
		then(r)
	})
}

// fail prints an error as CliWrapperException words it.
func (c *Command) fail(e zk.ErrorCode, path string) { c.println(wrapped(e, path)) }

func (c *Command) print(text string)   { c.out.WriteString(text) }
func (c *Command) println(text string) { c.out.WriteString(text + "\n") }
