package export

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"zabscope/engine"
	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
)

// seen is a TCP segment that was read from a capture.
type seen struct {
	at       node.Time
	from, to string
	seq, ack uint32
	flags    byte
	data     []byte
}

// frames reads a capture and checks what must be true of each frame by itself.
func frames(t testing.TB, file []byte) []seen {
	t.Helper()
	if len(file) < 24 || binary.LittleEndian.Uint32(file) != pcapMagic ||
		binary.LittleEndian.Uint32(file[20:]) != pcapEthernet {
		t.Fatalf("no head: %x", file[:min(len(file), 24)])
	}
	var out []seen
	for b := file[24:]; len(b) > 0; {
		size := int(binary.LittleEndian.Uint32(b[8:]))
		if size != int(binary.LittleEndian.Uint32(b[12:])) || len(b) < 16+size {
			t.Fatalf("frame %d is cut off", len(out)+1)
		}
		at := node.Time(binary.LittleEndian.Uint32(b))*node.Second +
			node.Time(binary.LittleEndian.Uint32(b[4:]))
		out = append(out, segmentOf(t, at, b[16:16+size]))
		b = b[16+size:]
	}
	return out
}

// segmentOf reads one frame.
func segmentOf(t testing.TB, at node.Time, b []byte) seen {
	t.Helper()
	ip := b[ethernetBytes:]
	tcp := ip[ipBytes:]
	if binary.BigEndian.Uint16(b[12:]) != etherTypeIPv4 || ip[0] != 0x45 || ip[9] != protocolTCP ||
		int(binary.BigEndian.Uint16(ip[2:])) != len(ip) {
		t.Fatalf("frame %x", b)
	}
	pseudo := slices.Concat(ip[12:20], []byte{0, protocolTCP, 0, 0})
	binary.BigEndian.PutUint16(pseudo[10:], uint16(len(tcp)))
	if checksum(0, ip[:ipBytes]) != 0 || checksum(sum(0, pseudo), tcp) != 0 {
		t.Fatalf("wrong checksum in %x", b)
	}
	end := func(addr, port []byte) string {
		a, _ := netip.AddrFromSlice(addr)
		return netip.AddrPortFrom(a, binary.BigEndian.Uint16(port)).String()
	}
	return seen{at, end(ip[12:16], tcp), end(ip[16:20], tcp[2:]), binary.BigEndian.Uint32(tcp[4:]),
		binary.BigEndian.Uint32(tcp[8:]), tcp[13], tcp[tcp[12]>>4*4:]}
}

// stream is one TCP connection: what each side has sent, in order.
type stream struct {
	ends  [2]string // side 0 has sent the first SYN
	next  [2]uint32
	acked [2]uint32
	bytes [2][]byte
	order []int // sides of the segments with data, in order
	over  [2]bool
}

// streams puts segments together and checks that sequence numbers leave no gap, and that nothing is
// acknowledged that was not sent.
func streams(t testing.TB, list []seen) []*stream {
	t.Helper()
	var out []*stream
	open := map[[2]string]*stream{}
	last := node.Time(0)
	for i, s := range list {
		if s.at < last {
			t.Fatalf("frame %d goes back in time", i+1)
		}
		last = s.at
		x := open[[2]string{s.from, s.to}]
		if s.flags == flagSYN {
			x = &stream{ends: [2]string{s.from, s.to}, next: [2]uint32{s.seq}}
			out = append(out, x)
			open[[2]string{s.from, s.to}], open[[2]string{s.to, s.from}] = x, x
		}
		if x == nil {
			t.Fatalf("frame %d belongs to no connection", i+1)
		}
		x.take(t, i+1, &s)
	}
	return out
}

// take adds a segment.
func (x *stream) take(t testing.TB, n int, s *seen) {
	t.Helper()
	side := 0
	if s.from == x.ends[1] {
		side = 1
	}
	if s.flags&flagSYN != 0 && s.flags&flagACK != 0 {
		x.next[1] = s.seq
	}
	if s.flags&flagRST == 0 && s.seq != x.next[side] {
		t.Fatalf("frame %d, %s to %s: sequence number %d instead of %d", n, s.from, s.to, s.seq,
			x.next[side])
	}
	if s.flags&flagACK != 0 {
		if int32(s.ack-x.next[1-side]) > 0 || x.acked[side] != 0 && int32(s.ack-x.acked[side]) < 0 {
			t.Fatalf("frame %d, %s to %s: acknowledges %d; sent is %d, acknowledged %d", n, s.from,
				s.to, s.ack, x.next[1-side], x.acked[side])
		}
		x.acked[side] = s.ack
	}
	if x.over[side] && (len(s.data) > 0 || s.flags&flagFIN != 0) {
		t.Fatalf("frame %d, %s to %s: more after the end", n, s.from, s.to)
	}
	x.next[side] += uint32(len(s.data))
	if s.flags&(flagSYN|flagFIN) != 0 {
		x.next[side]++
	}
	x.over[side] = x.over[side] || s.flags&(flagFIN|flagRST) != 0
	if len(s.data) > 0 {
		x.bytes[side] = append(x.bytes[side], s.data...)
		x.order = append(x.order, side)
	}
}

// port is the port that was dialled.
func (x *stream) port() string { return x.ends[1][strings.LastIndexByte(x.ends[1], ':')+1:] }

// messages decodes both directions of a stream.
func (x *stream) messages(t testing.TB) (out [2][]string) {
	t.Helper()
	var asked map[int32]zk.OpCode
	if x.port() == "2181" {
		asked = x.requests(t)
	}
	for side := range out {
		d := wire{port: x.port(), dialler: side == 0, first: true, asked: asked}
		for b := x.bytes[side]; len(b) > 0; {
			m, n, err := d.next(b)
			if err != nil {
				t.Fatalf("%s to %s: %v at %x", x.ends[side], x.ends[1-side], err, b[:min(len(b), 40)])
			}
			again, err := appendMessage(nil, m)
			if err != nil || !bytes.Equal(again, b[:n]) {
				t.Fatalf("%T is written otherwise: %x, %x, %v", m, again, b[:n], err)
			}
			out[side] = append(out[side], described(m))
			b = b[n:]
		}
	}
	return out
}

// requests finds the types of a client's requests by their xids.
func (x *stream) requests(t testing.TB) map[int32]zk.OpCode {
	out := map[int32]zk.OpCode{}
	d := wire{port: "2181", dialler: true, first: true}
	for b := x.bytes[0]; len(b) > 0; {
		m, n, err := d.next(b)
		if err != nil {
			t.Fatal(err)
		}
		if q, ok := m.(*jute.ClientRequest); ok {
			out[q.Xid] = q.Request.Type
		}
		b = b[n:]
	}
	return out
}

// wire decodes one direction of a stream with the project's own codec.
type wire struct {
	port    string
	dialler bool
	first   bool
	snap    zk.Zxid // a snapshot comes next
	inSnap  bool
	asked   map[int32]zk.OpCode
}

// next decodes a message.
func (d *wire) next(b []byte) (node.Message, int, error) {
	first := d.first
	d.first = false
	switch {
	case d.port == "3888" && d.dialler && first:
		return tripled(jute.DecodeHello(b))
	case d.port == "3888":
		return tripled(jute.DecodeNotification(b))
	case d.port == "2888" && d.inSnap:
		d.inSnap = false
		return tripled(jute.DecodeSnapshotStream(b, d.snap))
	case d.port == "2888":
		p, n, err := jute.DecodePacket(b, d.dialler)
		if err == nil && p.Type == zk.SNAP {
			d.inSnap, d.snap = true, p.Zxid
		}
		return p, n, err
	case first && d.dialler:
		return tripled(jute.DecodeConnectRequest(b))
	case first:
		return tripled(jute.DecodeConnectResponse(b))
	case d.dialler:
		return tripled(jute.DecodeClientRequest(b))
	case int32(binary.BigEndian.Uint32(b[4:])) == -1:
		return tripled(jute.DecodeClientEvent(b))
	}
	return tripled(jute.DecodeReply(b, d.asked[int32(binary.BigEndian.Uint32(b[4:]))]))
}

// tripled makes a message of a decoded record.
func tripled[M node.Message](m M, n int, err error) (node.Message, int, error) { return m, n, err }

// described is a message in the words of the trace.
func described(m node.Message) string {
	var e node.Event
	m.Describe(&e)
	return fmt.Sprint(e.Kind, e.Args)
}

// arrivals lists, for each connection of a trace and each direction, the messages that arrived.
func arrivals(rec *trace.Recorder) map[int64][2][]string {
	out := map[int64][2][]string{}
	rec.Iterate(1, rec.Len(), func(e *trace.Event) bool {
		if e.Kind != node.KindReceived {
			return true
		}
		conn := e.Args[0].N
		sent, _ := rec.At(e.Cause)
		side, both := 0, out[conn]
		if node.ID(conn>>48) == e.Node {
			side = 1
		}
		both[side] = append(both[side], fmt.Sprint(sent.Kind, sent.Args))
		out[conn] = both
		return true
	})
	return out
}

// captured writes a capture and compares it with the trace: the same connections with the same
// messages in the same order.
func captured(t testing.TB, m *Made) []byte {
	t.Helper()
	file := written(t, func(b *bytes.Buffer) error { return Pcap(b, m, goOn) })
	var got, want []string
	for _, x := range streams(t, frames(t, []byte(file))) {
		if both := x.messages(t); len(both[0])+len(both[1]) > 0 {
			got = append(got, fmt.Sprint(both))
		}
	}
	for _, both := range arrivals(made(t, m)) {
		want = append(want, fmt.Sprint(both))
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) || len(got) == 0 {
		t.Errorf("%d connections in the capture, %d in the trace, not the same", len(got), len(want))
		for i := range min(len(got), len(want)) {
			if got[i] != want[i] {
				t.Logf("captured\n%.2000s\ntraced\n%.2000s", got[i], want[i])
				break
			}
		}
	}
	return []byte(file)
}

func TestACaptureHoldsTheMessagesOfTheTrace(t *testing.T) {
	captured(t, failover())
	for name, text := range scripts(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			captured(t, &Made{Origin: engine.Origin{Script: text}})
		})
	}
}

// Ways in which connections fail: nobody listens, nobody answers, packets are lost, power is cut.
func TestACaptureOfTrouble(t *testing.T) {
	m := &Made{Origin: engine.Origin{Preset: "minority-leader", Seed: 3}, Until: 120 * node.Second}
	r, err := m.Again(nil, on)
	if err != nil {
		t.Fatal(err)
	}
	begin := r.Now()
	for i, do := range []string{"crash 1", "start 1", "partition 1 | 2,3 oneway", "heal", "pause 2",
		"resume 2", "stop 3", "write 1 create /x y", "write 3 create /x y", "start 3", "hold 1 to 2",
		"release 1 to 2", "kill 1,2,3"} {
		m.Actions = append(m.Actions, Action{At: begin + node.Time(i+1)*3*node.Second, Do: do})
	}
	captured(t, m)
}

func TestACaptureIsTheSameEveryTime(t *testing.T) {
	one := written(t, func(b *bytes.Buffer) error { return Pcap(b, failover(), goOn) })
	two := written(t, func(b *bytes.Buffer) error { return Pcap(b, failover(), goOn) })
	if one != two {
		t.Error("two captures of one run differ")
	}
}

func TestServersHaveTheirAddressesAndPorts(t *testing.T) {
	file := written(t, func(b *bytes.Buffer) error { return Pcap(b, failover(), goOn) })
	to := map[string]bool{}
	for _, s := range frames(t, []byte(file)) {
		if s.flags == flagSYN {
			to[s.to] = true
			if !strings.HasPrefix(s.from, "10.77.0.") && !strings.HasPrefix(s.from, "10.78.0.") {
				t.Errorf("dialled from %s", s.from)
			}
		}
	}
	for _, want := range []string{"10.77.0.2:2181", "10.77.0.4:3888", "10.77.0.4:2888",
		"10.77.0.5:2181"} {
		if !to[want] {
			t.Errorf("nobody dialled %s, but %v", want, to)
		}
	}
}

// full is a disk without space.
type full struct{ left int }

func (f *full) Write(b []byte) (int, error) {
	if f.left -= len(b); f.left < 0 {
		return 0, io.ErrShortWrite
	}
	return len(b), nil
}

func TestACaptureEndsWithItsDiskOrItsCaller(t *testing.T) {
	if err := Pcap(&full{100_000}, failover(), goOn); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("full disk: %v", err)
	}
	n := 0
	err := Pcap(io.Discard, failover(), func() bool { n++; return n < 50 })
	if !errors.Is(err, ErrStopped) {
		t.Errorf("stopped: %v", err)
	}
}

type oddity struct{ node.Message }

func TestAMessageWithoutAForm(t *testing.T) {
	if _, err := appendMessage(nil, oddity{}); err == nil {
		t.Error("an unknown message was written")
	}
}
