package jute

import (
	"sort"

	"zabscope/engine/zk"
)

// DecodeSnapshotStream reads the snapshot that follows a SNAP packet, n bytes from the front of b,
// up to and with its signature; z is the packet's zxid. io.ErrUnexpectedEOF asks for more bytes;
// every attempt starts again at the front, so let the bytes double between two.
// (Learner.syncWithLeader, case SNAP)
func DecodeSnapshotStream(b []byte, z zk.Zxid) (s *SnapshotStream, n int, err error) {
	r := NewSnapshotReader(b)
	sessions, _ := r.Sessions()
	r.ACLCache()
	s = &SnapshotStream{Zxid: z, Sessions: len(sessions)}
	var node SnapshotNode
	for {
		more, _ := r.Node(&node)
		if !more {
			break
		}
		if node.Path == "" {
			node.Path = "/"
		}
		s.Nodes = append(s.Nodes, node.Path)
	}
	if err := r.Signature(); err != nil {
		return nil, 0, err
	}
	sort.Strings(s.Nodes)
	s.Bytes = b[:r.Offset():r.Offset()]
	return s, r.Offset(), nil
}
