package sim

import (
	"slices"
	"testing"

	"zabscope/engine/node"
)

// Items come out by time, and at one time in the order of their numbers, whatever was pushed when.
func TestQueueOrder(t *testing.T) {
	r := node.NewRand(1)
	for range 200 {
		var q queue
		var want, got []uint64
		number := uint64(0)
		for range r.Intn(300) {
			if r.Intn(3) > 0 || len(q.keys) == 0 {
				number++
				at := node.Time(r.Intn(20))
				q.push(at, number, item{slot: int32(number)})
				want = append(want, uint64(at)<<32|number)
				continue
			}
			k, it := q.pop()
			got = append(got, uint64(k.at)<<32|k.number)
			if int32(k.number) != it.slot {
				t.Fatalf("item %d came with key %d", it.slot, k.number)
			}
			least := slices.Min(want)
			if got[len(got)-1] != least {
				t.Fatalf("%x came before %x", got[len(got)-1], least)
			}
			want = slices.DeleteFunc(want, func(x uint64) bool { return x == least })
		}
		for len(want) > 0 {
			slices.Sort(want)
			if k, _ := q.pop(); uint64(k.at)<<32|k.number != want[0] {
				t.Fatalf("%d at %d came before %x", k.number, k.at, want[0])
			}
			want = want[1:]
		}
	}
}

// The queue keeps its room: what is pushed and popped in turn allocates nothing.
func TestQueueReusesItsRoom(t *testing.T) {
	var q queue
	for i := range uint64(100) {
		q.push(node.Time(i), i, item{})
	}
	n := uint64(100)
	allocs := testing.AllocsPerRun(1000, func() {
		q.pop()
		n++
		q.push(node.Time(n), n, item{})
	})
	if allocs != 0 || len(q.items) != 100 {
		t.Errorf("%v allocations, %d slots", allocs, len(q.items))
	}
}

func BenchmarkQueue1000(b *testing.B) {
	var q queue
	r := node.NewRand(1)
	for i := range uint64(1000) {
		q.push(node.Time(r.Intn(1000)), i, item{})
	}
	n := uint64(1000)
	for b.Loop() {
		k, it := q.pop()
		n++
		q.push(k.at+node.Time(r.Intn(1000)), n, it)
	}
}
