package web

import (
	"net/http"
	"time"

	"github.com/go-chi/chi/v5/middleware"
)

// logged writes a line about every request when it is over; a viewer's when it has left.
func (s *Site) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		seen := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		defer func() {
			status := seen.Status()
			if status == 0 { // the connection was taken over
				status = http.StatusSwitchingProtocols
			}
			s.log.Info("request", "method", r.Method, "path", r.URL.Path, "status", status,
				"bytes", seen.BytesWritten(), "ms", time.Since(began).Milliseconds(),
				"remote", r.RemoteAddr)
		}()
		next.ServeHTTP(seen, r)
	})
}
