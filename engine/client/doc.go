// Package client is a simulated ZooKeeper client: a pure state machine that keeps one session with
// an ensemble the way the Java client does, and remembers every call that was made through it.
//
// It connects to one server of a shuffled list, opens a session, keeps it alive with pings, notices
// silence after two thirds of the session timeout, and goes on elsewhere with its password and the
// last zxid it saw. A call that had no answer when the connection broke ends in ConnectionLoss:
// nobody knows whether it took effect. A bare client does none of that by itself; it is the tool of
// scenarios that must say exactly which server is asked, and when.
//
// Reading order: commands.go (what one may ask of it), history.go (what it remembers), client.go
// (the machine), connection.go (connect, handshake, loss), calls.go (requests and replies),
// script.go (several calls in a row), program.go (calls that depend on answers), watches.go,
// view.go (the visible state).
package client
