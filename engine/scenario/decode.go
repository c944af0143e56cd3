package scenario

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// decoder turns JSON values into the fields of a scenario. Its methods panic with *Error.
type decoder struct {
	source
	places
}

// fail ends the decoding with an error that points at a value.
func (d *decoder) fail(v *value, format string, args ...any) {
	panic(d.errorAt(v.at, format, args...))
}

// want refuses a value of another type than expected.
func (d *decoder) want(v *value, k jsonKind, what string) *value {
	if v.kind != k {
		d.fail(v, "expected %s for %s, found %s", k, what, v.kind)
	}
	return v
}

// scenario decodes the whole; steps come last, whatever their place, as they speak of the rest.
func (d *decoder) scenario(v *value) *Scenario {
	d.want(v, jsonObject, "the scenario")
	sc := &Scenario{}
	var steps *value
	for _, f := range v.fields {
		h := headNamed(f.key)
		switch {
		case f.key == "steps":
			steps = d.want(f.value, jsonArray, "the steps")
		case h == nil:
			panic(d.errorAt(f.keyAt, "unknown key %q; a scenario has %s and steps", f.key,
				headKeys()))
		default:
			d.into(h.in(sc), f.value, f.key)
			d.head[f.key] = f.value.at
		}
	}
	if steps != nil {
		for _, s := range steps.items {
			sc.Steps = append(sc.Steps, d.step(s))
			d.steps = append(d.steps, s.at)
		}
	}
	return sc
}

// step decodes one step: its operation says which keys it may have and which it must.
func (d *decoder) step(v *value) Step {
	d.want(v, jsonObject, "a step")
	op := v.get("op")
	if op == nil {
		d.fail(v, `a step must say what is done: "op", one of %s`, commandNames())
	}
	c := commandNamed(d.want(op, jsonString, "op").text)
	if c == nil {
		d.fail(op, "there is no operation %q; there are %s", op.text, commandNames())
	}
	s := newStep(c.Name)
	params := c.params()
	for _, f := range v.fields {
		if f.key == "op" {
			continue
		}
		i := slices.IndexFunc(params, func(p Param) bool { return p.Key == f.key })
		if i < 0 {
			panic(d.errorAt(f.keyAt, "%s has no key %q; it has %s", c.Name, f.key, keys(params)))
		}
		d.into(params[i].at(&s), f.value, f.key)
	}
	for _, p := range params {
		if p.Need && v.get(p.Key) == nil {
			d.fail(v, "%s needs %q: %s", c.Name, p.Key, p.About)
		}
	}
	return s
}

// keys lists the names of parameters, for errors.
func keys(params []Param) string {
	names := make([]string, len(params))
	for i, p := range params {
		names[i] = p.Key
	}
	return strings.Join(names, ", ")
}

// into fills a field, whose type says how it stands in JSON.
func (d *decoder) into(field any, v *value, what string) {
	switch p := field.(type) {
	case *string:
		*p = d.want(v, jsonString, what).text
	case *bool:
		*p = d.want(v, jsonBool, what).text == "true"
	case *int:
		*p = int(d.number(v, what, 0, math.MaxInt32))
	case *int64:
		*p = d.number(v, what, 0, 1<<53)
	case *uint64:
		*p = uint64(d.number(v, what, 0, 1<<53))
	case *Millis:
		*p = Millis(d.number(v, what, 0, maxSeconds*1000))
	case *float64:
		*p = d.float(v, what)
	case *node.Time:
		*p = d.seconds(v, what)
	case *zk.SID:
		*p = d.sid(v, what)
	case *[]zk.SID:
		*p = d.sids(v, what)
	default:
		d.compound(field, v, what)
	}
}

// compound fills the fields that are more than one value.
func (d *decoder) compound(field any, v *value, what string) {
	switch p := field.(type) {
	case *[]Server:
		*p = d.servers(v)
	case *[]Setting:
		*p = d.settings(v, what)
	case *[][]zk.SID:
		for _, g := range d.want(v, jsonArray, what).items {
			*p = append(*p, d.sids(g, "a group"))
		}
	case *[]Weight:
		for _, f := range d.want(v, jsonObject, what).fields {
			*p = append(*p, Weight{d.key(f), d.number(f.value, "a weight", 0, math.MaxInt32)})
		}
		slices.SortFunc(*p, func(a, b Weight) int { return int(a.SID - b.SID) })
	case *[]PerServer:
		*p = d.perServer(v)
	case *Latency:
		l := d.want(v, jsonArray, what).items
		if len(l) != 2 {
			d.fail(v, "a latency is the least and the greatest number of seconds: [0.0005, 0.002]")
		}
		*p = Latency{d.seconds(l[0], "the least latency"), d.seconds(l[1], "the greatest latency")}
	case *Joiners:
		if v.kind == jsonArray {
			p.SIDs = d.sids(v, what)
		} else {
			p.Spec = d.want(v, jsonString, what).text
		}
	case *[]Txn:
		for _, t := range d.want(v, jsonArray, what).items {
			*p = append(*p, d.txn(t))
		}
	case **Until:
		*p = d.until(v)
	}
}

// number reads a whole number within bounds.
func (d *decoder) number(v *value, what string, lo, hi int64) int64 {
	d.want(v, jsonNumber, what)
	n, err := strconv.ParseInt(v.text, 10, 64)
	if err != nil || n < lo || n > hi {
		d.fail(v, "expected a whole number from %d to %d for %s, found %s", lo, hi, what, v.text)
	}
	return n
}

// float reads any number.
func (d *decoder) float(v *value, what string) float64 {
	x, err := strconv.ParseFloat(d.want(v, jsonNumber, what).text, 64)
	if err != nil {
		d.fail(v, "%s is out of range", what)
	}
	return x
}

// maxSeconds bounds every time in a scenario: a day.
const maxSeconds = 86400

// seconds reads a time, which JSON gives in seconds.
func (d *decoder) seconds(v *value, what string) node.Time {
	x := d.float(v, what)
	if x < 0 || x > maxSeconds {
		d.fail(v, "expected 0 to %d seconds for %s, found %s", maxSeconds, what, v.text)
	}
	return node.Time(math.Round(x * float64(node.Second)))
}

// sid reads one server id.
func (d *decoder) sid(v *value, what string) zk.SID {
	return zk.SID(d.number(v, "a server of "+what, 1, maxSID))
}

// sids reads a list of server ids, each at most once and at least one.
func (d *decoder) sids(v *value, what string) []zk.SID {
	out := []zk.SID{}
	for _, x := range d.want(v, jsonArray, what).items {
		s := d.sid(x, what)
		if slices.Contains(out, s) {
			d.fail(x, "server %d stands twice in %s", s, what)
		}
		out = append(out, s)
	}
	if len(out) == 0 {
		d.fail(v, "%s needs at least one server", what)
	}
	return out
}

// key reads a server id that is the name of a member of an object, written in one way only, as no
// server may stand there twice.
func (d *decoder) key(f field) zk.SID {
	n, ok := sidOf(f.key)
	if !ok || n.String() != f.key {
		panic(d.errorAt(f.keyAt, "expected a server id from 1 to %d, found %q", maxSID, f.key))
	}
	return n
}

// servers reads the ensemble: ids with their roles, put into order.
func (d *decoder) servers(v *value) []Server {
	var out []Server
	for _, f := range d.want(v, jsonObject, "servers").fields {
		t := zk.Participant
		switch d.want(f.value, jsonString, "the role of a server").text {
		case "participant":
		case "observer":
			t = zk.Observer
		default:
			d.fail(f.value, "expected participant or observer, found %q", f.value.text)
		}
		out = append(out, Server{d.key(f), t})
	}
	slices.SortFunc(out, func(a, b Server) int { return int(a.SID - b.SID) })
	return out
}

// settings reads keys and values as zoo.cfg or the command line would have them.
func (d *decoder) settings(v *value, what string) []Setting {
	var out []Setting
	for _, f := range d.want(v, jsonObject, what).fields {
		if f.value.kind != jsonString && f.value.kind != jsonNumber && f.value.kind != jsonBool {
			d.fail(f.value, "expected a value for %s, found %s", f.key, f.value.kind)
		}
		if err := checkSetting(what, Setting{f.key, f.value.text}); err != "" {
			panic(d.errorAt(f.keyAt, "%s", err))
		}
		out = append(out, Setting{f.key, f.value.text})
	}
	return out
}

// perServer reads what single servers are told differently.
func (d *decoder) perServer(v *value) []PerServer {
	var out []PerServer
	for _, f := range d.want(v, jsonObject, "per_server").fields {
		p := PerServer{SID: d.key(f)}
		for _, g := range d.want(f.value, jsonObject, "a server's own configuration").fields {
			switch g.key {
			case "cfg":
				p.Cfg = d.settings(g.value, "cfg")
			case "sys":
				p.Sys = d.settings(g.value, "sys")
			case "view":
				p.View = d.sids(g.value, "view")
			default:
				panic(d.errorAt(g.keyAt, "unknown key %q; there are cfg, sys and view", g.key))
			}
		}
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b PerServer) int { return int(a.SID - b.SID) })
	return out
}
