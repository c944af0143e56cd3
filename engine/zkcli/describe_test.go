package zkcli

import (
	"fmt"

	"zabscope/engine/zk"
)

// describe is a request with everything in it, for comparison; no data differs from empty data.
func describe(q *zk.Request) string {
	data := "none"
	if q.Data != nil {
		data = fmt.Sprintf("%q", q.Data)
	}
	s := fmt.Sprintf("%s %q data=%s acl=%v flags=%d version=%d ttl=%d watch=%t scheme=%q", q.Type,
		q.Path, data, q.ACL, q.Flags, q.Version, q.TTL, q.Watch, q.Scheme)
	for i := range q.Ops {
		s += "\n  " + describe(&q.Ops[i])
	}
	return s
}
