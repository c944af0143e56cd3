package disk

import "zabscope/engine/node"

// Unlimited is the room of a disk that never fills.
const Unlimited int64 = -1

type faults struct {
	slow   node.Time // added to every fsync
	room   int64     // bytes that may still be written, or Unlimited
	broken bool      // every write and fsync fails
	noSync bool      // every fsync fails
}

// SetSlow adds a duration to every fsync that begins from now on; 0 ends it.
func (d *Disk) SetSlow(by node.Time) { d.faults.slow = by }

// SetRoom limits the bytes that may still be written; Unlimited ends it.
func (d *Disk) SetRoom(bytes int64) { d.faults.room = bytes }

// SetSyncFails makes every fsync that begins from now on fail, or succeed again.
func (d *Disk) SetSyncFails(fails bool) { d.faults.noSync = fails }

// SetBroken makes every write and every fsync that begins from now on fail, or succeed again.
func (d *Disk) SetBroken(broken bool) { d.faults.broken = broken }

// Repair ends all faults.
func (d *Disk) Repair() { d.faults = faults{room: Unlimited} }

// Faulty reports whether any fault is set.
func (d *Disk) Faulty() bool { return d.faults != faults{room: Unlimited} }

// take makes sure that the disk works and takes bytes, which may be negative, from the room left.
func (d *Disk) take(bytes int64) error {
	if d.faults.broken {
		return node.ErrDiskIO
	}
	if d.faults.room != Unlimited {
		if bytes > d.faults.room {
			return node.ErrDiskFull
		}
		d.faults.room -= bytes
	}
	return nil
}

// give returns bytes to the room left.
func (d *Disk) give(bytes int64) {
	if d.faults.room != Unlimited {
		d.faults.room += bytes
	}
}
