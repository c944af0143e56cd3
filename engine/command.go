package engine

import (
	"errors"

	"zabscope/engine/client"
	"zabscope/engine/scenario"
	"zabscope/engine/zk"
)

// Do carries out one line of the scenario language now, such as "kill 2", "partition 1,2 | 3" or
// "write 1 create /a one". It waits for nothing: what comes of it is in the trace, then or later.
// The error is a sentence that says what is wrong; nothing was done then, at no server.
func (r *Run) Do(command string) error {
	step, err := scenario.ParseStep("command", command)
	if err == nil {
		err = r.script.Hands(&step)
	}
	if err != nil {
		return explained(err)
	}
	switch step.Op {
	case "write":
		err = r.write(step.Via, step.Txns)
	case "read":
		err = r.write(step.Via, []scenario.Txn{{Op: "get", Path: step.Path}})
	default:
		err = r.script.Hand(&step)
	}
	if err == nil {
		r.happened()
	}
	return err
}

// explained takes the sentence out of a scenario error, whose place in the text matters little in a
// single line.
func explained(err error) error {
	var e *scenario.Error
	if errors.As(err, &e) {
		return errors.New(e.Message)
	}
	return err
}

// write lets the client of a server make requests, over the session of its shell. What it asks before
// it is connected waits.
func (r *Run) write(via zk.SID, txns []scenario.Txn) error {
	s, err := r.shellAt(int(via))
	if err != nil {
		return err
	}
	tag := r.next
	r.next += int64(len(txns))
	return r.ask(s, client.Do{Tag: tag, Requests: scenario.Requests(txns)})
}
