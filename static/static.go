// Package static holds what browsers load beside pages: scripts, style sheets and pictures, all
// embedded in the binary.
//
// Every address carries a hash of the whole folder, so that browsers may keep what they have for
// ever and scripts that import one another by relative paths always get one release of each other.
//
// The scripts are standard ES modules, written by hand and served as they stand but for their
// comments (lean.go). Their reading order: js/page (one module per page, the place to start), js/ui
// (controllers of page elements), js/draw (pictures on canvas and in SVG), js/core (trace, fold,
// sentences, socket: no document). Their tests are in testdata.
package static

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"strings"
	"time"
)

//go:embed js css img
var files embed.FS

// prefix is the path under which everything is served, hash included.
var prefix = "/static/" + fingerprint(files) + "/"

// FS is the folder as it was embedded.
func FS() fs.FS { return files }

// URL is the address of a file, by its name in the folder: "css/app.css".
func URL(name string) string { return prefix + name }

// Handler serves the files under their addresses. An address with another release's hash is not
// found: a page that is that old should load again.
func Handler() http.Handler {
	serve := http.StripPrefix(prefix, http.FileServerFS(files))
	scripts := lean(files)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, prefix) || strings.HasSuffix(r.URL.Path, "/") {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		name := strings.TrimPrefix(r.URL.Path, prefix)
		if script, ok := scripts[name]; ok {
			http.ServeContent(w, r, name, time.Time{}, strings.NewReader(script))
			return
		}
		serve.ServeHTTP(w, r)
	})
}

// fingerprint is a short hash over the names and contents of all files. An embedded folder has no
// unreadable files, so errors cannot occur.
func fingerprint(fsys fs.FS) string {
	sum := sha256.New()
	_ = fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(fsys, name)
		sum.Write([]byte(name + "\x00"))
		sum.Write(b)
		return err
	})
	return hex.EncodeToString(sum.Sum(nil)[:6])
}
