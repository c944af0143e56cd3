// Package ws joins a websocket to whatever has messages to give and wants to hear some: one reader
// and one writer for each connection, with limits. It knows nothing of rooms.
//
// # The protocol of a room
//
// The address is /feed?from=SEQ, where SEQ is the number of the last event that the viewer has, 0 for
// none. All messages are JSON texts. Times are virtual nanoseconds since the start of the run.
//
// Downstream, the first message is the header, which has everything needed to read the rest:
//
//	{"protocol": 1, "engine": "1", "run": "5b6c...", "seed": "7", "speaks": "zookeeper",
//	 "options": {...}, "machines": [{"id": 1, "name": "server 1", "role": "participant"}, ...],
//	 "kinds": [{"name", "args", "depth", "source"}...], "fields": [{"name", "shape", "columns",
//	 "survives"}...], "checks": [{"name", "values"}...], "timers": [...]}
//
// A viewer that comes back and meets another run than the one it left must begin anew. Then come
// frames, first those with the events after SEQ, then new ones as they happen:
//
//	{"frame": 12, "head": {"now": 3482000000}, "rows": [...]}
//
// Rows are events as trace.AppendRow of the engine writes them, numbered without gaps; rows that the
// viewer has already may come again. Frames are numbered from 1 for each room; those that bring up
// what was missed carry no number. The head tells how the room's world runs, whichever of its
// members have changed:
//
//	{"head": {"playing": true, "speed": "auto", "rate": 0.02, "now": 3482000000, "why": ""}}
//
// speed is "auto" or virtual time per real time; rate is what that is at present; why says in a
// sentence what stopped the head, if not a person.
//
// Upstream a viewer asks for things, with an id of its own choosing, not 0:
//
//	{"id": 1, "do": "kill 2"}          a line of the scenario language, carried out at the head
//	{"id": 2, "head": "play"}          play, pause, event, decision, speed 0.05, speed auto
//
// Each is answered to the one who asked, after the events that it led to at once:
//
//	{"id": 1, "ok": true}
//	{"id": 2, "ok": false, "error": "There is no server 9; this ensemble has 1 to 3."}
//
// A message that makes no sense is answered with id 0. The server closes with status 1001 when it
// ends, with 1008 and a reason when a viewer falls too far behind; coming back with from= loses
// nothing. Messages of more than ReadLimit bytes end the connection.
package ws
