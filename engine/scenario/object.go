package scenario

import (
	"bytes"
	"encoding/json"
)

// object is a JSON object that keeps the order in which its members were put.
type object struct {
	keys   []string
	values []any
}

// put adds a member, or replaces the value of one that is there.
func (o *object) put(key string, value any) *object {
	for i, k := range o.keys {
		if k == key {
			o.values[i] = value
			return o
		}
	}
	o.keys, o.values = append(o.keys, key), append(o.values, value)
	return o
}

// get finds a member, nil if there is none.
func (o *object) get(key string) any {
	for i, k := range o.keys {
		if k == key {
			return o.values[i]
		}
	}
	return nil
}

// text finds a member that is a string, "" if there is none.
func (o *object) text(key string) string {
	s, _ := o.get(key).(string)
	return s
}

// MarshalJSON implements json.Marshaler.
func (o *object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, k := range o.keys {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(plainJSON(k))
		b.WriteByte(':')
		v, err := marshalPlain(o.values[i])
		if err != nil {
			return nil, err
		}
		b.Write(v)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// marshalPlain is json.Marshal without the escaping that HTML needs and people do not.
func marshalPlain(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// plainJSON writes a string, which cannot fail.
func plainJSON(s string) []byte {
	b, _ := marshalPlain(s)
	return b
}
