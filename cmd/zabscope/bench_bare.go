package main

import (
	"errors"
	"io"
	"net"
	"runtime"
	"sync"
	"time"
)

// Shape of a frame of the benchmark's room, near enough.
const (
	bareBytes  = 1000
	bareRounds = 30
	bareEvery  = 32 * time.Millisecond
)

// bareWrite is the processor time that one write of a frame's size to one of n sockets takes on
// this machine, with nothing around it: what a frame delivered cannot do without. It is 0 where
// threads are not measured.
func bareWrite(n int) (time.Duration, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer listener.Close()
	var drains sync.WaitGroup
	defer drains.Wait()
	var conns []net.Conn
	defer func() {
		for _, c := range conns {
			c.Close()
		}
	}()
	for range n {
		out, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			return 0, err
		}
		conns = append(conns, out)
		in, err := listener.Accept()
		if err != nil {
			return 0, err
		}
		drains.Go(func() {
			defer in.Close()
			_, _ = io.Copy(io.Discard, in) // until the other end is closed
		})
	}
	return writeAll(conns)
}

// writeAll writes to all connections again and again, at the pace of frames.
func writeAll(conns []net.Conn) (each time.Duration, err error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	frame := make([]byte, bareBytes)
	tick := time.NewTicker(bareEvery)
	defer tick.Stop()
	began := threadTime()
	for range bareRounds {
		<-tick.C
		for _, c := range conns {
			_, wrong := c.Write(frame)
			err = errors.Join(err, wrong)
		}
	}
	return (threadTime() - began) / time.Duration(bareRounds*len(conns)), err
}
