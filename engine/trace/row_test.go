package trace

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"zabscope/engine/node"
)

func TestRow(t *testing.T) {
	r := newRecorder()
	r.Append(0, 1, new(node.Event).Begin(kindNote))
	r.Append(1500, 2, new(node.Event).Begin(kindVote).About(1).From(1).
		With(node.Int(3), node.Zxid(1<<32|5), node.Text("a\"b"), node.Value{}).
		Check(0, true, node.Bool(true)).Decides().Check(0, false).
		Put(fieldAcks, node.Text("k"), node.Int(1<<53), node.Int(-7)).Cut(fieldLog, 4).Reset())
	acks, log := strconv.Itoa(int(fieldAcks)), strconv.Itoa(int(fieldLog))
	for seq, want := range []string{
		`[1,0,1,` + strconv.Itoa(int(kindNote)) + `,0,0,[],[],[]]`,
		`[2,1500,2,` + strconv.Itoa(int(kindVote)) + `,1,1,[3,[1,5],"a\u0022b",null],` +
			`[[0,true,true,[true]],[0,false,false,[]]],` +
			`[[4,` + acks + `,"k",["i:9007199254740992",-7]],[3,` + log + `,4,[]],[6,0,null,[]]]]`,
	} {
		e, _ := r.At(node.Seq(seq + 1))
		if got := string(AppendRow(nil, &e)); got != want {
			t.Errorf("row\n%s\nwant\n%s", got, want)
		}
	}
}

// readRowValue is what a browser does to get a value back.
func readRowValue(t *testing.T, x any) node.Value {
	switch x := x.(type) {
	case nil:
		return node.Value{}
	case bool:
		return node.Bool(x)
	case json.Number:
		n, _ := x.Int64()
		return node.Int(n)
	case []any:
		epoch, _ := x[0].(json.Number).Int64()
		counter, _ := x[1].(json.Number).Int64()
		return node.Zxid(epoch<<32 | counter)
	case string:
		if digits, ok := strings.CutPrefix(x, "i:"); ok {
			n, err := strconv.ParseInt(digits, 10, 64)
			if err != nil {
				t.Errorf("bad integer %q", x)
			}
			return node.Int(n)
		}
		return node.Text(strings.TrimPrefix(x, "t:"))
	}
	t.Errorf("no value: %v", x)
	return node.Value{}
}

// Every row is JSON, and every value can be told from every other.
func TestRowsCanBeRead(t *testing.T) {
	r := newRecorder()
	for _, v := range awkward {
		r.Append(0, 1, new(node.Event).Begin(kindNote).With(v))
	}
	fill(r, 11, 500)
	r.Iterate(1, r.Len(), func(e *Event) bool {
		d := json.NewDecoder(strings.NewReader(string(AppendRow(nil, e))))
		d.UseNumber()
		var row []any
		if err := d.Decode(&row); err != nil {
			t.Fatalf("event %d: %v", e.Seq, err)
		}
		for i, x := range row[6].([]any) {
			want := e.Args[i]
			if !utf8.ValidString(want.S) {
				want.S = "bad \ufffd\ufffd bytes"
			}
			if got := readRowValue(t, x); got != want {
				t.Errorf("event %d: %#v came back as %#v", e.Seq, want, got)
			}
		}
		return true
	})
}

func TestRowIsAppended(t *testing.T) {
	r := newRecorder()
	fill(r, 12, 1)
	e, _ := r.At(1)
	got := AppendRow([]byte("["), &e)
	if string(got) != "["+string(AppendRow(nil, &e)) {
		t.Errorf("row %s", got)
	}
}
