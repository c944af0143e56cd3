package export

import (
	"bytes"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"zabscope/engine"
)

// tshark runs the reader of captures that comes with Wireshark. cmd/verify installs it.
func tshark(t *testing.T, file []byte, args ...string) string {
	t.Helper()
	program, err := exec.LookPath("tshark")
	if err != nil {
		t.Fatal("tshark is not on PATH; go run ./cmd/verify installs it where it may " +
			"(on Debian: apt-get install tshark)")
	}
	name := filepath.Join(t.TempDir(), "run.pcap")
	if err := os.WriteFile(name, file, 0o600); err != nil {
		t.Fatal(err)
	}
	all := []string{"-n", "-r", name, "-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE"}
	for _, port := range []string{"2181", "2888", "3888"} {
		// Wireshark does not know ZooKeeper's protocols. Left alone it takes some packets, real ones
		// too, for short messages, and complains that they are not.
		all = append(all, "-d", "tcp.port=="+port+",data")
	}
	cmd := exec.Command(program, append(all, args...)...)
	var wrong bytes.Buffer
	cmd.Stderr = &wrong
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("tshark: %v\n%s", err, wrong.String())
	}
	return string(out)
}

// complaints matches frames about which Wireshark would say that something is wrong.
const complaints = "_ws.malformed || ip.checksum.status == 0 || tcp.checksum.status == 0 || " +
	"tcp.analysis.lost_segment || tcp.analysis.ack_lost_segment || tcp.analysis.out_of_order || " +
	"tcp.analysis.retransmission || tcp.analysis.window_full || tcp.analysis.duplicate_ack || " +
	"_ws.expert.group == checksum || _ws.expert.group == malformed"

func TestTsharkReadsCaptures(t *testing.T) {
	for name, m := range map[string]*Made{"failover": failover(),
		"far behind": {Origin: engine.Origin{Preset: "far-behind", Seed: 5}},
		"e-trunc":    {Origin: engine.Origin{Script: script(t, "e-trunc")}}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := captured(t, m)
			if out := tshark(t, file, "-Y", complaints); out != "" {
				t.Errorf("tshark complains of\n%.3000s", out)
			}
			sameStreams(t, file)
		})
	}
}

// sameStreams compares what tshark finds in each connection with what our own reader finds.
func sameStreams(t *testing.T, file []byte) {
	t.Helper()
	found := map[string]*[2][]byte{}
	for line := range strings.Lines(tshark(t, file, "-T", "fields", "-e", "tcp.stream", "-e",
		"ip.src", "-e", "tcp.srcport", "-e", "tcp.payload", "-Y", "tcp.len > 0")) {
		f := strings.Split(strings.TrimRight(line, "\n"), "\t")
		data, err := hex.DecodeString(f[3])
		if err != nil {
			t.Fatal(err)
		}
		x := found[f[0]]
		if x == nil {
			x = &[2][]byte{}
			found[f[0]] = x
		}
		side := 0
		if f[2] == "2181" || f[2] == "2888" || f[2] == "3888" {
			side = 1
		}
		x[side] = append(x[side], data...)
	}
	n := 0
	for _, x := range streams(t, frames(t, file)) {
		if len(x.bytes[0])+len(x.bytes[1]) == 0 {
			continue
		}
		n++
		same := false
		for _, y := range found {
			same = same || bytes.Equal(x.bytes[0], y[0]) && bytes.Equal(x.bytes[1], y[1])
		}
		if !same {
			t.Errorf("tshark does not find the connection of %s to %s", x.ends[0], x.ends[1])
		}
	}
	if n != len(found) || n == 0 {
		t.Errorf("tshark finds %d connections, we %d", len(found), n)
	}
}
