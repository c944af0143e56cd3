package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// serving runs the site until the test ends it, and returns its address and a way to end it that
// gives the exit code.
func serving(t *testing.T, args ...string) (url string, end func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	out, in := io.Pipe()
	code := make(chan int, 1)
	go func() {
		code <- runServe(ctx, args, nil, in, io.Discard)
		in.Close()
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("nothing was printed: %v", err)
	}
	url = regexp.MustCompile(`http://[^ /]+`).FindString(line)
	if url == "" {
		t.Fatalf("no address in %q", line)
	}
	return url, func() int { cancel(); return <-code }
}

func TestServeSaysWhereAndAnswersUntilItIsEnded(t *testing.T) {
	url, end := serving(t, "-addr", "127.0.0.1:0")
	for path, want := range map[string]string{"/healthz": "ok\n", "/": "<!doctype html>"} {
		answer, err := http.Get(url + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || answer.StatusCode != http.StatusOK ||
			!strings.HasPrefix(string(body), want) {
			t.Errorf("%s: %s, %v, %.40q", path, answer.Status, err, body)
		}
	}
	if code := end(); code != exitOK {
		t.Errorf("exit code %d", code)
	}
	if answer, err := http.Get(url + "/healthz"); err == nil {
		answer.Body.Close()
		t.Error("it still answers")
	}
}

func TestServeOnATakenPortNamesTheWayOut(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	var stdout, stderr bytes.Buffer
	addr := taken.Addr().String()
	code := runServe(context.Background(), []string{"-addr", addr}, nil, &stdout, &stderr)
	if code != exitWrong || stdout.Len() > 0 {
		t.Errorf("exit code %d, printed %q", code, stdout.String())
	}
	for _, want := range []string{addr + " is taken", "-addr 127.0.0.1:0"} {
		if !strings.Contains(stderr.String(), want) {
			t.Errorf("%q is not in %q", want, stderr.String())
		}
	}
}

func TestServeRefusesWhatMakesNoSense(t *testing.T) {
	for _, x := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"-port", "80"}, exitUsage, "zabscope help serve"},
		{[]string{"more"}, exitUsage, `"more" is too much`},
		{[]string{"-addr", "nowhere"}, exitWrong, "An address looks like 127.0.0.1:8080"},
	} {
		var stdout, stderr bytes.Buffer
		code := runServe(context.Background(), x.args, nil, &stdout, &stderr)
		if code != x.code || !strings.Contains(stderr.String(), x.says) {
			t.Errorf("%v: exit code %d, %q", x.args, code, stderr.String())
		}
	}
}

func TestVisibleAddresses(t *testing.T) {
	for _, x := range []struct {
		addr net.Addr
		want string
	}{
		{&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80}, "127.0.0.1:80"},
		{&net.TCPAddr{IP: net.IPv6loopback, Port: 80}, "[::1]:80"},
		{&net.TCPAddr{IP: net.IPv4zero, Port: 80}, "localhost:80"},
		{&net.TCPAddr{IP: net.IPv6unspecified, Port: 80}, "localhost:80"},
	} {
		if got := visible(x.addr); got != x.want {
			t.Errorf("%v: %s", x.addr, got)
		}
	}
}
