package server

import (
	"cmp"
	"slices"

	"zabscope/engine/zk"
)

// trackedSession is one session in the tracker of a leader. (SessionTrackerImpl.SessionImpl)
type trackedSession struct {
	id        int64
	timeout   int32  // milliseconds
	closing   bool   // closeSession is on its way: it can be touched no more
	owner     zk.SID // through whom its client speaks, noOwner before the first request
	lastTouch int64  // milliseconds, for the trace

	// The bucket is a ring, so that touching a session takes no search and no memory.
	bucket     int64 // time at which it expires, 0 for none
	prev, next *trackedSession
}

// expiryQueue puts sessions into buckets one tick wide; all of a bucket expire together, at its
// end. So a session lives between its timeout and its timeout plus one tick beyond the last touch.
// Times are milliseconds. (org.apache.zookeeper.server.ExpiryQueue)
type expiryQueue struct {
	interval int64
	buckets  map[int64]*trackedSession // first of a ring
}

// newExpiryQueue makes a queue whose buckets are interval milliseconds wide: one tick.
func newExpiryQueue(interval int64) expiryQueue {
	return expiryQueue{interval: interval, buckets: map[int64]*trackedSession{}}
}

// roundToNextInterval is the end of the bucket that time lies in.
func (q *expiryQueue) roundToNextInterval(time int64) int64 {
	return (time/q.interval + 1) * q.interval
}

// update moves a session to the bucket of now+timeout and returns that bucket's time.
// (ExpiryQueue.update)
func (q *expiryQueue) update(s *trackedSession, now int64, timeout int32) int64 {
	bucket := q.roundToNextInterval(now + int64(timeout))
	if bucket == s.bucket {
		return bucket
	}
	q.remove(s)
	s.bucket = bucket
	first := q.buckets[bucket]
	if first == nil {
		s.prev, s.next = s, s
		q.buckets[bucket] = s
		return bucket
	}
	s.prev, s.next = first.prev, first
	first.prev.next, first.prev = s, s
	return bucket
}

// remove takes a session out; one that is in no bucket is no error. (ExpiryQueue.remove)
func (q *expiryQueue) remove(s *trackedSession) {
	if s.bucket == 0 {
		return
	}
	switch {
	case s.next == s:
		delete(q.buckets, s.bucket)
	default:
		s.prev.next, s.next.prev = s.next, s.prev
		if q.buckets[s.bucket] == s {
			q.buckets[s.bucket] = s.next
		}
	}
	s.bucket, s.prev, s.next = 0, nil, nil
}

// next is the time of the earliest bucket that holds anybody; ok is false if none does.
// (ExpiryQueue.getWaitTime)
func (q *expiryQueue) next() (bucket int64, ok bool) {
	for b := range q.buckets {
		if !ok || b < bucket {
			bucket, ok = b, true
		}
	}
	return bucket, ok
}

// poll takes out the sessions whose time has come: bucket by bucket, in a bucket by id, where
// ZooKeeper has the order of a hash table. (ExpiryQueue.poll)
func (q *expiryQueue) poll(now int64) []*trackedSession {
	var due []*trackedSession
	for {
		bucket, ok := q.next()
		if !ok || bucket > now {
			return due
		}
		from := len(due)
		for s := q.buckets[bucket]; s != nil; s = q.buckets[bucket] {
			q.remove(s)
			due = append(due, s)
		}
		slices.SortFunc(due[from:], func(a, b *trackedSession) int {
			return cmp.Compare(a.id, b.id)
		})
	}
}
