package datatree

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Names of the two nodes that a quota consists of, below /zookeeper/quota and the path that it is
// for. (org.apache.zookeeper.Quotas)
const (
	QuotaLimits = "zookeeper_limits"
	QuotaStats  = "zookeeper_stats"
)

// StatsTrack is the content of a limit or stat node of a quota: numbers by name, "count" and
// "bytes" always. (org.apache.zookeeper.StatsTrack)
type StatsTrack struct {
	Count, Bytes int64            // -1 if not said
	More         map[string]int64 // countHardLimit, byteHardLimit
}

// ParseStatsTrack reads "count=N,bytes=M" and what else the text has; parts that are no number by
// name are passed over.
func ParseStatsTrack(text string) StatsTrack {
	s := StatsTrack{Count: -1, Bytes: -1}
	between := func(r rune) bool { return r == ',' || r == ';' }
	for part := range strings.FieldsFuncSeq(text, between) {
		name, value, _ := strings.Cut(part, "=")
		n, err := strconv.ParseInt(strings.TrimRight(value, "="), 10, 64)
		if err != nil {
			continue
		}
		switch name {
		case "count":
			s.Count = n
		case "bytes":
			s.Bytes = n
		default:
			if s.More == nil {
				s.More = map[string]int64{}
			}
			s.More[name] = n
		}
	}
	return s
}

// Limit is a number by name, -1 if it is not said.
func (s StatsTrack) Limit(name string) int64 {
	if n, ok := s.More[name]; ok {
		return n
	}
	return -1
}

// String is the text as ZooKeeper writes it; the second "=" behind bytes keeps old readers from the
// names that follow. (StatsTrack.toString)
func (s StatsTrack) String() string {
	b := append([]byte("count="), strconv.FormatInt(s.Count, 10)...)
	b = strconv.AppendInt(append(b, ",bytes="...), s.Bytes, 10)
	if len(s.More) > 0 {
		b = append(b, '=')
	}
	for _, name := range slices.Sorted(maps.Keys(s.More)) {
		b = append(append(append(b, ';'), name...), '=')
		b = strconv.AppendInt(b, s.More[name], 10)
	}
	return string(b)
}

// QuotaPrefix is the deepest path at or above path that has a quota; ok is false if none has.
// (DataTree.getMaxPrefixWithQuota)
func (t *DataTree) QuotaPrefix(path string) (prefix string, ok bool) {
	for len(t.quotas) > 0 && len(path) > 1 {
		if _, found := t.quotas[path]; found {
			return path, true
		}
		path = path[:max(0, strings.LastIndexByte(path, '/'))]
	}
	return "", false
}

// useQuota counts what a change adds to the usage of the quota above path. Each server does it for
// itself, which is why nodes below /zookeeper have no part in the digest.
// (DataTree.updateQuotaStat)
func (t *DataTree) useQuota(path string, bytes, count int) {
	prefix, ok := t.QuotaPrefix(path)
	if !ok {
		return
	}
	statPath := QuotaPath + prefix + "/" + QuotaStats
	if n := t.nodes[statPath]; n != nil {
		s := ParseStatsTrack(string(n.Data))
		s.Count, s.Bytes = s.Count+int64(count), s.Bytes+int64(bytes)
		n.Data = []byte(s.String())
		t.touch(statPath, n)
	}
}

// quotaCreated notes a new limit node, counts afresh what a new stat node is for, and adds the new
// node to the usage above it.
func (t *DataTree) quotaCreated(path, parent, name string, bytes int) {
	if prefix, ok := quotaFor(parent); ok {
		switch name {
		case QuotaLimits:
			t.quotas[prefix] = struct{}{}
		case QuotaStats:
			t.countQuota(prefix)
		}
	}
	t.useQuota(path, bytes, 1)
}

func (t *DataTree) quotaDeleted(path, parent, name string, bytes int) {
	if prefix, ok := quotaFor(parent); ok && name == QuotaLimits {
		delete(t.quotas, prefix)
	}
	t.useQuota(path, -bytes, -1)
}

// quotaFor is the path that the limit and stat nodes below parent are for; ok is false outside of
// /zookeeper/quota and directly below it, where ZooKeeper 3.8.0 would fail.
func quotaFor(parent string) (prefix string, ok bool) {
	prefix, ok = strings.CutPrefix(parent, QuotaPath)
	return prefix, ok && strings.HasPrefix(prefix, "/")
}

// countQuota writes the true usage below path into its stat node, if there is one.
// (DataTree.updateQuotaForPath)
func (t *DataTree) countQuota(path string) {
	statPath := QuotaPath + path + "/" + QuotaStats
	if n := t.nodes[statPath]; n != nil {
		s := StatsTrack{}
		t.countBelow(path, &s)
		n.Data = []byte(s.String())
		t.touch(statPath, n)
	}
}

func (t *DataTree) countBelow(path string, s *StatsTrack) {
	n := t.nodes[path]
	if n == nil {
		return
	}
	s.Count++
	s.Bytes += int64(len(n.Data))
	for _, name := range n.children {
		t.countBelow(path+"/"+name, s)
	}
}

// setupQuota finds the quotas of a tree that was just loaded and counts their usage.
// (DataTree.setupQuota, traverseNode)
func (t *DataTree) setupQuota(path string) {
	n := t.nodes[path]
	if n == nil {
		return
	}
	parent, name, _ := split(path)
	if prefix, ok := quotaFor(parent); ok && name == QuotaLimits && len(n.children) == 0 {
		t.countQuota(prefix)
		t.quotas[prefix] = struct{}{}
	}
	for _, child := range n.children {
		t.setupQuota(path + "/" + child)
	}
}
