// Package disk simulates the file system of one machine, as node.Disk describes it: a page cache in
// front of a medium. Crash loses what is only in the page cache, Kill of a process loses nothing.
//
// What makes data durable: a sync that began after the write and finished, or the write-back that a
// kernel does by itself after some seconds. Names are kept as a journalled file system keeps them:
// Remove, Truncate and the Rename of a file whose content is durable are durable at once; a new name
// becomes durable with the file's first sync.
//
// Contents are lists of the slices that machines wrote; nothing is copied until somebody reads.
//
// Reading order: disk.go (Disk and the calls of node.Disk), sync.go (syncs, write-back), crash.go
// (what a loss of power leaves), faults.go (slow, full and broken disks).
package disk
