package jute

import (
	"encoding/binary"
	"math"

	"zabscope/engine/zk"
)

// superSecret is what ZooKeeper mixes into every password. (ZooKeeperServer.superSecret)
const superSecret = 0xB3415C00

// SessionPassword is the password of a session. It is a function of the id and stored nowhere, so
// that every server can check it: the first 16 bytes of java.util.Random seeded with the id.
// (ZooKeeperServer.generatePasswd)
func SessionPassword(id int64) [16]byte {
	const mask = 1<<48 - 1 // java.util.Random is a linear congruence over 48 bits
	s := (uint64(id^superSecret) ^ 0x5DEECE66D) & mask
	var out [16]byte
	for i := 0; i < len(out); i += 4 {
		s = (s*0x5DEECE66D + 0xB) & mask
		binary.LittleEndian.PutUint32(out[i:], uint32(s>>16))
	}
	return out
}

// InitialSessionID is the first id that a server's tracker hands out; each next one is one larger.
// elapsed is the monotonic time in milliseconds, which Java counts from the machine's start. The
// high byte is the server's id, cut to eight bits.
// (SessionTrackerImpl.initializeNextSessionId)
func InitialSessionID(elapsed int64, sid zk.SID) int64 {
	id := int64(uint64(elapsed<<24)>>8) | int64(sid)<<56
	if id == math.MinInt64 {
		id++ // the mark of container nodes
	}
	return id
}
