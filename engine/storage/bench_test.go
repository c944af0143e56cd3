package storage

import (
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/zk"
)

func benchDB(b *testing.B) *ZKDatabase {
	b.Helper()
	db := New(newMemDisk(), zk.DefaultConfig(), zk.Options3_8_0(),
		func() *zk.Membership { return threeServers })
	if err := db.Load(new(node.Out)); err != nil {
		b.Fatal(err)
	}
	db.ProcessTxn(new(node.Out), create(z(1, 1), "/a", "x"), "")
	return db
}

func benchTxn() *zk.Txn {
	return encoded(&zk.Txn{Type: zk.OpSetData, Path: "/a", Data: make([]byte, 100)})
}

func BenchmarkProcessTxn(b *testing.B) {
	for _, tracing := range []bool{false, true} {
		name := map[bool]string{false: "silent", true: "traced"}[tracing]
		b.Run(name, func(b *testing.B) {
			db, x := benchDB(b), benchTxn()
			out := node.Out{Tracing: tracing}
			buf := make([]node.Effect, 0, 16)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				x.Zxid = z(1, int64(i+2))
				out.Begin(0, buf)
				db.ProcessTxn(&out, x, "COMMIT")
				out.End()
			}
		})
	}
}

// forgetful is a disk that keeps nothing, to measure the database alone.
type forgetful struct{ *memDisk }

func (forgetful) Append(string, []byte) error { return nil }

func BenchmarkAppend(b *testing.B) {
	db, x := benchDB(b), benchTxn()
	db.log.disk = forgetful{newMemDisk()}
	var out node.Out
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		x.Zxid = z(1, int64(i+2))
		if err := db.Append(&out, x); err != nil {
			b.Fatal(err)
		}
		if i%100 == 0 {
			db.SyncFiles()
		}
	}
}

func BenchmarkAddCommitted(b *testing.B) {
	db, x := benchDB(b), benchTxn()
	b.ReportAllocs()
	for b.Loop() {
		db.AddCommitted(x)
	}
}
