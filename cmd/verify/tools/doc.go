// Package tools is the module that pins the programs cmd/verify runs: staticcheck and templ. They
// have a go.mod of their own so that what they need never becomes what Zabscope needs.
//
// Anything that runs `go tool -modfile=cmd/verify/tools/go.mod NAME` from the root gets the very
// same version; to take a newer one, run `go get -tool PATH@VERSION` in this folder.
package tools
