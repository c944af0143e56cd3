// Package ws joins a websocket to whatever has messages to give and wants to hear some: one reader
// and one writer for each connection, with limits. It knows nothing of rooms.
//
// Reading order: message.go (what is sent), limits.go (what a connection may do), ws.go (Serve, the
// reader and the writer).
//
// # The protocol of a room
//
// The address is /api/runs/ID/stream?from=SEQ, where SEQ is the number of the last event that the
// viewer has, 0 or nothing for none. All messages are JSON texts. Times are virtual nanoseconds since
// the start of the run.
//
// Downstream, the first message is the header, which has everything needed to read the rest:
//
//	{"protocol": 1, "engine": "1", "room": "k3v...", "run": "5b6c...", "seed": "7",
//	 "speaks": "zookeeper", "options": {...}, "config": {...},
//	 "machines": [{"id": 1, "name": "server 1", "role": "participant"}, ...],
//	 "kinds": [{"name", "args", "depth", "source"}...], "fields": [{"name", "shape", "columns",
//	 "survives"}...], "checks": [{"name", "values"}...], "timers": [...]}
//
// room is the id that stands in addresses; run names this run of the world. A viewer that comes
// back and meets another run than the one it left must begin anew. config is the request that made
// the run. The second message is what has been done to the run so far:
//
//	{"actions": [{"at": 3482000000, "do": "kill 2"}, {"at": 4100000000, "cli": "ls /", "server": 1}]}
//
// POST /api/runs with that config and those actions makes the same run again, to the byte. Each
// action also says "after", how many events came before it, and "early" where not all that was due at
// its time had happened by then. With "after" in the order itself the new run stands behind the step
// of that event, and its head is paused; with "from", the id of a run, it is a branch of that run.
// Runs that branch off from one another are a family. If there are several, all their viewers hear of
// them now and whenever the list changes:
//
//	{"family": [{"id": "k3v..."}, {"id": "q7a...", "from": "k3v...", "after": 214,
//	 "deed": {"at": 3482000000, "after": 214, "do": "kill 2"}}]}
//
// after is the last event that a branch has in common with the run it comes from, deed what was done
// first in it alone, once something was. A run that is no longer kept leaves the list; others may
// still come from it. Then come
// frames, first those with the events after SEQ, then new ones as they happen:
//
//	{"frame": 12, "head": {"now": 3482000000, "rate": 0.02}, "rows": [...]}
//
// Rows are events as trace.AppendRow of the engine writes them, numbered without gaps; rows that the
// viewer has already may come again. Frames are numbered from 1 for each room; those that bring up
// what was missed carry no number. There is a frame every 16 ms at most; in a room of many viewers
// less often, down to every 50 ms. Where the server measures itself each frame begins with the wall
// clock, {"t":1767225600000000000, in nanoseconds since 1970. The head tells how the room's world runs,
// whichever of its members have changed:
//
//	{"head": {"playing": true, "speed": "auto", "rate": 0.02, "now": 3482000000, "why": "",
//	 "stops": ["elected", "TRUNC"], "stopped": {"by": "TRUNC", "seq": 214}}}
//
// speed is "auto" or virtual time per real time; rate is what that is at present; why says in a
// sentence what stopped the head, if not a person; stops are the moments at which it shall stand, and
// stopped, where it stands at one of them, is that and its event. What anybody has done to the run is told to all:
//
//	{"action": {"at": 3482000000, "do": "kill 2"}}
//
// While the head stands viewers hear after each change what may happen next, by time:
//
//	{"choices": [{"do": "arrive 210", "kind": "packet", "from": 3, "to": 1, "seq": 210, "at": 3482100000},
//	 {"do": "arrive 214", "kind": "packet", "from": 3, "to": 1, "seq": 214, "at": 3482100000,
//	  "why": "it waits behind number 99 of the same connection", "ahead": 210},
//	 {"do": "flush 2", "kind": "disk", ...}, {"do": "fire 2 leader.tick", "kind": "timer", "name": "leader.tick", ...}]}
//
// Each is a line of the scenario language that makes just that happen. why says what stands against
// it, ahead the sending of the message that must arrive first. kind may also be "connection".
//
// A viewer whose queue is half full is told how many messages it is behind, and of how many at most:
//
//	{"slow": {"behind": 128, "most": 256}}
//
// Upstream a viewer asks for things, with an id of its own choosing, not 0:
//
//	{"id": 1, "do": "kill 2"}                 a line of the scenario language, carried out at the head
//	{"id": 2, "head": "play"}                 play, pause, event, decision, speed 0.05, speed auto
//	{"id": 4, "head": "stop elected TRUNC"}   stand at such moments, instead of those before; "stop": at none
//	{"id": 3, "cli": "ls /", "server": 2}     a line of zkCli.sh, typed at a shell on a server
//
// Each is answered to the one who asked, after the events that it led to at once; a line of zkCli when
// the servers have answered it, which takes virtual time:
//
//	{"id": 1, "ok": true}
//	{"id": 2, "ok": false, "code": "refused", "error": "There is no server 9; this one has 1 to 3."}
//	{"id": 3, "ok": true, "lines": ["[zookeeper]"]}
//
// refused is the answer to what is well put and cannot be done; ended says that the run has reached
// its last event, busy that too much of this viewer is still waiting for an answer. Three more codes
// come once, with id 0 where the message's own cannot be read, and end the connection with a
// reason:
//
//	malformed   close status 1008   a message that is none of the above
//	too-big     close status 1009   more than ReadLimit bytes
//	too-often   close status 1008   more than Burst messages at once, or Rate a second
//
// The server also closes with 1001 when it ends, with 1008 when a viewer falls too far behind, with
// 1013 when no room is free and with 4404 when there is no such run, or no longer. Coming back
// with from= loses nothing.
package ws
