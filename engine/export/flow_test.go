package export

import (
	"bytes"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"zabscope/engine"
	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// shape is what a connection looks like on the wire: a word for each segment, ">" from the side that
// dialled; data in a row count once.
func shape(list []seen, x *stream) string {
	var out []string
	for _, s := range list {
		if s.from+s.to != x.ends[0]+x.ends[1] && s.from+s.to != x.ends[1]+x.ends[0] {
			continue
		}
		word := map[byte]string{flagSYN: "SYN", flagSYN | flagACK: "SYN,ACK", flagACK: "ACK",
			flagFIN | flagACK: "FIN", flagRST | flagACK: "RST"}[s.flags]
		if len(s.data) > 0 {
			word = "data"
		}
		if s.from == x.ends[0] {
			word = ">" + word
		} else {
			word = "<" + word
		}
		if n := len(out); n == 0 || out[n-1] != word || !strings.HasSuffix(word, "data") {
			out = append(out, word)
		}
	}
	return strings.Join(out, " ")
}

// connections are the shapes of the connections of a run, without what is said in the middle.
func connections(t *testing.T, m *Made) (all []string, list []seen) {
	t.Helper()
	list = frames(t, captured(t, m))
	for _, x := range streams(t, list) {
		words := strings.Fields(shape(list, x))
		words = slices.DeleteFunc(words, func(w string) bool { return strings.HasSuffix(w, "data") })
		all = append(all, x.port()+" "+strings.Join(words, " "))
	}
	return all, list
}

// of runs a few commands, half a second apart, behind the start of some servers.
func of(servers int, commands ...string) *Made {
	m := &Made{Origin: engine.Origin{Config: engine.Config{Servers: servers, Seed: 2,
		Options: zk.Options3_8_0()}}}
	for i, do := range commands {
		m.Actions = append(m.Actions, Action{At: node.Time(i+2) * node.Second, Do: do})
	}
	m.Until = node.Time(len(commands)+3) * node.Second
	return m
}

const (
	handshake = ">SYN <SYN,ACK >ACK"
	hungUp    = handshake + " >FIN <FIN >ACK" // by the side that dialled
	wasHungUp = handshake + " <FIN >FIN <ACK" // by the other
	refused   = ">SYN <RST"
	noAnswer  = ">SYN"
)

// Connections begin and end on the wire as the machines saw them begin and end.
func TestConnectionsBeginAndEndAsTheyDid(t *testing.T) {
	for _, c := range []struct {
		name string
		made *Made
		want []string // shapes that must be there
	}{
		{"all is well", of(3), []string{"2888 " + handshake, "3888 " + handshake}},
		{"a follower is killed", of(3, "kill 1"), []string{"2888 " + hungUp}},
		{"the leader is killed", of(3, "kill 3"), []string{"2888 " + wasHungUp, "3888 " + refused}},
		{"a client asks a server that is down", of(3, "kill 1", "write 1 create /a b"),
			[]string{"2181 " + refused}},
		{"a client asks a server that is cut off", of(3, "partition 1 | 2,3", "kill 1",
			"start 1", "wait", "wait", "wait", "wait", "wait", "wait"),
			[]string{"3888 " + noAnswer}},
		{"power fails", of(3, "crash 3", "start 3"), []string{"2888 " + wasHungUp}},
		{"all die at once", of(3, "kill 1,2,3"), []string{"2888 " + wasHungUp}},
	} {
		all, _ := connections(t, c.made)
		for _, want := range c.want {
			if !slices.Contains(all, want) {
				slices.Sort(all)
				t.Errorf("%s: no connection %q among\n%s", c.name, want,
					strings.Join(slices.Compact(all), "\n"))
			}
		}
	}
}

// A large message takes as many segments as it needs, all but the last full, and the last pushes.
func TestLargeMessagesAreCutIntoSegments(t *testing.T) {
	m := of(1, `write 1 create /a "`+strings.Repeat("x", 5000)+`"`)
	m.Origin.Config.Standalone = true
	_, list := connections(t, m)
	var sizes []int
	for _, s := range list {
		if strings.HasSuffix(s.to, ":2181") && len(s.data) > 1000 || len(sizes) > 0 && len(sizes) < 4 {
			sizes = append(sizes, len(s.data))
			if pushed := s.flags&flagPSH != 0; pushed != (len(s.data) < maxSegment) {
				t.Errorf("segment of %d bytes: pushed %t", len(s.data), pushed)
			}
		}
	}
	if len(sizes) != 4 || sizes[0] != maxSegment || sizes[2] != maxSegment || sizes[3] == 0 {
		t.Errorf("segments of %v bytes", sizes)
	}
}

// An acknowledgement covers what its sender had heard when it sent, not what came while it was under
// way: with slow links the two differ.
func TestAcknowledgementsKnowNoFuture(t *testing.T) {
	m := of(3, "write 1 create /a b", "write 1 set /a c")
	m.Origin.Config.LatencyMin, m.Origin.Config.LatencyMax = 20*node.Millisecond, 20*node.Millisecond
	const way = 20 * node.Millisecond
	_, list := connections(t, m)
	late := 0
	for i, s := range list {
		if len(s.data) == 0 {
			continue
		}
		for _, before := range list[:i] {
			if before.from != s.to || before.to != s.from || len(before.data) == 0 {
				continue
			}
			behind := before.seq + uint32(len(before.data))
			known := int32(s.ack-behind) >= 0
			if sent := s.at - way; known && before.at > sent || !known && before.at < sent {
				t.Fatalf("frame %d, sent at %d, acknowledges what came at %d: %t", i+1, sent,
					before.at, known)
			}
			if !known {
				late++
			}
		}
	}
	if late == 0 {
		t.Error("no two messages met on the way")
	}
}

// Ports of those who dial begin again behind the last.
func TestPortsComeAgain(t *testing.T) {
	tp := &tap{capture: newCapture(&bytes.Buffer{}), flows: map[node.ConnID]*flow{},
		hosts: map[node.ID]netip.Addr{}, ports: map[node.ID]node.Port{1: 65534}}
	rec := theFailover()
	var got []node.Port
	for n := range uint32(3) {
		got = append(got, tp.dial(rec, node.MakeConn(1, 1, n), 2, 3888).ends[0].port)
	}
	if fmt.Sprint(got) != "[65535 32768 32769]" {
		t.Error(got)
	}
}

// Example of RFC 1071, section 3: the sum of 00 01 f2 03 f4 f5 f6 f7 is ddf2.
func TestChecksum(t *testing.T) {
	b := []byte{0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7}
	if got := ^checksum(0, b); got != 0xddf2 {
		t.Errorf("%x", got)
	}
	if checksum(0, append(b, 9)) != checksum(0, append(b, 9, 0)) {
		t.Error("an odd byte is not padded with zero")
	}
	if checksum(sum(0, b[:4]), b[4:]) != checksum(0, b) {
		t.Error("a sum in two parts differs")
	}
}

// A frame, byte by byte: a SYN from 10.77.0.3:32768 to 10.77.0.2:2888 at 1.5 s.
func TestAFrame(t *testing.T) {
	var b bytes.Buffer
	c := newCapture(&b)
	c.frame(1500*node.Millisecond, &segment{from: endpoint{netip.MustParseAddr("10.77.0.3"), 32768},
		to: endpoint{netip.MustParseAddr("10.77.0.2"), 2888}, seq: 0x01020304, flags: flagSYN})
	want := "4d3cb2a1 02000400 00000000 00000000 00000400 01000000" + // head of the file
		" 01000000 0065cd1d 3e000000 3e000000" + // time, lengths
		" 02000a4d0002 02000a4d0003 0800" + // Ethernet
		" 4500 0030 0001 4000 4006 2629 0a4d0003 0a4d0002" + // IPv4
		" 8000 0b48 01020304 00000000 7002 ffff" // TCP
	got := fmt.Sprintf("%x", b.Bytes())
	if !strings.HasPrefix(got, strings.ReplaceAll(want, " ", "")) {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if !strings.HasSuffix(got, "0000020405b40103030e") || b.Len() != 24+16+14+20+28 {
		t.Errorf("the end is %s", got[len(got)-40:])
	}
	segmentOf(t, 0, b.Bytes()[40:])
}
