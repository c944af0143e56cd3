package web

import "net/http"

// policyFor lets a page use what this site serves as files, pictures that the page has made itself,
// and nothing else: no inline script or style, no other site. frames are those who may show it in a
// frame.
func policyFor(frames string) string {
	return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; " +
		"connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors " + frames
}

// secured sets the headers that every answer has.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policyFor("'none'"))
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		next.ServeHTTP(w, r)
	})
}

// sameSite refuses what pages of other sites would do here in a visitor's name.
func sameSite(s *Site) func(http.Handler) http.Handler {
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(s.either(func(http.ResponseWriter, *http.Request) error {
		return errForeign
	}))
	return guard.Handler
}
