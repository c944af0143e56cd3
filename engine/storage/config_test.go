package storage

import (
	"strings"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/sim/disk"
	"zabscope/engine/zk"
)

func parsedConfig(t *testing.T, text string) *zk.Membership {
	t.Helper()
	m, err := zk.ParseMembership(text)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

const (
	oldConfig = "server.2=b:1:2:participant;b:3\nserver.1=a:1:2:participant;a:3\nversion=100000000"
	newConfig = "server.1=a:1:2:participant;a:3\nserver.10=j:1:2:observer;j:3\nversion=100000005"
)

// configDisk is a database on an empty simulated disk.
func configDisk(t *testing.T) (*ZKDatabase, *disk.Disk) {
	t.Helper()
	d := disk.New(disk.Config{}, node.NewRand(1))
	m := parsedConfig(t, oldConfig)
	return New(d, zk.DefaultConfig(), zk.Options3_8_0(), func() *zk.Membership { return m }), d
}

// put does all that writing a configuration file takes.
func put(t *testing.T, db *ZKDatabase, d *disk.Disk, name, tmp string, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	d.WriteBack()
	var o node.Out
	if err := db.CommitConfig(&o, name); err != nil {
		t.Fatal(err)
	}
	if d.Size(tmp) >= 0 {
		t.Errorf("%s is still there", tmp)
	}
}

// activate writes what the activation of a configuration writes.
func activate(t *testing.T, db *ZKDatabase, d *disk.Disk, m *zk.Membership) {
	t.Helper()
	name, tmp, err := db.WriteDynamicConfig(m)
	put(t, db, d, name, tmp, err)
	name, tmp, err = db.WriteStaticConfig(m)
	put(t, db, d, name, tmp, err)
}

// A disk on which nothing was ever activated says nothing about the members, even if a
// configuration was seen: the operator's own list holds. (QuorumPeerConfig.parse)
func TestNoConfigurationOnDisk(t *testing.T) {
	db, d := configDisk(t)
	name, tmp, err := db.WriteNextConfig(parsedConfig(t, newConfig))
	put(t, db, d, name, tmp, err)
	committed, seen, err := ReadConfig(d)
	if committed != nil || seen != nil || err != nil {
		t.Errorf("%v, %v, %v", committed, seen, err)
	}
}

// The committed configuration is in a file with its version in the name and not inside, its lines
// sorted as text; the one last seen has its version inside. (QuorumPeerConfig.writeDynamicConfig)
func TestConfigurationFiles(t *testing.T) {
	db, d := configDisk(t)
	activate(t, db, d, parsedConfig(t, oldConfig))
	name, tmp, err := db.WriteNextConfig(parsedConfig(t, newConfig))
	put(t, db, d, name, tmp, err)
	for file, want := range map[string]string{
		"zoo.cfg": "dynamicConfigFile=zoo.cfg.dynamic.100000000\n",
		"zoo.cfg.dynamic.100000000": "server.1=a:1:2:participant;a:3\n" +
			"server.2=b:1:2:participant;b:3",
		"zoo.cfg.dynamic.next": "server.10=j:1:2:observer;j:3\n" +
			"server.1=a:1:2:participant;a:3\nversion=100000005",
	} {
		if b, _ := d.Read(file); string(b) != want {
			t.Errorf("%s is\n%s\nwant\n%s", file, b, want)
		}
	}
	committed, seen, err := ReadConfig(d)
	if err != nil || committed.Version != 1<<32 || len(committed.Voters()) != 2 {
		t.Errorf("committed is %+v, %v", committed, err)
	}
	if seen == nil || seen.Text() != newConfig {
		t.Errorf("last seen is %v", seen)
	}
	db.RemoveNextConfig()
	db.RemoveNextConfig()
	if _, seen, _ = ReadConfig(d); seen != nil {
		t.Error("what was removed is still seen")
	}
}

// Power is lost between the dynamic file and the static one that names it: the old configuration
// holds.
func TestPowerLossBetweenTheTwoFiles(t *testing.T) {
	db, d := configDisk(t)
	activate(t, db, d, parsedConfig(t, oldConfig))
	name, tmp, err := db.WriteDynamicConfig(parsedConfig(t, newConfig))
	put(t, db, d, name, tmp, err)
	if _, _, err := db.WriteStaticConfig(parsedConfig(t, newConfig)); err != nil {
		t.Fatal(err)
	}
	d.Crash(disk.TornRandom)
	if committed, _, err := ReadConfig(d); err != nil || committed.Version != 1<<32 {
		t.Errorf("%+v, %v", committed, err)
	}
}

// What cannot be read keeps the server from starting.
func TestDamagedConfigurationFiles(t *testing.T) {
	for name, x := range map[string]struct{ file, text, want string }{
		"no pointer":         {"zoo.cfg", "tickTime=250", "zoo.cfg: no dynamicConfigFile="},
		"pointer to nowhere": {"zoo.cfg", "dynamicConfigFile=x", "x: no such file"},
		"no version in the name": {"zoo.cfg", "dynamicConfigFile=zoo.cfg.dynamic.next",
			"no version in the name"},
		"dynamic file": {"zoo.cfg.dynamic.100000000", "server.1=a", "zoo.cfg.dynamic.100000000: "},
		"next file":    {"zoo.cfg.dynamic.next", "server.1=a", "zoo.cfg.dynamic.next: "},
	} {
		db, d := configDisk(t)
		activate(t, db, d, parsedConfig(t, oldConfig))
		next, tmp, err := db.WriteNextConfig(parsedConfig(t, newConfig))
		put(t, db, d, next, tmp, err)
		if err := d.Write(x.file, []byte(x.text)); err != nil {
			t.Fatal(err)
		}
		if _, _, err := ReadConfig(d); err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s: %v, want %s", name, err, x.want)
		}
	}
}

// A full disk refuses the file beside its place; what stands there stays.
func TestConfigurationOnAFullDisk(t *testing.T) {
	db, d := configDisk(t)
	activate(t, db, d, parsedConfig(t, oldConfig))
	d.SetRoom(0)
	if _, _, err := db.WriteDynamicConfig(parsedConfig(t, newConfig)); err != node.ErrDiskFull {
		t.Errorf("%v", err)
	}
	if committed, _, err := ReadConfig(d); err != nil || committed.Version != 1<<32 {
		t.Errorf("%+v, %v", committed, err)
	}
}
