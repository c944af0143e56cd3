// Package templates holds the site's pages as templ components. A component takes one Props struct,
// already worded for the screen; it decides nothing and fetches nothing. Pages carry no inline script
// or style, so that the strict content security policy of package web holds.
//
// Reading order: page.templ (the frame of every page), run.templ (a run on the screen), its parts in
// panels.templ and transport.templ, problem.templ (what went wrong). The *_templ.go files are made
// from them:
//
//	go tool -modfile=cmd/verify/tools/go.mod templ generate
package templates
