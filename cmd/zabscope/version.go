package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
)

// version tells which build this is, for a report of something odd.
var version = command{
	name:  "version",
	about: "say which build this is",
	run: func(_ context.Context, _ []string, _ io.Reader, stdout, _ io.Writer) int {
		fmt.Fprintf(stdout, "zabscope %s %s %s/%s\n",
			build(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
		return exitOK
	},
}

// build names the source of this binary: the module's version when it was installed as one, else
// the commit when the go command recorded it, else "(devel)".
func build() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown)"
	}
	return buildOf(info)
}

// buildOf is build for any build information.
func buildOf(info *debug.BuildInfo) string {
	if info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	commit, modified := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision" && len(s.Value) >= 12:
			commit = s.Value[:12]
		case s.Key == "vcs.modified" && s.Value == "true":
			modified = "+changes"
		}
	}
	if commit == "" {
		return "(devel)"
	}
	return commit + modified
}
