package main

import (
	"context"
	"os"
	"os/exec"
	"strings"
)

// tsharkPackage is the reader of network captures that comes with Wireshark.
var tsharkPackage = debian{what: "tshark", names: []string{"tshark"}, title: "tshark", name: "tshark",
	size: "40 MB"}

// tshark finds the program that reads our captures in tests, and installs Debian's when there is none
// and it may.
func tshark(ctx context.Context, c *checkout) outcome {
	return findTshark(ctx, c, host{lookPath: exec.LookPath, root: os.Geteuid() == 0})
}

// findTshark is tshark on any host.
func findTshark(ctx context.Context, c *checkout, h host) outcome {
	path, ok := h.anyOf(tsharkPackage.names)
	if !ok {
		if err := c.install(ctx, h, tsharkPackage); err != nil {
			return failure("%v", err)
		}
		if path, ok = h.anyOf(tsharkPackage.names); !ok {
			return failure("tshark was installed and still is not on PATH")
		}
	}
	version, err := c.exec(ctx, c.root, path, "--version")
	if err != nil {
		return failure("%s does not start: %v\n%s", path, err, version)
	}
	for line := range strings.Lines(version) { // as root it warns first
		if strings.HasPrefix(line, "TShark") {
			return outcome{note: strings.TrimSpace(line)}
		}
	}
	return outcome{note: lastLine(version)}
}
