package export

import (
	"encoding/binary"
	"io"
	"net/netip"

	"zabscope/engine/node"
)

// A capture file is a head of 24 bytes and, for each frame, a head of 16 bytes and the frame: Ethernet,
// IPv4, TCP. (pcap-savefile(5); RFC 894, 791, 9293, 7323)
const (
	pcapMagic     = 0xa1b23c4d // times in nanoseconds
	pcapSnapLen   = 1 << 18
	pcapEthernet  = 1 // LINKTYPE_ETHERNET
	etherTypeIPv4 = 0x0800
	ethernetBytes = 14
	ipBytes       = 20
	tcpBytes      = 20
	synOptions    = "\x02\x04\x05\xb4\x01\x03\x03\x0e" // maximum segment size 1460, window scale 14
	maxSegment    = 1460                               // bytes of data in a frame
	windowSize    = 0xffff
	timeToLive    = 64
	protocolTCP   = 6
	dontFragment  = 0x4000
)

// Flags of a TCP segment.
const (
	flagFIN = 1 << iota
	flagSYN
	flagRST
	flagPSH
	flagACK
)

// endpoint is one end of a TCP connection.
type endpoint struct {
	addr netip.Addr
	port node.Port
}

// segment is one TCP segment.
type segment struct {
	from, to endpoint
	seq, ack uint32
	flags    byte
	data     []byte
}

// capture writes frames. It keeps the first error, and writes nothing behind it.
type capture struct {
	w     io.Writer
	err   error
	buf   []byte
	count uint16 // of frames, as the identification of IP
}

// newCapture writes the head of the file.
func newCapture(w io.Writer) *capture {
	c := &capture{w: w}
	b := binary.LittleEndian.AppendUint32(nil, pcapMagic)
	b = binary.LittleEndian.AppendUint16(b, 2) // version 2.4
	b = binary.LittleEndian.AppendUint16(b, 4)
	b = append(b, make([]byte, 8)...) // time zone and accuracy: always 0
	b = binary.LittleEndian.AppendUint32(b, pcapSnapLen)
	b = binary.LittleEndian.AppendUint32(b, pcapEthernet)
	c.write(b)
	return c
}

// write writes, unless something went wrong before.
func (c *capture) write(b []byte) {
	if c.err == nil {
		_, c.err = c.w.Write(b)
	}
}

// frame writes one segment at a time.
func (c *capture) frame(at node.Time, s *segment) {
	c.count++
	options := ""
	if s.flags&flagSYN != 0 {
		options = synOptions
	}
	ip := ipBytes + tcpBytes + len(options) + len(s.data)
	b := binary.LittleEndian.AppendUint32(c.buf[:0], uint32(at/node.Second))
	b = binary.LittleEndian.AppendUint32(b, uint32(at%node.Second))
	b = binary.LittleEndian.AppendUint32(b, uint32(ethernetBytes+ip))
	b = binary.LittleEndian.AppendUint32(b, uint32(ethernetBytes+ip))
	b = appendMAC(appendMAC(b, s.to.addr), s.from.addr)
	b = binary.BigEndian.AppendUint16(b, etherTypeIPv4)
	b = appendIP(b, s, ip, c.count)
	c.buf = appendTCP(b, s, options)
	c.write(c.buf)
}

// appendMAC adds the hardware address of a host: locally administered, the IP address inside.
func appendMAC(b []byte, a netip.Addr) []byte {
	return append(append(b, 2, 0), a.AsSlice()...)
}

// appendIP adds the head of a packet of size bytes.
func appendIP(b []byte, s *segment, size int, id uint16) []byte {
	from := len(b)
	b = append(b, 4<<4|ipBytes/4, 0)
	b = binary.BigEndian.AppendUint16(b, uint16(size))
	b = binary.BigEndian.AppendUint16(b, id)
	b = binary.BigEndian.AppendUint16(b, dontFragment)
	b = append(b, timeToLive, protocolTCP, 0, 0)
	b = append(append(b, s.from.addr.AsSlice()...), s.to.addr.AsSlice()...)
	binary.BigEndian.PutUint16(b[from+10:], checksum(0, b[from:]))
	return b
}

// appendTCP adds the segment itself.
func appendTCP(b []byte, s *segment, options string) []byte {
	from := len(b)
	b = binary.BigEndian.AppendUint16(b, uint16(s.from.port))
	b = binary.BigEndian.AppendUint16(b, uint16(s.to.port))
	b = binary.BigEndian.AppendUint32(b, s.seq)
	b = binary.BigEndian.AppendUint32(b, s.ack)
	b = append(b, byte((tcpBytes+len(options))/4<<4), s.flags)
	b = binary.BigEndian.AppendUint16(b, windowSize)
	b = append(b, 0, 0, 0, 0) // checksum, urgent pointer
	b = append(append(b, options...), s.data...)
	pseudo := append(append(s.from.addr.AsSlice(), s.to.addr.AsSlice()...), 0, protocolTCP)
	pseudo = binary.BigEndian.AppendUint16(pseudo, uint16(len(b)-from))
	binary.BigEndian.PutUint16(b[from+16:], checksum(sum(0, pseudo), b[from:]))
	return b
}

// checksum is the one's complement sum of RFC 1071 over what was summed before and b.
func checksum(before uint32, b []byte) uint16 {
	n := sum(before, b)
	for n>>16 != 0 {
		n = n&0xffff + n>>16
	}
	return ^uint16(n)
}

// sum adds up 16-bit words; a packet is too short for it to overflow.
func sum(n uint32, b []byte) uint32 {
	for ; len(b) >= 2; b = b[2:] {
		n += uint32(b[0])<<8 | uint32(b[1])
	}
	if len(b) == 1 {
		n += uint32(b[0]) << 8
	}
	return n
}
