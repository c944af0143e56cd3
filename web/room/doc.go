// Package room lets many viewers watch one world and act on it together.
//
// One goroutine owns the world: it moves the world's head along, carries out what viewers ask, and
// gives each of them every event, encoded once. Viewers are never waited for; one that falls too far
// behind is cut off and may come back for the rest.
//
// The head is how far the world has run: it is the room's. What a viewer looks at is the viewer's own
// affair, and the room knows nothing of it.
//
// Reading order: room.go (Open, the goroutine), viewer.go (one who watches), desk.go (the room as a
// plain state machine: no goroutine, no clock), pace.go (how fast virtual time passes), frames.go
// (what has been said, kept for those who come later), messages.go (the protocol, which package ws
// describes).
package room
