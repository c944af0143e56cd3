package scenario

import (
	"slices"
	"strings"
)

// Command is one verb of the scenario language.
type Command struct {
	Name   string
	About  string // what it does, one sentence without its subject
	Params []Param
	act    action
}

// Param is one parameter of a command or one line of a scenario's head.
type Param struct {
	Key   string // name in the JSON form
	Word  string // word before it in the text form; "" where its place says what it is
	Need  bool   // the command makes no sense without it
	About string

	at func(*Step) any // the field that holds it; the pointer's type says how it is written
}

// sids is the parameter that lists servers.
func sids(key, about string) Param {
	return Param{Key: key, Need: true, About: about, at: func(s *Step) any { return &s.SIDs }}
}

// sid is the parameter that names one server.
func sid(about string) Param {
	return Param{Key: "sid", Need: true, About: about, at: func(s *Step) any { return &s.SID }}
}

// via is the parameter that says which server a client asks.
func via(word, about string) Param {
	return Param{Key: "via", Word: word, Need: true, About: about,
		at: func(s *Step) any { return &s.Via }}
}

// clientName is the parameter that names a client; the JSON form has two keys for it.
func clientName(key string) Param {
	return Param{Key: key, Need: true, About: "name of a client",
		at: func(s *Step) any { return &s.Name }}
}

// txns is the parameter that lists requests.
func txns(need bool) Param {
	return Param{Key: "txns", Need: need, About: "requests, separated by semicolons",
		at: func(s *Step) any { return &s.Txns }}
}

// path is the parameter that names a node.
func path() Param {
	return Param{Key: "path", Need: true, About: "path of a node",
		at: func(s *Step) any { return &s.Path }}
}

// link is one direction between two servers.
func link() []Param {
	return []Param{
		{Key: "from", Need: true, About: "who sends", at: func(s *Step) any { return &s.From }},
		{Key: "to", Word: "to", Need: true, About: "who receives",
			at: func(s *Step) any { return &s.To }},
	}
}

// commands is the language: every verb, in the order in which Usage explains them.
var commands []Command

// The table is made here because its actions, through Step, look commands up in it.
func init() {
	commands = slices.Concat(processCommands(), networkCommands(), handCommands(), clientCommands())
}

// processCommands act on servers and on the machines they run on.
func processCommands() []Command {
	return []Command{
		{"start", "starts server processes", []Param{sids("sids", "servers that are down"),
			{Key: "gap", Word: "gap", About: "time between one start and the next",
				at: func(s *Step) any { return &s.Gap }}}, (*Run).start},
		{"kill", "kills server processes (SIGKILL); what they wrote survives",
			[]Param{sids("sids", "servers")}, (*Run).kill},
		{"stop", "ends server processes in an orderly way (SIGTERM)",
			[]Param{sids("sids", "servers")}, (*Run).stop},
		{"crash", "cuts the power of servers; what was not synced to disk is lost",
			[]Param{sids("sids", "servers")}, (*Run).crash},
		{"pause", "freezes a server process (SIGSTOP); its connections stay open",
			[]Param{sid("a server that runs")}, (*Run).pause},
		{"resume", "lets a frozen process go on", []Param{sid("a paused server")}, (*Run).resume},
		{"wipe", "empties the disk of a server that is down", []Param{sid("a server")},
			(*Run).wipe},
		{"skew", "makes a server's clock run faster or slower", []Param{sid("a server"),
			{Key: "rate", Word: "rate", Need: true, About: "seconds it counts per second",
				at: func(s *Step) any { return &s.Rate }}}, (*Run).skew},
		{"disk", "makes a server's disk slow, full or broken, or whole again",
			[]Param{sid("a server"), {Key: "fault", Need: true,
				About: "slow, full, broken or whole",
				at:    func(s *Step) any { return &s.Fault }}}, (*Run).disk},
	}
}

// networkCommands act on what is between servers, or on nothing.
func networkCommands() []Command {
	oneWay := Param{Key: "oneWay", Word: "oneway",
		About: "only what the first side sends is lost", at: func(s *Step) any { return &s.OneWay }}
	count := Param{Key: "count", Word: "count", About: "how many, 1 if not said",
		at: func(s *Step) any { return &s.Count }}
	return []Command{
		{"partition", "loses all packets between two sides, silently", []Param{
			{Key: "a", Need: true, About: "one side", at: func(s *Step) any { return &s.A }},
			{Key: "b", Word: "|", Need: true, About: "the other side",
				at: func(s *Step) any { return &s.B }}, oneWay}, (*Run).partition},
		{"heal", "ends all partitions", nil, (*Run).heal},
		{"hold", "keeps what is sent on a link until it is delivered by hand", link(),
			(*Run).hold},
		{"deliver", "delivers what waits longest on a held link", append(link(), count, Param{
			Key: "packet", Word: "packet", About: "all up to the first of this type, such as COMMIT",
			at: func(s *Step) any { return &s.Packet }}), (*Run).deliver},
		{"lose", "loses a message that is under way, and with it its connection", append(link(),
			Param{Key: "packet", Word: "packet", About: "its type, such as COMMIT; any if not said",
				at: func(s *Step) any { return &s.Packet }}), (*Run).lose},
		{"release", "delivers all that waits on a held link and holds it no more", link(),
			(*Run).release},
		{"wait", "does nothing but wait", nil, (*Run).wait},
		{"note", "does nothing but say something", []Param{{Key: "text", Need: true,
			About: "what to say", at: func(s *Step) any { return &s.Remark }}}, (*Run).note},
	}
}

// clientCommands act on clients, and so on the ensemble as users see it.
func clientCommands() []Command {
	timeout := Param{Key: "timeout", Word: "timeout", About: "of the session",
		at: func(s *Step) any { return &s.Timeout }}
	return []Command{
		{"write", "opens a session, makes requests one by one, and closes it",
			[]Param{via("", "server to ask"), txns(true), {Key: "leave_open", Word: "leave_open",
				About: "vanish without closing the session",
				at:    func(s *Step) any { return &s.LeaveOpen }}}, (*Run).write},
		{"read", "opens a session, reads one node, and closes it",
			[]Param{via("", "server to ask"), path()}, (*Run).read},
		{"bulk", "sets one node many times in one session, up to 200 requests at once",
			[]Param{via("", "server to ask"), path(), {Key: "count", Word: "count", Need: true,
				About: "how many times", at: func(s *Step) any { return &s.Count }},
				{Key: "size", Word: "size", About: "bytes of data, 10 if not said",
					at: func(s *Step) any { return &s.Size }}}, (*Run).bulk},
		{"client", "opens a session that lasts", []Param{clientName("name"),
			via("via", "server to connect to"), timeout, {Key: "reconnects",
				Word: "reconnects", About: "pings, and looks for another server by itself",
				at: func(s *Step) any { return &s.Reconnects }}}, (*Run).client},
		{"do", "makes requests over a client's session, one by one",
			[]Param{clientName("client"), txns(true)}, (*Run).do},
		{"send", "makes requests over a client's session and does not wait for the answers",
			[]Param{clientName("client"), txns(true)}, (*Run).send},
		{"drop", "cuts a client's connection; its session stays", []Param{clientName("client")},
			(*Run).drop},
		{"move", "takes a client's session to another server",
			[]Param{clientName("client"), via("via", "server to go to")}, (*Run).move},
		{"end", "closes a client's session", []Param{clientName("client")}, (*Run).end},
		{"refused", "tries to open a session, and expects to get none",
			[]Param{via("", "server to ask")}, (*Run).refused},
		{"reconfig", "changes the members of the ensemble", []Param{via("", "server to ask"),
			{Key: "joining", Word: "joining", About: "servers that join",
				at: func(s *Step) any { return &s.Joining }},
			{Key: "leaving", Word: "leaving", About: "servers that leave",
				at: func(s *Step) any { return &s.Leaving }},
			{Key: "members", Word: "members", About: "the whole new membership, instead",
				at: func(s *Step) any { return &s.Members }}}, (*Run).reconfig},
	}
}

// common are the parameters of every step, after those of its command.
var common = []Param{
	{Key: "until", Word: "until", About: "condition to wait for: " + untilUsage,
		at: func(s *Step) any { return &s.Until }},
	{Key: "quiet", Word: "quiet", About: "silence between servers that ends the step, 400ms",
		at: func(s *Step) any { return &s.Quiet }},
	{Key: "limit", Word: "limit", About: "longest wait for that silence, 8s",
		at: func(s *Step) any { return &s.Limit }},
	{Key: "note", Word: "note", About: "a remark for the reader",
		at: func(s *Step) any { return &s.Note }},
}

// Commands lists the verbs of the language.
func Commands() []Command { return commands }

// commandNamed finds a command, nil if there is none.
func commandNamed(name string) *Command {
	for i := range commands {
		if commands[i].Name == name {
			return &commands[i]
		}
	}
	return nil
}

// commandNames lists the commands, for errors.
func commandNames() string {
	names := make([]string, len(commands))
	for i, c := range commands {
		names[i] = c.Name
	}
	return strings.Join(names, ", ")
}

// params lists what a step of the command may say.
func (c *Command) params() []Param {
	return append(c.Params[:len(c.Params):len(c.Params)], common...)
}
