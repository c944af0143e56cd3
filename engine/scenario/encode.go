package scenario

import (
	"bytes"
	"encoding/json"
	"strconv"

	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// JSON writes the scenario in its JSON form, one step a line. What says nothing is left out.
func (sc *Scenario) JSON() []byte {
	o := &object{}
	for _, h := range head {
		if v := jsonOf(h.in(sc)); v != nil {
			o.put(h.Key, v)
		}
	}
	b, err := marshalPlain(o)
	if err != nil {
		panic(err) // numbers, strings and lists of them: nothing in it can fail
	}
	var out bytes.Buffer
	out.Write(b[:len(b)-1])
	if len(o.keys) > 0 {
		out.WriteString(", ")
	}
	out.WriteString(`"steps": [`)
	for i := range sc.Steps {
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteString("\n  ")
		line, _ := marshalPlain(sc.Steps[i].object(true))
		out.Write(line)
	}
	out.WriteString("\n]}\n")
	return out.Bytes()
}

// object is the step as JSON; the parts that the facts leave out of "op" only if all.
func (s *Step) object(all bool) *object {
	o := (&object{}).put("op", s.Op)
	c := commandNamed(s.Op)
	params := c.params()
	for _, p := range params {
		if !all && (p.Key == "until" || p.Key == "quiet" || p.Key == "note" && s.Op != "note") {
			continue
		}
		if v := jsonOf(p.at(s)); v != nil {
			o.put(p.Key, v)
		}
	}
	return o
}

// jsonOf turns a field into what encoding/json writes, nil where it says nothing.
func jsonOf(field any) any {
	switch p := field.(type) {
	case *string:
		return unless(*p == "", *p)
	case *bool:
		return unless(!*p, *p)
	case *int:
		return unless(*p == 0, *p)
	case *int64:
		return unless(*p == 0, *p)
	case *uint64:
		return unless(*p == 0, *p)
	case *Millis:
		return unless(*p == 0, int64(*p))
	case *float64:
		return unless(*p == 0, *p)
	case *node.Time:
		return unless(*p == unsaid, jsonSeconds(*p))
	case *zk.SID:
		return unless(*p == 0, int64(*p))
	case *[]zk.SID:
		return unless(*p == nil, *p)
	}
	return jsonOfCompound(field)
}

// unless is a value, or nil where it says nothing.
func unless(empty bool, v any) any {
	if empty {
		return nil
	}
	return v
}

// jsonOfCompound does the same for fields that are more than one value.
func jsonOfCompound(field any) any {
	switch p := field.(type) {
	case *[]Setting:
		return unless(len(*p) == 0, jsonSettings(*p))
	case *[]Server:
		o := &object{}
		for _, s := range *p {
			o.put(s.SID.String(), s.Type.String())
		}
		return unless(len(*p) == 0, o)
	case *[][]zk.SID:
		return unless(len(*p) == 0, *p)
	case *[]Weight:
		o := &object{}
		for _, w := range *p {
			o.put(w.SID.String(), w.Weight)
		}
		return unless(len(*p) == 0, o)
	case *[]PerServer:
		return unless(len(*p) == 0, jsonPerServer(*p))
	case *Latency:
		return unless(*p == Latency{}, []any{jsonSeconds(p.Min), jsonSeconds(p.Max)})
	case *Joiners:
		if p.SIDs != nil {
			return p.SIDs
		}
		return unless(p.Spec == "", p.Spec)
	case *[]Txn:
		return unless(*p == nil, jsonTxns(*p))
	case **Until:
		if (*p).empty() {
			return nil
		}
		return jsonUntil(*p)
	}
	return nil
}

// jsonSeconds writes a time in seconds with as many digits as it needs.
func jsonSeconds(t node.Time) json.Number {
	return json.Number(strconv.FormatFloat(float64(t)/float64(node.Second), 'f', -1, 64))
}

// jsonSettings writes numbers as numbers, as people do.
func jsonSettings(settings []Setting) *object {
	o := &object{}
	for _, s := range settings {
		if n, err := strconv.ParseInt(s.Value, 10, 64); err == nil &&
			strconv.FormatInt(n, 10) == s.Value {
			o.put(s.Key, n)
			continue
		}
		o.put(s.Key, s.Value)
	}
	return o
}

// jsonPerServer writes what single servers are told differently.
func jsonPerServer(list []PerServer) *object {
	o := &object{}
	for _, p := range list {
		one := &object{}
		if len(p.Cfg) > 0 {
			one.put("cfg", jsonSettings(p.Cfg))
		}
		if len(p.Sys) > 0 {
			one.put("sys", jsonSettings(p.Sys))
		}
		if p.View != nil {
			one.put("view", p.View)
		}
		o.put(p.SID.String(), one)
	}
	return o
}

// jsonTxns writes a list of requests.
func jsonTxns(list []Txn) []any {
	out := []any{}
	for _, t := range list {
		out = append(out, jsonTxn(t))
	}
	return out
}

// jsonTxn writes a request and leaves out what stands at its end and says nothing.
func jsonTxn(t Txn) []any {
	l := []any{t.Op}
	keep := 1
	for _, arg := range txnFormNamed(t.Op).args {
		switch arg {
		case "path":
			l = append(l, t.Path)
		case "data?":
			l = append(l, t.Data)
		case "flags?":
			l = append(l, t.Flags)
		case "version?":
			l = append(l, t.Version)
		case "watch?":
			l = append(l, t.Watch)
		case "ops":
			l = append(l, jsonTxns(t.Ops))
		}
		if !says(t, arg) {
			continue
		}
		keep = len(l)
	}
	return l[:keep]
}

// says reports whether an argument of a request is more than its default.
func says(t Txn, arg string) bool {
	switch arg {
	case "data?":
		return t.Data != ""
	case "flags?":
		return t.Flags != 0
	case "version?":
		return t.Version != -1
	case "watch?":
		return t.Watch
	}
	return true
}

// jsonUntil writes a condition.
func jsonUntil(u *Until) *object {
	o := &object{}
	if u.Serving != nil {
		o.put("serving", u.Serving)
	}
	if u.NotServing != nil {
		o.put("not_serving", u.NotServing)
	}
	if len(u.Roles) > 0 {
		roles := &object{}
		for _, r := range u.Roles {
			roles.put(r.SID.String(), r.Role)
		}
		o.put("roles", roles)
	}
	if sid, ok := sidOf(u.Leader); ok {
		o.put("leader", int64(sid))
	} else if u.Leader != "" {
		o.put("leader", u.Leader)
	}
	if len(u.Logged) > 0 {
		logged := &object{}
		for _, l := range u.Logged {
			logged.put(l.SID.String(), l.N)
		}
		o.put("logged", logged)
	}
	if u.Min != unsaid {
		o.put("min", jsonSeconds(u.Min))
	}
	if u.Timeout != unsaid {
		o.put("timeout", jsonSeconds(u.Timeout))
	}
	return o
}
