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
	"text/tabwriter"
	"time"

	"zabscope/web"
)

// fanout is one measurement.
type fanout struct {
	viewers int
	rate    int
	span    time.Duration
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
	if err := f.measure(ctx, stdout, stderr); err != nil {
		fmt.Fprintln(stderr, "zabscope bench fanout:", err)
		return exitWrong
	}
	return exitOK
}

// measure serves the room, lets another process watch it, and prints what came of it.
func (f *fanout) measure(ctx context.Context, stdout, stderr io.Writer) error {
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
	return f.watched(watch, stdout)
}

// watched measures this process while the other one watches.
func (f *fanout) watched(watch *viewers, stdout io.Writer) error {
	before := memory()
	if err := watch.wait("connected"); err != nil {
		return err
	}
	perConn := (memory() - before) / float64(f.viewers)
	if err := watch.tell("play"); err != nil {
		return err
	}
	if err := watch.wait("warm"); err != nil {
		return err
	}
	cpu, began := cpuTime(), time.Now()
	if err := watch.wait("done"); err != nil {
		return err
	}
	cpu, took := cpuTime()-cpu, time.Since(began)
	var seen viewersResult
	if err := watch.result(&seen); err != nil {
		return err
	}
	return f.print(stdout, seen, cpu, took, perConn)
}

func (f *fanout) print(stdout io.Writer, seen viewersResult, cpu, took time.Duration,
	perConn float64) error {
	each := cpu / time.Duration(max(1, seen.Frames))
	table := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	line := func(what, value, target string) { fmt.Fprintf(table, "%s\t%s\t%s\n", what, value, target) }
	fmt.Fprintf(table, "%d viewers, %d events/s, %.1f s, %d cores\t\ttarget\n", f.viewers, f.rate,
		took.Seconds(), runtime.GOMAXPROCS(0))
	line("age of frames, p50", ms(seen.P50), "")
	line("age of frames, p99", ms(seen.P99), "< "+ms(targetP99))
	line("frames delivered", strconv.Itoa(seen.Frames), "")
	line("frames a second for each viewer",
		fmt.Sprintf("%.1f", float64(seen.Frames)/float64(f.viewers)/took.Seconds()), "")
	line("server CPU for each frame delivered", fmt.Sprintf("%.1f µs", float64(each)/1e3),
		fmt.Sprintf("<= %.0f µs", float64(targetCPU)/1e3))
	line("server CPU for each event and viewer", fmt.Sprintf("%.2f µs",
		cpu.Seconds()*1e6/(float64(f.rate)*float64(f.viewers)*took.Seconds())), "")
	line("server CPU, cores", fmt.Sprintf("%.2f", cpu.Seconds()/took.Seconds()), "")
	line("memory for each connection", fmt.Sprintf("%.1f KiB", perConn/1024),
		fmt.Sprintf("<= %d KiB", targetMemory>>10))
	line("viewers lost", strconv.Itoa(seen.Lost), "0")
	return table.Flush()
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d)/1e6) }

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
