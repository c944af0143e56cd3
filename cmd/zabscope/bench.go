package main

import (
	"context"
	"fmt"
	"io"
	"strings"
)

// bench measures what the site can bear on this machine.
var bench = command{
	name:  "bench",
	usage: "browser [-events N] [-json] | fanout [-viewers N] [-rate N] [-time DURATION] [-json]",
	about: "measure what a browser and a room can bear",
	details: `
  browser           The pages as headless Chromium shows them on this machine, without a graphics
                    card: first paint, weight, frames while scrubbing, scrolling and zooming over
                    runs of 1,000 to 1,000,000 events, memory, the way from a key to an event on
                    screen, the state and the causes at any event.

  -events N         the longest run that is loaded; default 1000000, 1000 at least
  -json             print the figures as JSON

  fanout            One room whose world has so many events a second, and viewers that watch it
                    over real websockets of this machine, from a process of their own: the age of
                    frames and of their oldest events on arrival, the processor time of the server
                    for each frame it delivers, beside that of a bare write to a socket, and its
                    memory for each connection.

  -viewers N        how many watch; default 1000
  -rate N           events a second; default 500
  -time DURATION    how long to measure; default 10s
  -json             print the figures as JSON

Both tell on standard error what they do, and end with a table: what, budget, measured, ok. They
exit with 0 when all has been measured, whether budgets are kept or not.

Where other programs keep the machine busy the processor time is the figure to trust.`,
	run: runBench,
}

func runBench(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	what, rest := "", args
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		what, rest = args[0], args[1:]
	}
	switch what {
	case "browser":
		return benchBrowser(ctx, rest, stdout, stderr)
	case "fanout":
		return benchFanout(ctx, rest, stdout, stderr)
	case "viewers": // the other process of fanout
		return benchViewers(ctx, rest, stdin, stdout, stderr)
	}
	fmt.Fprintf(stderr, "zabscope bench: there are browser and fanout, not %q. See: zabscope help bench\n", what)
	return exitUsage
}
