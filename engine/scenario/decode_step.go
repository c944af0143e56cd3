package scenario

import (
	"math"
	"slices"
	"strings"

	"zabscope/engine/zk"
)

// txnForm says how a request is written: which arguments follow its name in JSON, in order. A "?"
// marks those that may be missing.
type txnForm struct {
	op    string
	args  []string
	about string
}

// txnForms are the requests of the language.
var txnForms = []txnForm{
	{"create", []string{"path", "data?", "flags?"}, "creates a node"},
	{"set", []string{"path", "data?", "version?"}, "sets a node's data"},
	{"delete", []string{"path", "version?"}, "deletes a node"},
	{"check", []string{"path", "version?"}, "inside a multi: compares a node's version"},
	{"multi", []string{"ops"}, "makes several changes, or none of them"},
	{"sync", []string{"path"}, "waits for what the leader has committed"},
	{"get", []string{"path", "watch?"}, "reads a node's data"},
	{"exists", []string{"path", "watch?"}, "reads a node's stat"},
	{"children", []string{"path", "watch?"}, "lists a node's children"},
}

// txnFormNamed finds the form of a request, nil if there is none.
func txnFormNamed(op string) *txnForm {
	i := slices.IndexFunc(txnForms, func(f txnForm) bool { return f.op == op })
	if i < 0 {
		return nil
	}
	return &txnForms[i]
}

// txnNames lists the requests, for errors.
func txnNames() string {
	names := make([]string, len(txnForms))
	for i, f := range txnForms {
		names[i] = f.op
	}
	return strings.Join(names, ", ")
}

// newTxn returns a request in which nothing is said.
func newTxn(op string) Txn { return Txn{Op: op, Version: -1} }

// txn reads a request: an array of its name and its arguments.
func (d *decoder) txn(v *value) Txn {
	d.want(v, jsonArray, "a request")
	if len(v.items) == 0 || v.items[0].kind != jsonString {
		d.fail(v, "a request begins with its name, one of %s", txnNames())
	}
	f := txnFormNamed(v.items[0].text)
	if f == nil {
		d.fail(v.items[0], "there is no request %q; there are %s", v.items[0].text, txnNames())
	}
	t, args := newTxn(f.op), v.items[1:]
	if len(args) > len(f.args) {
		d.fail(args[len(f.args)], "%s takes no more than %s", f.op, strings.Join(f.args, ", "))
	}
	for i, form := range f.args {
		name, optional := strings.CutSuffix(form, "?")
		if i < len(args) {
			d.txnArg(&t, name, args[i])
		} else if !optional {
			d.fail(v, "%s needs %s", f.op, map[string]string{"path": "a path",
				"ops": "a list of its parts"}[name])
		}
	}
	return t
}

// txnArg reads one argument of a request.
func (d *decoder) txnArg(t *Txn, name string, v *value) {
	switch name {
	case "path":
		t.Path = d.want(v, jsonString, "a path").text
		if err := checkPath(t.Path); err != "" {
			d.fail(v, "%s", err)
		}
	case "data":
		t.Data = d.want(v, jsonString, "data").text
	case "flags":
		t.Flags = int32(d.number(v, "flags (1 ephemeral, 2 sequential)", 0, 3))
	case "version":
		t.Version = int32(d.number(v, "a version (-1 for any)", -1, 1<<31-1))
	case "watch":
		t.Watch = d.want(v, jsonBool, "watch").text == "true"
	case "ops":
		for _, x := range d.want(v, jsonArray, "the parts of a multi").items {
			op := d.txn(x)
			if !slices.Contains(multiParts, op.Op) {
				d.fail(x, "a multi is made of %s", strings.Join(multiParts, ", "))
			}
			t.Ops = append(t.Ops, op)
		}
	}
}

// multiParts are the requests that may stand inside a multi.
var multiParts = []string{"create", "set", "delete", "check"}

// checkPath says what is wrong with a path, "" if nothing. (PathUtils.validatePath)
func checkPath(p string) string {
	switch {
	case !strings.HasPrefix(p, "/"):
		return "a path begins with a slash"
	case p == "/":
		return ""
	case strings.HasSuffix(p, "/"):
		return "a path does not end with a slash"
	case strings.ContainsRune(p, 0):
		return "a path holds no null character"
	}
	for part := range strings.SplitSeq(p[1:], "/") {
		if part == "" || part == "." || part == ".." {
			return `a path has no empty part, no "." and no ".."`
		}
	}
	return ""
}

// until reads a condition; an empty one is as good as none.
func (d *decoder) until(v *value) *Until {
	d.want(v, jsonObject, "until")
	u := newUntil()
	for _, f := range v.fields {
		d.condition(u, f)
	}
	if u.empty() {
		return nil
	}
	return u
}

// untilUsage names the parts of a condition, in the words of the text form.
const untilUsage = "serving 1,2, not_serving 3, roles 1=leader, leader any, logged 2=1, " +
	"min 2s, timeout 30s"

// condition reads one part of a condition.
func (d *decoder) condition(u *Until, f field) {
	switch f.key {
	case "serving":
		u.Serving = d.sids(f.value, f.key)
	case "not_serving":
		u.NotServing = d.sids(f.value, f.key)
	case "leader":
		u.Leader = "any"
		if f.value.kind != jsonString || f.value.text != "any" {
			u.Leader = d.sid(f.value, "leader").String()
		}
	case "roles":
		for _, g := range d.want(f.value, jsonObject, "roles").fields {
			u.Roles = append(u.Roles, Role{d.key(g), d.role(g.value)})
		}
		slices.SortFunc(u.Roles, func(a, b Role) int { return int(a.SID - b.SID) })
	case "logged":
		for _, g := range d.want(f.value, jsonObject, "logged").fields {
			u.Logged = append(u.Logged, Logged{d.key(g), d.number(g.value, "logged", 0, math.MaxInt32)})
		}
		slices.SortFunc(u.Logged, func(a, b Logged) int { return int(a.SID - b.SID) })
	case "min":
		u.Min = d.seconds(f.value, f.key)
	case "timeout":
		u.Timeout = d.seconds(f.value, f.key)
	default:
		panic(d.errorAt(f.keyAt, "unknown condition %q; there are %s", f.key, untilUsage))
	}
}

// roleNames are the modes that a condition may ask for.
var roleNames = []string{"leader", "follower", "observer", "standalone"}

// role reads a mode that a server can be in.
func (d *decoder) role(v *value) string {
	if !slices.Contains(roleNames, d.want(v, jsonString, "a role").text) {
		d.fail(v, "expected %s, found %q", strings.Join(roleNames, ", "), v.text)
	}
	return v.text
}

// sidOf reads a decimal server id; ok is false for anything else.
func sidOf(text string) (zk.SID, bool) {
	n := zk.SID(0)
	for _, c := range text {
		if c < '0' || c > '9' || n > maxSID {
			return 0, false
		}
		n = n*10 + zk.SID(c-'0')
	}
	return n, n >= 1 && n <= maxSID
}
