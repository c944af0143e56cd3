package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// figure is one measured figure beside its budget.
type figure struct {
	What    string  `json:"what"`
	Value   float64 `json:"value"`
	Budget  float64 `json:"budget,omitempty"` // 0 for none
	Unit    string  `json:"unit"`
	AtLeast bool    `json:"atLeast,omitempty"` // whether the budget is a lower bound
	CPU     float64 `json:"cpu,omitempty"`     // processor time of the same thing in ms; 0 if not known
}

// verdict says how the figure compares.
func (f figure) verdict() string {
	switch {
	case f.Budget == 0:
		return ""
	case f.AtLeast && f.Value >= f.Budget, !f.AtLeast && f.Value <= f.Budget:
		return "yes"
	}
	return "NO"
}

// budget words the bound that there is.
func (f figure) budget() string {
	switch {
	case f.Budget == 0:
		return ""
	case f.AtLeast:
		return fmt.Sprintf(">= %g %s", f.Budget, f.Unit)
	}
	return fmt.Sprintf("<= %g %s", f.Budget, f.Unit)
}

// measured words what was found; processor time goes with it, because others may have kept the
// machine busy.
func (f figure) measured() string {
	value := fmt.Sprintf("%.3g", f.Value)
	if f.Value >= 1000 {
		value = fmt.Sprintf("%.0f", f.Value)
	}
	if f.CPU > 0 {
		return fmt.Sprintf("%s %s (%.3g ms CPU)", value, f.Unit, f.CPU)
	}
	return value + " " + f.Unit
}

// figures are what a benchmark has found, in order.
type figures []figure

// add notes a figure.
func (fs *figures) add(what string, value, budget float64, unit string) {
	*fs = append(*fs, figure{What: what, Value: value, Budget: budget, Unit: unit})
}

// print writes the table, and how many budgets are kept.
func (fs figures) print(w io.Writer) {
	if len(fs) == 0 {
		return
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "what\tbudget\tmeasured\tok")
	kept, all := 0, 0
	for _, f := range fs {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", f.What, f.budget(), f.measured(), f.verdict())
		if f.Budget > 0 {
			all++
		}
		if f.verdict() == "yes" {
			kept++
		}
	}
	table.Flush()
	fmt.Fprintf(w, "%d of %d budgets kept, %s\n", kept, all, machine())
}

// write writes the table, or the same as JSON.
func (fs figures) write(w io.Writer, asJSON bool) {
	if asJSON {
		_ = json.NewEncoder(w).Encode(fs) // to a terminal or a pipe that is gone
		return
	}
	fs.print(w)
}

// machine says what the figures were taken on: they mean little where others are at work.
func machine() string {
	words := fmt.Sprintf("%d cores", runtime.GOMAXPROCS(0))
	if load, err := os.ReadFile("/proc/loadavg"); err == nil {
		words += ", load " + strings.Join(strings.Fields(string(load))[:2], " ")
	}
	return words
}

// progress tells what a benchmark does at present, and since when it runs.
type progress struct {
	to    io.Writer
	began time.Time
}

func (p progress) tell(what string, args ...any) {
	fmt.Fprintf(p.to, "%5.1f s  %s\n", time.Since(p.began).Seconds(), fmt.Sprintf(what, args...))
}

// median is the middle one of some numbers, 0 of none.
func median(of []float64) float64 { return quantile(of, 0.5) }

// quantile is the number that a share of them does not exceed, 0 of none.
func quantile(of []float64, share float64) float64 {
	if len(of) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(of))
	return sorted[min(len(sorted)-1, int(share*float64(len(sorted))))]
}
