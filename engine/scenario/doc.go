// Package scenario is the language in which runs are written: an ensemble of servers, what is done to
// it step by step, and what is waited for in between. The same scenario runs on our engine and, in its
// JSON form, on real ZooKeeper servers; the facts that both write down can be compared value by value.
//
//	servers 1,2,3
//	start 1,2,3 until serving 1,2,3 leader any
//	write 1 create /a "one"; set /a "two"
//	kill 3 until serving 1,2 leader any
//
// Usage explains all of it. A scenario is read by Parse, carried out by Run, told in sentences by
// Narrate and Transcribe, and summed up by FactsOf.
//
// Recorded facts (testdata/golden) are facts recorded from Apache ZooKeeper 3.8.0, by a script that
// drove real servers in network namespaces. For each scenario there is the JSON form of it, and a file of facts:
// "zookeeper" is the release, "runs" how often the scenario was run, "facts" what the runs agree on, in
// the form that Facts has, "varying" the paths at which they do not (a "__varies__" stands there), and
// "stable_values" the number of values that are left. Where it is a matter of choice how something is
// told (what is cut, sorted, summed up or named), this package does as that script did.
//
// Reading order: scenario.go (Scenario, Step), head.go and commands.go (the words of the language,
// declared once for both forms); source.go, json.go, decode.go and decode_step.go (reading JSON),
// lexer.go, text.go and text_step.go (reading text), parse.go (what the parts say of each other),
// encode.go and print.go (writing both), config.go (settings and options), usage.go; run.go and wait.go
// (Run), actions.go, hand.go and clients.go (what each command does), results.go; facts.go, digest.go,
// handshake.go, bodies.go, logs.go and walk.go (facts), object.go; narrate.go (sentences).
package scenario
