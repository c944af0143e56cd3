package scenario

import "zabscope/engine/zk"

// putTxn adds the body of a transaction to an object.
func putTxn(o *object, t *zk.Txn) *object {
	switch t.Type {
	case zk.OpCreate, zk.OpCreate2:
		o.put("path", t.Path).put("data", dataText(t.Data)).put("acl", len(t.ACL)).
			put("ephemeral", t.Ephemeral).put("parentCVersion", t.ParentCVersion)
	case zk.OpCreateContainer:
		o.put("path", t.Path).put("data", dataText(t.Data)).put("acl", len(t.ACL)).
			put("parentCVersion", t.ParentCVersion)
	case zk.OpCreateTTL:
		o.put("path", t.Path).put("data", dataText(t.Data)).put("acl", len(t.ACL)).
			put("parentCVersion", t.ParentCVersion).put("ttl", t.TTL)
	case zk.OpDelete, zk.OpDeleteContainer:
		o.put("path", t.Path)
	case zk.OpSetData, zk.OpReconfig:
		o.put("path", t.Path).put("data", dataText(t.Data)).put("version", t.Version)
	case zk.OpSetACL:
		o.put("path", t.Path).put("acl", aclFacts(t.ACL)).put("version", t.Version)
	case zk.OpCheck:
		o.put("path", t.Path).put("version", t.Version)
	case zk.OpCreateSession:
		o.put("timeout", t.Timeout)
	case zk.OpCloseSession:
		if t.HasPaths {
			o.put("paths2Delete", append([]string{}, t.Paths...))
		}
	case zk.OpError:
		o.put("err", int32(t.Err)).put("name", errorName(t.Err))
	case zk.OpMulti:
		parts := []any{}
		for i := range t.Ops {
			parts = append(parts, putTxn((&object{}).put("type", t.Ops[i].Type.String()),
				&t.Ops[i]))
		}
		o.put("txns", parts)
	}
	return o
}

// errorName is null for the one code that transactions carry and the recorded facts have no name for.
func errorName(e zk.ErrorCode) any {
	if e == zk.ErrRuntimeInconsistency {
		return nil
	}
	return e.Error()
}

// aclFacts writes an access control list.
func aclFacts(list []zk.ACL) []any {
	out := []any{}
	for _, a := range list {
		out = append(out, (&object{}).put("perms", a.Perms).put("scheme", a.ID.Scheme).
			put("id", a.ID.ID))
	}
	return out
}

// putRequest adds the body of a request to an object.
func putRequest(o *object, q *zk.Request) *object {
	switch q.Type {
	case zk.OpCreate, zk.OpCreate2, zk.OpCreateContainer:
		o.put("path", q.Path).put("data", dataText(q.Data)).put("acl", len(q.ACL)).
			put("flags", q.Flags)
	case zk.OpDelete, zk.OpCheck:
		o.put("path", q.Path).put("version", q.Version)
	case zk.OpSetData:
		o.put("path", q.Path).put("data", dataText(q.Data)).put("version", q.Version)
	case zk.OpSync:
		o.put("path", q.Path)
	case zk.OpCreateSession:
		o.put("timeout", q.Timeout)
	case zk.OpReconfig:
		o.put("joining", orNull(q.Joining)).put("leaving", orNull(q.Leaving)).
			put("newMembers", orNull(q.NewMembers)).put("curConfigId", q.CurConfigID)
	case zk.OpMulti:
		ops := []any{}
		for i := range q.Ops {
			ops = append(ops, putRequest((&object{}).put("type", q.Ops[i].Type.String()),
				&q.Ops[i]))
		}
		o.put("ops", ops)
	}
	return o
}

// orNull is a string that Java may leave out.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}
