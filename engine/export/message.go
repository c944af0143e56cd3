package export

import (
	"fmt"

	"zabscope/engine/jute"
	"zabscope/engine/node"
)

// appendMessage adds a message as it stands on its connection, length prefix included where there is
// one.
func appendMessage(b []byte, m node.Message) ([]byte, error) {
	switch m := m.(type) {
	case *jute.Hello:
		return jute.AppendHello(b, m), nil
	case *jute.Notification:
		return jute.AppendNotification(b, m), nil
	case *jute.QuorumPacket:
		return jute.AppendPacket(b, m), nil
	case *jute.SnapshotStream:
		return append(b, m.Bytes...), nil
	case *jute.ConnectRequest:
		return jute.AppendConnectRequest(b, m), nil
	case *jute.ConnectResponse:
		return jute.AppendConnectResponse(b, m), nil
	case *jute.ClientRequest:
		return jute.AppendClientRequest(b, m), nil
	case *jute.ClientReply:
		return jute.AppendReply(b, m), nil
	case *jute.ClientEvent:
		return jute.AppendClientEvent(b, m), nil
	}
	return b, fmt.Errorf("a message of type %T has no form on a wire", m)
}
