//go:build !unix

package main

import "time"

// raiseFiles does nothing where there is no such limit.
func raiseFiles() {}

// cpuTime is not known here.
func cpuTime() time.Duration { return 0 }
