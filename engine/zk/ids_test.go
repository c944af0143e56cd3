package zk

import "testing"

// ZxidUtils: epoch in the high half, counter in the low half.
func TestZxidHalves(t *testing.T) {
	for _, c := range []struct {
		z        Zxid
		epoch    Epoch
		counter  int64
		text     string
		hex      string
		newEpoch bool
	}{
		{0, 0, 0, "0:0", "0x0", true},
		{0x100000003, 1, 3, "1:3", "0x100000003", false},
		{0x200000000, 2, 0, "2:0", "0x200000000", true},
		{0x1ffffffff, 1, 0xffffffff, "1:4294967295", "0x1ffffffff", false},
		{NoZxid, -1, 0xffffffff, "none", "0xffffffffffffffff", false},
		{MinZxid, -1 << 31, 0, "min", "0x8000000000000000", true},
	} {
		if c.z.Epoch() != c.epoch || c.z.Counter() != c.counter || c.z.String() != c.text ||
			c.z.Hex() != c.hex || c.z.IsNewEpoch() != c.newEpoch {
			t.Errorf("%d: epoch %d counter %d, %s, %s", int64(c.z), c.z.Epoch(), c.z.Counter(), c.z,
				c.z.Hex())
		}
		if got := MakeZxid(c.epoch, c.counter); got != c.z {
			t.Errorf("MakeZxid(%d, %d) is %s", c.epoch, c.counter, got.Hex())
		}
	}
}

// Vote.equals of 3.8.0, one row per rule.
func TestVoteEquality(t *testing.T) {
	base := Vote{Leader: 2, Zxid: 5, ElectionEpoch: 1, PeerEpoch: 1, State: Following}
	change := func(f func(*Vote)) Vote { v := base; f(&v); return v }
	looking := func(v Vote) Vote { v.State = Looking; return v }
	for _, c := range []struct {
		name string
		a, b Vote
		want bool
	}{
		{"the same", base, base, true},
		{"another round does not matter between settled servers", base,
			change(func(v *Vote) { v.ElectionEpoch, v.Zxid = 9, 9 }), true},
		{"but the epoch of the leader does", base, change(func(v *Vote) { v.PeerEpoch = 2 }), false},
		{"and the leader", base, change(func(v *Vote) { v.Leader = 3 }), false},
		{"a LOOKING side compares everything", looking(base),
			change(func(v *Vote) { v.ElectionEpoch = 9 }), false},
		{"and agrees when all is equal", looking(base), base, true},
		{"votes of different formats agree by leader alone", base,
			change(func(v *Vote) { v.Version, v.PeerEpoch = 1, 7 }), true},
	} {
		if c.a.Equal(c.b) != c.want || c.b.Equal(c.a) != c.want {
			t.Errorf("%s: want %v both ways", c.name, c.want)
		}
	}
}

func TestNamesAreTheJavaConstants(t *testing.T) {
	for got, want := range map[string]string{
		Leading.String(): "LEADING", Synchronization.String(): "SYNCHRONIZATION",
		SyncTrunc.String(): "TRUNC", Observer.String(): "observer", ACKEPOCH.String(): "ACKEPOCH",
		INFORMANDACTIVATE.String(): "INFORMANDACTIVATE", PacketType(0).String(): "PacketType(0)",
		PacketType(99).String(): "PacketType(99)", ServerState(-1).String(): "ServerState(-1)",
		OpSetData.String(): "setData", OpCloseSession.String(): "closeSession",
		OpCode(77).String(): "OpCode(77)", ErrNoNode.Error(): "NoNode",
		ErrorCode(-999).Error(): "ErrorCode(-999)", NoLeader.String(): "none", SID(3).String(): "3",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if Looking.Valid() != true || ServerState(4).Valid() || ServerState(-1).Valid() {
		t.Error("there are four states")
	}
}

// PrepRequestProcessor: what gets a zxid.
func TestWritesAreWhatGetsAZxid(t *testing.T) {
	for op, want := range map[OpCode]bool{
		OpCreate: true, OpDelete: true, OpSetData: true, OpMulti: true, OpCheck: true,
		OpCreateSession: true, OpCloseSession: true, OpReconfig: true,
		OpGetData: false, OpExists: false, OpSync: false, OpPing: false, OpGetChildren2: false,
	} {
		if op.IsWrite() != want {
			t.Errorf("%s: %v", op, op.IsWrite())
		}
	}
}

// The default is 3.8.0; the correct variant differs in the learner's order and in every repair.
func TestOptionsNameWhatTheyAre(t *testing.T) {
	d, c := Options3_8_0(), OptionsCorrect()
	if d.SyncVariant != SyncV3911 || !d.EpochBeforeLog || d.RepairTornRecord || !d.FastForward {
		t.Errorf("3.8.0 is %+v", d)
	}
	if c.SyncVariant != SyncFixed || c.EpochBeforeLog || !c.RepairTornRecord ||
		!c.RepairTruncSnapshots || !c.RepairTxnLogSync || !c.RepairEpochFirst || !c.LearnerGapCheck {
		t.Errorf("the correct variant is %+v", c)
	}
}
