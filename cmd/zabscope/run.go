package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"

	"zabscope/engine/scenario"
)

// run carries out a scenario and tells what happens.
var run = command{
	name:  "run",
	usage: "[FLAGS] SCENARIO",
	about: "carry out a scenario and tell what happens, and why",
	details: `SCENARIO is a file in the scenario language or its JSON form; - reads standard input.

Flags:
  -depth NAME      how closely to look: decisions (default), packets, everything, hidden
  -lang CODE       language of the sentences, en (default)
  -options K=V,... change how the servers behave, such as release=correct
  -seed N          seed of everything random, instead of the scenario's own
  -strict          let also those broken promises fail that are known of the release
  -trace FILE      write all events as lines of JSON
  -usage           explain the scenario language and do nothing else

Exit codes: 0 when every step did what it should; 1 when a condition did not come true, a
step was refused, or a promise of Zab was broken; 2 when the scenario makes no sense.`,
	run: runScenario,
}

// settings are the flags that run and facts share.
type settings struct {
	flags   *flag.FlagSet
	seed    *uint64
	options *string
	strict  *bool
	stderr  io.Writer
}

// newSettings makes the flags of a command; a bad flag is said in one line.
func newSettings(name string, stderr io.Writer) *settings {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.SetOutput(io.Discard)
	return &settings{f, f.Uint64("seed", 0, ""), f.String("options", "", ""),
		f.Bool("strict", false, ""), stderr}
}

// parse reads the command line and the scenario that it names; ok is false if something is wrong,
// which it has said.
func (s *settings) parse(args []string, stdin io.Reader) (sc *scenario.Scenario, ok bool) {
	if err := s.flags.Parse(args); err != nil {
		return nil, s.complain(err)
	}
	if s.flags.NArg() != 1 {
		return nil, s.complain(fmt.Errorf("expected one scenario, found %d; see: zabscope help %s",
			s.flags.NArg(), s.flags.Name()))
	}
	sc, err := readScenario(s.flags.Arg(0), stdin)
	if err != nil {
		return nil, s.complain(err)
	}
	s.flags.Visit(func(f *flag.Flag) {
		switch f.Name {
		case "seed":
			sc.Seed = *s.seed
		case "options":
			err = sc.Set(*s.options)
		}
	})
	if err != nil {
		return nil, s.complain(err)
	}
	return sc, true
}

// complain says what is wrong with the command line or the scenario.
func (s *settings) complain(err error) bool {
	fmt.Fprintf(s.stderr, "zabscope %s: %v\n", s.flags.Name(), err)
	return false
}

func readScenario(name string, stdin io.Reader) (*scenario.Scenario, error) {
	var text []byte
	var err error
	if name == "-" {
		name = "standard input"
		text, err = io.ReadAll(stdin)
	} else {
		text, err = os.ReadFile(name)
	}
	if err != nil {
		return nil, err
	}
	return scenario.Parse(name, text)
}

func runScenario(_ context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	s := newSettings("run", stderr)
	depthName := s.flags.String("depth", "decisions", "")
	language := s.flags.String("lang", "en", "")
	traceFile := s.flags.String("trace", "", "")
	usage := s.flags.Bool("usage", false, "")
	if s.flags.Parse(args) == nil && *usage {
		fmt.Fprint(stdout, scenario.Usage())
		return exitOK
	}
	sc, ok := s.parse(args, stdin)
	if !ok {
		return exitUsage
	}
	depth, err := scenario.DepthNamed(*depthName)
	if err != nil {
		s.complain(err)
		return exitUsage
	}
	r, err := scenario.Start(sc)
	if err != nil {
		s.complain(err)
		return exitUsage
	}
	if err := scenario.Transcribe(stdout, r, depth, *language); err != nil {
		s.complain(err)
		return exitUsage
	}
	if *traceFile != "" {
		if err := writeTrace(*traceFile, r); err != nil {
			s.complain(err)
			return exitUsage
		}
	}
	return verdict(r, *s.strict, stderr)
}

func writeTrace(name string, r *scenario.Run) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := r.WriteTrace(f); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// verdict says which steps failed, and how.
func verdict(r *scenario.Run, strict bool, stderr io.Writer) int {
	code := exitOK
	for _, x := range r.Results() {
		for _, why := range x.Failures(strict) {
			fmt.Fprintf(stderr, "step %d (%s): %s\n", x.Step, x.Command.Op, why)
			code = exitWrong
		}
	}
	return code
}
