package sim

import (
	"errors"

	"zabscope/engine/node"
	"zabscope/engine/sim/disk"
)

// SlowDisk adds a duration to every fsync of a machine that begins from now on; 0 ends it.
func (s *Sim) SlowDisk(id node.ID, by node.Time) error {
	if by < 0 {
		return errors.New("an fsync cannot take less than no time")
	}
	return s.faultDisk(id, "slow", func(d *disk.Disk) { d.SetSlow(by) })
}

// FillDisk leaves a machine room for so many more bytes; disk.Unlimited ends it.
func (s *Sim) FillDisk(id node.ID, bytes int64) error {
	if bytes < 0 && bytes != disk.Unlimited {
		return errors.New("a disk cannot have less than no room")
	}
	return s.faultDisk(id, "full", func(d *disk.Disk) { d.SetRoom(bytes) })
}

// FailSync makes every fsync of a machine that begins from now on fail, though writes succeed.
func (s *Sim) FailSync(id node.ID) error {
	return s.faultDisk(id, "syncFails", func(d *disk.Disk) { d.SetSyncFails(true) })
}

// BreakDisk makes every write and fsync of a machine fail; what was written can be read.
func (s *Sim) BreakDisk(id node.ID) error {
	return s.faultDisk(id, "broken", func(d *disk.Disk) { d.SetBroken(true) })
}

// RepairDisk ends all faults of a machine's disk, if there are any.
func (s *Sim) RepairDisk(id node.ID) error {
	if m := s.byID[id]; m != nil && !m.disk.Faulty() {
		return nil
	}
	return s.faultDisk(id, "repaired", func(d *disk.Disk) { d.Repair() })
}

func (s *Sim) faultDisk(id node.ID, name string, do func(*disk.Disk)) error {
	m, err := s.find(id)
	if err != nil {
		return err
	}
	do(m.disk)
	s.cause = 0
	s.note(id, s.event.Begin(node.KindDiskFault).With(node.Text(name)))
	return nil
}
