package datatree

import (
	"testing"

	"zabscope/engine/zk"
)

// withQuota sets a quota on /a as the command line client does: limits first, then stats.
func withQuota(t *testing.T) *script {
	s := newScript(t)
	s.create("/a", "12345")
	s.create("/a/b", "123")
	s.create("/zookeeper/quota/a", "")
	s.create("/zookeeper/quota/a/zookeeper_limits", "count=5,bytes=100")
	s.create("/zookeeper/quota/a/zookeeper_stats", "count=0,bytes=0")
	return s
}

func (s *script) usage(want string) {
	s.t.Helper()
	data, _, _ := s.tree.Get("/zookeeper/quota/a/zookeeper_stats")
	s.expect("usage", string(data), want)
}

// Usage is counted when the stat node is made and followed from then on. (DataTree.updateQuotaStat)
func TestQuotaUsage(t *testing.T) {
	s := withQuota(t)
	s.usage("count=2,bytes=8")
	s.create("/a/c", "1234567890")
	s.usage("count=3,bytes=18")
	s.expect("changed", s.last.Changed,
		[]string{"/a", "/a/c", "/zookeeper/quota/a/zookeeper_stats"})
	s.set("/a/c", "1")
	s.usage("count=3,bytes=9")
	s.delete("/a/b")
	s.usage("count=2,bytes=6")
	s.create("/ab", "not below /a")
	s.usage("count=2,bytes=6")
	s.expect("no part in the digest", s.tree.Digest(), recount(s.tree))
}

// Only the deepest quota counts.
func TestDeepestQuotaCounts(t *testing.T) {
	s := withQuota(t)
	s.create("/zookeeper/quota/a/b", "")
	s.create("/zookeeper/quota/a/b/zookeeper_limits", "count=5,bytes=100")
	s.create("/zookeeper/quota/a/b/zookeeper_stats", "")
	for path, want := range map[string]string{"/a": "/a", "/a/c": "/a", "/a/b": "/a/b",
		"/a/b/x/y": "/a/b", "/b": "", "/": "", "": ""} {
		prefix, ok := s.tree.QuotaPrefix(path)
		s.expect(path, prefix, want)
		s.expect(path, ok, want != "")
	}
	s.create("/a/b/x", "123456")
	s.usage("count=2,bytes=8")
	data, _, _ := s.tree.Get("/zookeeper/quota/a/b/zookeeper_stats")
	s.expect("below", string(data), "count=2,bytes=9")
}

// Deleting the limits ends it.
func TestQuotaEnds(t *testing.T) {
	s := withQuota(t)
	s.delete("/zookeeper/quota/a/zookeeper_limits")
	s.create("/a/x", "123")
	s.usage("count=2,bytes=8")
	_, ok := s.tree.QuotaPrefix("/a")
	s.expect("prefix", ok, false)
}

// A limit without stats is no harm, nor are nodes of those names elsewhere, on which a real server
// dies.
func TestOddQuotas(t *testing.T) {
	s := newScript(t)
	s.create("/zookeeper/quota/zookeeper_limits", "")
	s.create("/zookeeper/quota/zookeeper_stats", "")
	s.create("/zookeeper/zookeeper_limits", "")
	s.delete("/zookeeper/zookeeper_limits")
	s.delete("/zookeeper/quota/zookeeper_limits")
	s.create("/zookeeper/quota/x", "")
	s.create("/zookeeper/quota/x/zookeeper_limits", "")
	s.create("/x", "1")
	s.set("/x", "2")
	s.expect("no error", s.last.Err, zk.ErrOK)
}

// StatsTrack: the text and what is read from it.
func TestStatsTrack(t *testing.T) {
	for _, c := range []struct{ in, out string }{
		{"count=5,bytes=100", "count=5,bytes=100"},
		{"bytes=100;count=5", "count=5,bytes=100"},
		{"count=5,bytes=100=;countHardLimit=7;byteHardLimit=200",
			"count=5,bytes=100=;byteHardLimit=200;countHardLimit=7"},
		{"", "count=-1,bytes=-1"},
		{"count=many,bytes", "count=-1,bytes=-1"},
	} {
		if got := ParseStatsTrack(c.in).String(); got != c.out {
			t.Errorf("%q: %q, want %q", c.in, got, c.out)
		}
	}
	s := ParseStatsTrack("count=5,bytes=100=;countHardLimit=7")
	if s.Limit("countHardLimit") != 7 || s.Limit("byteHardLimit") != -1 {
		t.Errorf("%+v", s)
	}
}

// A snapshot brings quotas back and counts usage afresh.
func TestQuotasAfterLoad(t *testing.T) {
	s := withQuota(t)
	s.tree.Node("/zookeeper/quota/a/zookeeper_stats").Data = []byte("count=99,bytes=99")
	s.tree = copyOf(t, s.tree)
	s.usage("count=2,bytes=8")
	s.create("/a/x", "1")
	s.usage("count=3,bytes=9")
}
