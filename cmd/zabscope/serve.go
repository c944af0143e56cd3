package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"syscall"
	"time"

	"zabscope/web"
)

// serve shows the site in a browser.
var serve = command{
	name:  "serve",
	usage: "[-addr HOST:PORT]",
	about: "serve the site",
	details: `
  -addr HOST:PORT   where to listen; default 127.0.0.1:8080, which only this machine
                    can reach. :8080 lets everybody in, and port 0 takes any free port.

The address to open is printed when the site is ready. Ctrl-C ends it.`,
	run: runServe,
}

// Limits of the server. A websocket is exempt from them once it is one.
const (
	headerWait   = 10 * time.Second // for the head of a request
	readWait     = 30 * time.Second // for all of it
	answerWait   = 60 * time.Second // from there to the end of the answer
	idleWait     = 2 * time.Minute  // between two requests
	shutdownWait = 5 * time.Second  // for what is under way at the end
	maxHeader    = 32 << 10         // bytes
)

func runServe(ctx context.Context, args []string, _ io.Reader, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	addr := flags.String("addr", "127.0.0.1:8080", "")
	if err := flags.Parse(args); err != nil || flags.NArg() > 0 {
		if err == nil {
			err = fmt.Errorf("%q is too much", flags.Arg(0))
		}
		fmt.Fprintf(stderr, "zabscope serve: %v. See: zabscope help serve\n", err)
		return exitUsage
	}
	raiseFiles()
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		fmt.Fprintln(stderr, "zabscope:", listenProblem(*addr, err))
		return exitWrong
	}
	log := slog.New(slog.NewTextHandler(stderr, nil))
	site, err := web.New(web.Config{Log: log})
	if err != nil {
		fmt.Fprintln(stderr, "zabscope:", err)
		return exitWrong
	}
	defer site.Close()
	fmt.Fprintf(stdout, "Zabscope is at http://%s/ (Ctrl-C ends it)\n", visible(listener.Addr()))
	if err := serveUntil(ctx, listener, site, log); err != nil {
		fmt.Fprintln(stderr, "zabscope:", err)
		return exitWrong
	}
	return exitOK
}

// listenProblem says what is wrong with an address, and the way out.
func listenProblem(addr string, err error) string {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Sprintf("%s is taken, perhaps by another Zabscope. "+
			"End that, or take a free port: zabscope serve -addr 127.0.0.1:0", addr)
	case errors.Is(err, syscall.EACCES):
		return fmt.Sprintf("%s is not ours to open. Take a port above 1023: "+
			"zabscope serve -addr 127.0.0.1:8080", addr)
	}
	return fmt.Sprintf("cannot listen at %s: %v. An address looks like 127.0.0.1:8080", addr, err)
}

// visible is the address as a browser on this machine writes it.
func visible(a net.Addr) string {
	tcp, ok := a.(*net.TCPAddr)
	if ok && tcp.IP.IsUnspecified() {
		return fmt.Sprintf("localhost:%d", tcp.Port)
	}
	return a.String()
}

// serveUntil serves until ctx is done, and then lets what is under way finish.
func serveUntil(ctx context.Context, l net.Listener, site *web.Site, log *slog.Logger) error {
	server := &http.Server{Handler: site, ReadHeaderTimeout: headerWait, ReadTimeout: readWait,
		WriteTimeout: answerWait, IdleTimeout: idleWait, MaxHeaderBytes: maxHeader,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
	server.RegisterOnShutdown(site.Close)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.Background(), shutdownWait)
	defer cancel()
	err := server.Shutdown(last)
	<-ended
	return err
}
