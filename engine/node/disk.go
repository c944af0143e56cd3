package node

// Disk is one machine's file system, flat: names may contain slashes but there are no folders. A write is
// visible to the machine at once, as in a page cache, and durable only after a Sync effect that
// began after it has finished. Rename of a synced file is durable at once, as on a journalled file
// system. Disks never interleave with other machines.
type Disk interface {
	// List returns the names of all files in lexical order, in a new slice.
	List() []string
	// Size is the length of a file including preallocated zeros, -1 if it does not exist.
	Size(name string) int64
	// Read returns what was written to the file; bytes from len(data) up to Size are zero. The slice
	// is the caller's to read, not to change. ok is false if the file does not exist.
	Read(name string) (data []byte, ok bool)
	// Write creates the file or replaces all of it. The disk keeps b, which must not change.
	Write(name string, b []byte) error
	// Append adds b behind what was written (not behind preallocated zeros), creating the file if
	// need be. The disk keeps b, which must not change.
	Append(name string, b []byte) error
	// Extend grows the file to size bytes with zeros that take no room.
	Extend(name string, size int64) error
	// Truncate cuts the file to size bytes; what was preallocated goes too.
	Truncate(name string, size int64) error
	// Rename replaces to by from.
	Rename(from, to string) error
	// Remove deletes the file; a file that does not exist is no error.
	Remove(name string) error
}

// DiskError is what a Disk's writing calls return.
type DiskError string

// The errors a disk may have.
const (
	ErrDiskFull DiskError = "no space left on device"
	ErrDiskIO   DiskError = "input/output error"
	ErrNoFile   DiskError = "no such file"
)

// Error is the message that the operating system gives.
func (e DiskError) Error() string { return string(e) }
