package jute

import (
	"hash/adler32"

	"zabscope/engine/zk"
)

// A transaction log is a header, records and the zeros of preallocation, which read as a record of
// no length:
//
//	FileHeader  int magic "ZKLG", int version 2, long dbid 0
//	record      long Adler32 of the payload, int length, payload, byte 'B'

// LogHeader is the first 16 bytes of every transaction log: magic "ZKLG", version 2, dbid 0.
// Callers must not change it. (persistence.FileTxnLog, FileHeader)
var LogHeader = []byte("ZKLG\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00")

const (
	recordHead = 8 + 4 // checksum and length
	recordMark = 'B'   // end of every record: without it the record is torn
)

// CheckLogHeader reads the head of a transaction log: ErrEndOfLog if the file is shorter,
// ErrMalformed if it is no log. (FileTxnLog.FileTxnIterator.createInputArchive)
func CheckLogHeader(b []byte) error {
	if len(b) < len(LogHeader) {
		return ErrEndOfLog
	}
	if string(b[:4]) != string(LogHeader[:4]) {
		return ErrMalformed
	}
	return nil
}

// RecordSize is the number of bytes that a transaction takes in a log.
func RecordSize(t *zk.Txn) int {
	if t.Encoded != nil {
		return recordHead + len(t.Encoded) + 1
	}
	return recordHead + txnSize(t) + 1
}

// EncodeRecord returns a transaction as logs hold it, in a slice that no one changes again: all
// servers may hand the same one to their disks. It is t.Record where that is set, as it is by
// EncodeTxn and DecodeRecord, and else a new one. (FileTxnLog.append)
func EncodeRecord(t *zk.Txn) []byte {
	EncodeTxn(t)
	if t.Record != nil {
		return t.Record
	}
	return AppendRecord(make([]byte, 0, RecordSize(t)), t)
}

// AppendRecord adds a transaction as logs hold it: checksum, length, payload, 'B'. It encodes the
// transaction if nobody has.
func AppendRecord(b []byte, t *zk.Txn) []byte {
	EncodeTxn(t)
	b = appendLong(b, int64(t.Checksum))
	b = appendInt(b, int32(len(t.Encoded)))
	return append(append(b, t.Encoded...), recordMark)
}

// DecodeRecord reads the record at the front of b, n bytes long; the transaction aliases b.
//
// ErrEndOfLog says that the file ends here: no bytes, the zeros of preallocation, or a last record
// that was not written in full. ErrChecksum, ErrLength and ErrMalformed say that it is damaged,
// which a real server does not survive. (FileTxnLog.FileTxnIterator.next, Util.readTxnBytes)
func DecodeRecord(b []byte) (t *zk.Txn, n int, err error) {
	d := decoder{b: b}
	sum := d.long()
	payload := d.buffer()
	mark := d.take(1)
	switch {
	case d.err == ErrLength || d.err == nil && payload == nil:
		return nil, 0, ErrLength
	case d.err != nil || len(payload) == 0 || mark[0] != recordMark:
		return nil, 0, ErrEndOfLog
	}
	computed := adler32.Checksum(payload)
	if sum != int64(computed) {
		return nil, 0, ErrChecksum
	}
	if t, err = decodeTxn(payload, computed); err != nil {
		return nil, 0, err
	}
	t.Record = b[:d.p:d.p]
	return t, d.p, nil
}
