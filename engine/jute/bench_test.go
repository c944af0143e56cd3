package jute

import (
	"testing"

	"zabscope/engine/zk"
)

// A setData of 100 bytes with a digest: what a busy ensemble mostly does.
func benchTxn() *zk.Txn {
	return digested(zk.Txn{Type: zk.OpSetData, Path: "/zk/benchmark/node", Data: make([]byte, 100),
		Version: 7})
}

func BenchmarkEncodeTxn(b *testing.B) {
	x := benchTxn()
	b.ReportAllocs()
	for b.Loop() {
		x.Encoded = nil
		EncodeTxn(x)
	}
}

func BenchmarkEncodeCreate(b *testing.B) {
	x := digested(txns["create"])
	b.ReportAllocs()
	for b.Loop() {
		x.Encoded = nil
		EncodeTxn(x)
	}
}

func BenchmarkDecodeTxn(b *testing.B) {
	x := benchTxn()
	EncodeTxn(x)
	b.ReportAllocs()
	for b.Loop() {
		DecodeTxn(x.Encoded)
	}
}

func BenchmarkDecodeCreate(b *testing.B) {
	x := digested(txns["create"])
	EncodeTxn(x)
	b.ReportAllocs()
	for b.Loop() {
		DecodeTxn(x.Encoded)
	}
}

func BenchmarkEncodeRecord(b *testing.B) {
	x := benchTxn()
	EncodeTxn(x)
	x, _ = DecodeTxn(x.Encoded) // as a follower has it
	b.ReportAllocs()
	for b.Loop() {
		EncodeRecord(x)
	}
}

func BenchmarkDecodeRecord(b *testing.B) {
	r := EncodeRecord(benchTxn())
	b.ReportAllocs()
	for b.Loop() {
		DecodeRecord(r)
	}
}

func BenchmarkAppendProposal(b *testing.B) {
	p := &QuorumPacket{Type: zk.PROPOSAL, Zxid: 1, Txn: benchTxn()}
	EncodeTxn(p.Txn)
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		buf = AppendPacket(buf[:0], p)
	}
}

func BenchmarkAppendAck(b *testing.B) {
	p := &QuorumPacket{Type: zk.ACK, Zxid: 1}
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		buf = AppendPacket(buf[:0], p)
	}
}

func BenchmarkDecodeProposal(b *testing.B) {
	p := AppendPacket(nil, &QuorumPacket{Type: zk.PROPOSAL, Zxid: 1, Txn: benchTxn()})
	b.ReportAllocs()
	for b.Loop() {
		DecodePacket(p, false)
	}
}

func BenchmarkWireSize(b *testing.B) {
	p := &QuorumPacket{Type: zk.PROPOSAL, Zxid: 1, Txn: benchTxn()}
	EncodeTxn(p.Txn)
	r := &ClientRequest{Request: &zk.Request{Type: zk.OpSetData, Path: "/zk/benchmark/node",
		Data: make([]byte, 100)}}
	b.ReportAllocs()
	for b.Loop() {
		if p.WireSize()+r.WireSize() == 0 {
			b.Fatal("nothing to send")
		}
	}
}

// One node of a snapshot of many, checksum included.
func BenchmarkSnapshotNode(b *testing.B) {
	const nodes = 1000
	n := SnapshotNode{Path: "/zk/benchmark/node", Data: make([]byte, 100), ACL: -1}
	b.ReportAllocs()
	for b.Loop() {
		w := NewSnapshotWriter(nodes * 200)
		for range nodes {
			w.Node(&n)
		}
		w.EndNodes()
		w.Seal()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/nodes, "ns/node")
}
