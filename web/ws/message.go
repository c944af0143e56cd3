package ws

import (
	"sync"

	"github.com/gorilla/websocket"
)

// deflateFrom is the length from which a message is worth deflating, in bytes.
const deflateFrom = 2 << 10

// Message is a text to send. It is made once, for any number of connections, and never changed.
type Message struct {
	text     []byte
	once     sync.Once
	prepared *websocket.PreparedMessage
}

// NewMessage makes a message of a text that nobody changes from now on.
func NewMessage(text []byte) *Message { return &Message{text: text} }

// Text is the message's own; the caller must not change it.
func (m *Message) Text() []byte { return m.text }

// frame is the message as connections send it: encoded, and deflated, once for all of them.
func (m *Message) frame() *websocket.PreparedMessage {
	m.once.Do(func() {
		// It fails only for kinds of messages that there are not.
		m.prepared, _ = websocket.NewPreparedMessage(websocket.TextMessage, m.text)
	})
	return m.prepared
}

// deflates reports whether the message is long enough to gain from it.
func (m *Message) deflates() bool { return len(m.text) >= deflateFrom }
