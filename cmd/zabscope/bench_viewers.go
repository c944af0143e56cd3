package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// viewersResult is what the viewers have seen.
type viewersResult struct {
	Frames, Lost int
	P50, P99     time.Duration
}

// warmUp is how long viewers watch before it counts.
const warmUp = 3 * time.Second

// audience is many viewers of one stream.
type audience struct {
	conns    []*websocket.Conn
	counting atomic.Bool
	lost     atomic.Int64
	done     sync.WaitGroup

	mu   sync.Mutex
	ages []time.Duration
}

// benchViewers watches a stream, in step with the process that serves it: words go both ways.
func benchViewers(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("bench viewers", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	url := flags.String("url", "", "")
	n := flags.Int("viewers", 1, "")
	span := flags.Duration("time", time.Second, "")
	if err := flags.Parse(args); err != nil {
		fmt.Fprintln(stderr, "zabscope bench viewers:", err)
		return exitUsage
	}
	raiseFiles()
	var a audience
	defer a.leave()
	if err := a.connect(ctx, *url, *n); err != nil {
		fmt.Fprintln(stderr, "zabscope bench viewers:", err)
		return exitWrong
	}
	if !pass(ctx, warmUp) { // what is idle comes to rest
		return exitWrong
	}
	fmt.Fprintln(stdout, "connected")
	words := bufio.NewScanner(stdin)
	if !words.Scan() || a.ask("speed 1") != nil || a.ask("play") != nil {
		return exitWrong
	}
	if !pass(ctx, warmUp) {
		return exitWrong
	}
	a.counting.Store(true)
	fmt.Fprintln(stdout, "warm")
	over := pass(ctx, *span)
	a.counting.Store(false)
	fmt.Fprintln(stdout, "done")
	if !over || json.NewEncoder(stdout).Encode(a.result()) != nil {
		return exitWrong
	}
	return exitOK
}

// pass waits for a time; false if the program is to end before.
func pass(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}

// connect opens all connections. The first one makes the room stand still for the time being.
func (a *audience) connect(ctx context.Context, url string, n int) error {
	dialer := websocket.Dialer{ReadBufferSize: 2 << 10, WriteBufferSize: 256}
	for i := range n {
		conn, _, err := dialer.DialContext(ctx, url, nil)
		if err != nil {
			return err
		}
		a.conns = append(a.conns, conn)
		if i == 0 {
			if err := a.ask("pause"); err != nil {
				return err
			}
		}
		a.done.Go(func() { a.watch(conn) })
	}
	return nil
}

// ask moves the head of the room.
func (a *audience) ask(what string) error {
	return a.conns[0].WriteJSON(map[string]any{"id": 1, "head": what})
}

func (a *audience) leave() {
	for _, c := range a.conns {
		c.Close()
	}
	a.done.Wait()
}

// watch takes frames until the connection ends.
func (a *audience) watch(conn *websocket.Conn) {
	var ages []time.Duration
	for {
		_, r, err := conn.NextReader()
		if err != nil {
			break
		}
		message, err := io.ReadAll(r)
		if err != nil {
			break
		}
		if !a.counting.Load() {
			continue
		}
		if age, ok := ageOf(message); ok {
			ages = append(ages, age)
		}
	}
	if a.counting.Load() {
		a.lost.Add(1)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ages = append(a.ages, ages...)
}

// ageOf is how long ago the server made a frame; false for another message.
func ageOf(message []byte) (time.Duration, bool) {
	text, ok := bytes.CutPrefix(message, []byte(`{"t":`))
	if !ok || len(text) < 20 {
		return 0, false
	}
	made, err := strconv.ParseInt(string(text[:19]), 10, 64)
	return time.Since(time.Unix(0, made)), err == nil
}

// result closes the connections and sums up.
func (a *audience) result() viewersResult {
	r := viewersResult{Lost: int(a.lost.Load())}
	a.leave()
	slices.Sort(a.ages)
	r.Frames = len(a.ages)
	if n := len(a.ages); n > 0 {
		r.P50, r.P99 = a.ages[n/2], a.ages[n*99/100]
	}
	return r
}
