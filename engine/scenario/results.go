package scenario

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"zabscope/engine/client"
	"zabscope/engine/zk"
)

// name gives a session the name by which the facts call it: S1, S2 ... in order of appearance, and
// 0 for none.
func (r *Run) name(session int64) any {
	if session == 0 {
		return 0
	}
	if r.sessions[session] == "" {
		r.sessions[session] = fmt.Sprintf("S%d", len(r.sessions)+1)
	}
	return r.sessions[session]
}

// withNumber writes an error as the facts do: its name and its number.
func withNumber(e zk.ErrorCode) string { return fmt.Sprintf("%s (%d)", e.Error(), int32(e)) }

// resultOf words the answer to one request.
func (r *Run) resultOf(t Txn, o *client.Op) any {
	out := (&object{}).put("op", t.Op)
	if t.Op != "multi" {
		out.put("path", t.Path)
	}
	if o.Result.Err != zk.ErrOK {
		return out.put("error", withNumber(o.Result.Err))
	}
	switch t.Op {
	case "multi":
		parts := []any{}
		for _, x := range o.Result.Ops {
			parts = append(parts, partResult(&x))
		}
		return out.put("ok", parts).put("zxid", o.Zxid.Hex())
	case "create":
		out.put("zxid", o.Zxid.Hex()).put("created", o.Result.Path)
	case "set", "exists":
		out.put("zxid", o.Zxid.Hex()).put("stat", r.stat(&o.Result.Stat))
	case "get":
		out.put("zxid", o.Zxid.Hex()).put("data", dataText(o.Result.Data)).
			put("stat", r.stat(&o.Result.Stat))
	case "children":
		out.put("zxid", o.Zxid.Hex()).put("children", o.Result.Children)
	default:
		out.put("zxid", o.Zxid.Hex())
	}
	return out
}

// partResult words the answer to one part of a multi.
func partResult(x *zk.Result) []any {
	switch x.OpType {
	case zk.OpCreate:
		return []any{"create", x.Path}
	case zk.OpSetData:
		return []any{"set"}
	case zk.OpError:
		return []any{"error", x.Err.Error()}
	}
	return []any{x.OpType.String()}
}

// reconfigResult words the answer to a reconfig: the new configuration, line by line.
func reconfigResult(o *client.Op) any {
	if o == nil {
		return nil
	}
	if o.Result.Err != zk.ErrOK {
		return (&object{}).put("error", withNumber(o.Result.Err))
	}
	return (&object{}).put("config", strings.Split(string(o.Result.Data), "\n")).
		put("zxid", o.Zxid.Hex())
}

// stat is a node's stat without the times, which differ from run to run.
func (r *Run) stat(s *zk.Stat) *object {
	return (&object{}).put("czxid", s.Czxid.Hex()).put("mzxid", s.Mzxid.Hex()).
		put("version", s.Version).put("cversion", s.Cversion).put("aversion", s.Aversion).
		put("ephemeralOwner", r.name(s.EphemeralOwner)).put("dataLength", s.DataLength).
		put("numChildren", s.NumChildren).put("pzxid", s.Pzxid.Hex())
}

// Data longer than these is cut in the facts.
const (
	longText, keptText = 300, 40
	longHex, keptHex   = 150, 20
)

// dataText writes a node's data as the facts do: as text if all of it can be printed.
func dataText(b []byte) any {
	if b == nil {
		return nil
	}
	if !utf8.Valid(b) || strings.ContainsFunc(string(b), unprintable) {
		if len(b) <= longHex {
			return fmt.Sprintf("hex:%x", b)
		}
		return fmt.Sprintf("hex:%x...(%d bytes)", b[:keptHex], len(b))
	}
	if s := []rune(string(b)); len(s) > longText {
		return fmt.Sprintf("%s...(%d bytes)", string(s[:keptText]), len(b))
	}
	return string(b)
}

// unprintable is Python's notion, in which the facts were recorded: line ends and tabs may pass.
func unprintable(c rune) bool { return c != '\n' && c != '\t' && !unicode.IsPrint(c) }
