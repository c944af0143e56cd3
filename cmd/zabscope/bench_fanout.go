package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strconv"
	"time"

	"zabscope/web"
)

// fanout is one measurement.
type fanout struct {
	viewers int
	rate    int
	span    time.Duration
	figures figures
	progress
}

// Targets on a machine of two cores.
const (
	targetP99    = 100 * time.Millisecond
	targetCPU    = 8 * time.Microsecond // for each delivery
	targetMemory = 10 << 10             // bytes for each connection
)

func benchFanout(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var f fanout
	flags := flag.NewFlagSet("bench fanout", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.IntVar(&f.viewers, "viewers", 1000, "")
	flags.IntVar(&f.rate, "rate", 500, "")
	flags.DurationVar(&f.span, "time", 10*time.Second, "")
	asJSON := flags.Bool("json", false, "")
	err := flags.Parse(args)
	switch {
	case err == nil && flags.NArg() > 0:
		err = fmt.Errorf("%q is too much", flags.Arg(0))
	case err == nil && (f.viewers < 1 || f.rate < 1 || f.span <= 0):
		err = errors.New("-viewers, -rate and -time are more than 0")
	}
	if err != nil {
		fmt.Fprintf(stderr, "zabscope bench fanout: %v. See: zabscope help bench\n", err)
		return exitUsage
	}
	raiseFiles()
	f.progress = progress{stderr, time.Now()}
	err = f.measure(ctx, stderr)
	f.figures.write(stdout, *asJSON)
	if err != nil {
		fmt.Fprintln(stderr, "zabscope bench fanout:", err)
		return exitWrong
	}
	return exitOK
}

// measure serves the room, lets another process watch it, and notes what came of it.
func (f *fanout) measure(ctx context.Context, stderr io.Writer) error {
	f.tell("bare writes to %d sockets", f.viewers)
	bare, err := bareWrite(f.viewers)
	if err != nil {
		return err
	}
	defer f.tell("done")
	site, err := web.New(web.Config{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer site.Close()
	stream, err := site.OpenMetronome(f.rate)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: site, ReadHeaderTimeout: headerWait}
	go server.Serve(listener) //nolint:errcheck // it ends with the server
	defer server.Close()
	watch, err := f.startViewers(ctx, "ws://"+listener.Addr().String()+stream, stderr)
	if err != nil {
		return err
	}
	defer watch.stop()
	return f.watched(watch, bare)
}

// watched measures this process while the other one watches.
func (f *fanout) watched(watch *viewers, bare time.Duration) error {
	before := memory()
	f.tell("%d viewers come", f.viewers)
	if err := watch.wait("connected"); err != nil {
		return err
	}
	perConn := (memory() - before) / float64(f.viewers)
	f.tell("%d events a second, to begin with uncounted", f.rate)
	if err := watch.tell("play"); err != nil {
		return err
	}
	if err := watch.wait("warm"); err != nil {
		return err
	}
	f.tell("the same, counted")
	cpu, began := cpuTime(), time.Now()
	if err := watch.wait("done"); err != nil {
		return err
	}
	cpu, took := cpuTime()-cpu, time.Since(began)
	var seen viewersResult
	if err := watch.result(&seen); err != nil {
		return err
	}
	f.note(seen, fanoutCost{cpu, took, bare, perConn})
	return nil
}

// fanoutCost is what the viewers cost the server.
type fanoutCost struct {
	cpu, took time.Duration // processor time, and on the clock
	bare      time.Duration // processor time of one bare write
	perConn   float64       // bytes of memory
}

// note works out the figures.
func (f *fanout) note(seen viewersResult, cost fanoutCost) {
	seconds, cpu := cost.took.Seconds(), cost.cpu.Seconds()
	perSecond := float64(seen.Frames) / float64(f.viewers) / seconds
	wait := 0.0 // of the first event of a frame until the frame is made, at most
	if perSecond > 0 {
		wait = 1000 / perSecond
	}
	each := cpu * 1e6 / float64(max(1, seen.Frames))
	add := f.figures.add
	add(fmt.Sprintf("%d viewers, %d events/s: age of frames on arrival, p50", f.viewers, f.rate),
		ms(seen.P50), 0, "ms")
	add("age of frames on arrival, p99", ms(seen.P99), ms(targetP99), "ms")
	add("age of events on arrival, p99, at most", ms(seen.P99)+wait, ms(targetP99), "ms")
	add("server CPU for each frame delivered", each, micros(targetCPU), "µs")
	if cost.bare > 0 {
		add("a bare write to a socket here, CPU", micros(cost.bare), 0, "µs")
		add("server CPU for each frame beyond that", each-micros(cost.bare), 0, "µs")
	}
	add("server CPU for each event delivered", cpu*1e6/(float64(f.rate)*float64(f.viewers)*seconds),
		micros(targetCPU), "µs")
	add("server CPU", cpu/seconds, 0, "cores")
	add("frames a second for each viewer", perSecond, 0, "frames")
	add("memory for each connection", cost.perConn/1024, targetMemory>>10, "KiB")
	add("viewers lost", float64(seen.Lost), 0, "viewers")
}

func ms(d time.Duration) float64     { return float64(d) / 1e6 }
func micros(d time.Duration) float64 { return float64(d) / 1e3 }

// memory is what this process holds of the machine's, in bytes.
func memory() float64 {
	runtime.GC()
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.Sys - m.HeapReleased)
}

// viewers is the process that watches.
type viewers struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	lines *bufio.Scanner
}

// startViewers starts this program again, as the viewers.
func (f *fanout) startViewers(ctx context.Context, url string, stderr io.Writer) (*viewers, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, self, "bench", "viewers", "-url", url,
		"-viewers", strconv.Itoa(f.viewers), "-time", f.span.String())
	cmd.Stderr = stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	return &viewers{cmd, in, bufio.NewScanner(out)}, cmd.Start()
}

// wait waits for the viewers to say a word.
func (v *viewers) wait(word string) error {
	if !v.lines.Scan() || v.lines.Text() != word {
		return fmt.Errorf("the viewers said %q, not %q", v.lines.Text(), word)
	}
	return nil
}

func (v *viewers) tell(word string) error {
	_, err := fmt.Fprintln(v.in, word)
	return err
}

// result reads what the viewers have seen.
func (v *viewers) result(seen *viewersResult) error {
	v.lines.Scan()
	return json.Unmarshal(v.lines.Bytes(), seen)
}

// stop ends the process.
func (v *viewers) stop() {
	v.in.Close()
	_ = v.cmd.Wait() // it has said all that it has to say
}
