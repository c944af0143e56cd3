// Package export writes a run in forms that can be kept, printed, sent, and read by other programs,
// and reads again what was kept.
//
// Forms made of a trace alone: Trace (JSON lines, the one form that Import reads back), Transcript
// (sentences), Page (the same as HTML for a printer), Mermaid (a sequence diagram), ShiViz (a log with
// vector clocks). Forms that need to know how the run was made, an engine.Origin and Actions: Lab (the
// scenario that plays the same things to real servers) and Pcap (every byte on the wires), which makes
// the run once more to hear its messages.
//
// Nothing here keeps more of a trace in memory than the form needs, so traces of a million events can
// be written while they are read.
//
// # Links
//
// A Link is a run and what is looked at, as a text for the fragment of an address: 4 characters, then
// the body,
//
//	run=1.BMAhDoBADETRu3y9BgxJrwMj...
//	^^^^ key    ^ version, a decimal number   ^ a full stop, then the data
//
// In the address it stands behind "#", alone or joined to other keys by "&". The data are base64url
// (RFC 4648, section 5: A-Z a-z 0-9 - _) without "=" at the end. Decoded, they are a raw deflate stream
// (RFC 1951, without a zlib or gzip head or checksum; CompressionStream("deflate-raw") in browsers)
// that ends exactly at their end. Inflated, they are one JSON object in UTF-8, with no byte order mark
// and nothing behind it but white space:
//
//	{"run":    {"servers":3,"seed":"7"},    the configuration, as a room's header has it in "config"
//	 "do":     [[1500000000,"kill 3"],      what was done: nanoseconds since the one before (the first:
//	            [250000,"ls /",2],          since 0), the line, the server where a line of zkCli was
//	            [0,"heal",0,96,1]],         typed, how many events came before, 1 if not all was done
//	                                        that was due then; zeros at the end are left out
//	 "until":  4000000000,                  how far the run goes, in nanoseconds
//	 "branch": "kzm2",                      the branch that is shown
//	 "cursor": 812,                         the event that is shown, by its number
//	 "select": "server 2",                  what is selected, in the page's own words
//	 "panels": ["log","why"],               which panels are open, likewise
//	 "engine": "1",                         the version of the engine that made the run
//	 "check":  "2k9x8v1mrc"}                what its events up to the cursor came to, likewise
//
// "run" must be there; each other key is left out where it would be 0, "" or []. The order of the keys
// is free, an unknown key is refused. Whoever opens a link makes its run again; if "engine" is another
// version than theirs, or "check" comes out otherwise, they may be looking at something else, and are
// told. Numbers are whole, from 0 to 2^53-1. The limits are MaxLink,
// MaxLinkBytes, MaxActions, MaxLine, MaxPanels and MaxWord, with lengths in bytes. Decode refuses a
// version that it does not know; a change that an old reader would misunderstand takes a new one.
//
// The smallest link that says anything, step by step:
//
//	JSON      {"run":{"preset":"nine","seed":"7"},"cursor":12}
//	fragment  run=1.BMAhDoBADETRu3y9BgxJrwMjMIVMWbXp3XkLzyQWr1X6CPJOMSjpIjjowTldj4lt7z8AAP__
//
// Deflate may be written in more than one way; readers accept each.
//
// Reading order: part.go (which events), transcript.go and page.go, mermaid.go, shiviz.go; run.go
// (making a run again), message.go, flow.go and frame.go (Pcap), lab.go and labstep.go (Lab);
// import.go (Import), link.go (Link).
package export
