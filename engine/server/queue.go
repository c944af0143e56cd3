package server

// fifo is a queue that keeps its memory. (java.util.concurrent.LinkedBlockingQueue)
type fifo[T any] struct {
	buf  []T
	head int
}

// len is the number of entries.
func (q *fifo[T]) len() int { return len(q.buf) - q.head }

// push adds the youngest entry. When the memory is full and more than half of it lies before the
// head, the entries move down instead of growing it, so that a queue in steady use stops
// allocating.
func (q *fifo[T]) push(x T) {
	if len(q.buf) == cap(q.buf) && q.head > len(q.buf)/2 {
		n := copy(q.buf, q.buf[q.head:])
		clear(q.buf[n:])
		q.buf, q.head = q.buf[:n], 0
	}
	q.buf = append(q.buf, x)
}

// first is the oldest entry; the queue must not be empty.
func (q *fifo[T]) first() T { return q.buf[q.head] }

// last is the youngest entry; the queue must not be empty.
func (q *fifo[T]) last() T { return q.buf[len(q.buf)-1] }

// all lists the entries, oldest first; the slice holds until the next change.
func (q *fifo[T]) all() []T { return q.buf[q.head:] }

// pop removes the oldest entry; the queue must not be empty.
func (q *fifo[T]) pop() T {
	var none T
	x := q.buf[q.head]
	q.buf[q.head] = none
	q.head++
	if q.head == len(q.buf) {
		q.buf, q.head = q.buf[:0], 0
	}
	return x
}

// popLast removes the youngest entry; the queue must not be empty.
func (q *fifo[T]) popLast() T {
	var none T
	i := len(q.buf) - 1
	x := q.buf[i]
	q.buf[i] = none
	q.buf = q.buf[:i]
	if q.head == len(q.buf) {
		q.buf, q.head = q.buf[:0], 0
	}
	return x
}
