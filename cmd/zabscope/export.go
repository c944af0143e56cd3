package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"zabscope/engine"
	"zabscope/engine/export"
	"zabscope/engine/node"
	"zabscope/engine/scenario"
	"zabscope/engine/trace"
)

// exporting writes a run in a form that can be kept.
var exporting = command{
	name:  "export",
	usage: "FILE [-form FORM] [-o OUT] [FLAGS]",
	about: "write a run in a form that other programs read",
	details: `FILE is a scenario, which is carried out, or a trace that was kept, which is read; - is standard
input.

Forms:
  trace            every event as a line of JSON; the one form that can be read back
  transcript.txt   sentences: when, who, what, why (the default)
  transcript.html  the same as a page for a printer
  mermaid          a sequence diagram for Mermaid
  shiviz           a log with vector clocks for ShiViz
  scenario         the same things as a scenario for real servers
  pcap             every byte on the wires, for Wireshark

Flags:
  -o OUT           file to write, standard output if not said
  -depth NAME      how closely to look: decisions (default), packets, everything, hidden
  -lang CODE       language of the sentences, en (default)
  -from N, -to N   first and last event
  -most N          how many events at most
  -seed, -options  as for run; not for a trace

Exit codes: 0 when it is written; 1 when the run goes otherwise than the scenario expects, or cannot
be had in that form; 2 when the command line or the file makes no sense.`,
	run: exportRun,
}

// exportOrder is a command line of export.
type exportOrder struct {
	*settings
	form, out, depth, language *string
	from, to                   *uint64
	most                       *int
}

func exportRun(_ context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	s := newSettings("export", stderr)
	f := s.flags
	o := exportOrder{s, f.String("form", "transcript.txt", ""), f.String("o", "-", ""),
		f.String("depth", "decisions", ""), f.String("lang", "en", ""), f.Uint64("from", 0, ""),
		f.Uint64("to", 0, ""), f.Int("most", 0, "")}
	if len(args) > 0 && (args[0] == "-" || !strings.HasPrefix(args[0], "-")) {
		args = append(args[1:len(args):len(args)], args[0]) // flags stand before what they are about
	}
	in := bufio.NewReader(stdin)
	write, code := o.prepare(args, in)
	if code != exitOK {
		return code
	}
	if err := o.write(stdout, write); err != nil {
		s.complain(err)
		return exitWrong
	}
	return exitOK
}

// A writing writes a run in the form that was asked for.
type writing func(w io.Writer) error

// prepare reads the command line and the file; the exit code is not exitOK if something is wrong, which
// it has said.
func (o *exportOrder) prepare(args []string, stdin *bufio.Reader) (writing, int) {
	if err := o.flags.Parse(args); err != nil || o.flags.NArg() != 1 {
		if err == nil {
			err = fmt.Errorf("expected one file, found %d; see: zabscope help export", o.flags.NArg())
		}
		o.complain(err)
		return nil, exitUsage
	}
	depth, err := scenario.DepthNamed(*o.depth)
	if err != nil {
		o.complain(err)
		return nil, exitUsage
	}
	part := export.Part{From: node.Seq(*o.from), To: node.Seq(*o.to), Depth: depth,
		Language: *o.language, Most: *o.most}
	rec, err := readTrace(o.flags.Arg(0), stdin)
	if err != nil {
		o.complain(err)
		return nil, exitUsage
	}
	if rec != nil {
		return o.told(rec, part, nil)
	}
	sc, ok := o.parse(args, stdin)
	if !ok {
		return nil, exitUsage
	}
	return o.told(nil, part, &export.Made{Origin: engine.Origin{Script: sc.Text()}})
}

// readTrace reads a file if it is a trace; nil if it is something else.
func readTrace(name string, stdin *bufio.Reader) (*trace.Recorder, error) {
	in := stdin
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		in = bufio.NewReader(file)
	}
	start, err := in.Peek(512)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if !export.IsTrace(start) {
		return nil, nil
	}
	rec, err := export.Import(in)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return rec, nil
}

// told finds how to write a run: a trace that was read, or one that is to be made.
func (o *exportOrder) told(rec *trace.Recorder, part export.Part, m *export.Made) (writing, int) {
	ofTrace := map[string]func(io.Writer, *trace.Recorder) error{
		"trace": export.Trace,
		"transcript.txt": func(w io.Writer, r *trace.Recorder) error {
			return export.Transcript(w, r, part)
		},
		"transcript.html": func(w io.Writer, r *trace.Recorder) error {
			return export.Page(w, r, part, "Zabscope: "+o.flags.Arg(0))
		},
		"mermaid": func(w io.Writer, r *trace.Recorder) error { return export.Mermaid(w, r, part) },
		"shiviz":  func(w io.Writer, r *trace.Recorder) error { return export.ShiViz(w, r, part) },
	}
	write, ok := ofTrace[*o.form]
	again := *o.form == "scenario" || *o.form == "pcap"
	switch {
	case !ok && !again:
		o.complain(fmt.Errorf("there is no form %q; there are trace, transcript.txt, "+
			"transcript.html, mermaid, shiviz, scenario and pcap", *o.form))
		return nil, exitUsage
	case again && m == nil:
		o.complain(fmt.Errorf("a trace does not say how its run was made, so there is no %s of it; "+
			"give the scenario instead", *o.form))
		return nil, exitWrong
	case *o.form == "pcap":
		return func(w io.Writer) error { return export.Pcap(w, m, goOn) }, exitOK
	case again:
		return func(w io.Writer) error { return writeLab(w, m) }, exitOK
	case rec != nil:
		return func(w io.Writer) error { return write(w, rec) }, exitOK
	}
	return func(w io.Writer) error {
		r, err := m.Again(nil, func(*engine.Run) bool { return true })
		if err != nil {
			return err
		}
		return write(w, r.Recorder())
	}, exitOK
}

// goOn lets a run go on to its end.
func goOn() bool { return true }

// writeLab writes a run as a scenario for real servers.
func writeLab(w io.Writer, m *export.Made) error {
	sc, err := export.Lab(m)
	if err != nil {
		return err
	}
	_, err = w.Write(sc.JSON())
	return err
}

// write writes to where the order says. A file that could not be written whole is taken away.
func (o *exportOrder) write(stdout io.Writer, write writing) error {
	if *o.out == "-" {
		return write(stdout)
	}
	f, err := os.Create(*o.out)
	if err != nil {
		return err
	}
	if err := errors.Join(write(f), f.Close()); err != nil {
		return errors.Join(err, os.Remove(*o.out))
	}
	return nil
}
