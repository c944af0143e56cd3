package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/boombuler/barcode/qr"
)

// A code has the modules that the library makes, dark where it says, and an empty border.
func TestAQRCodeIsDrawnAsItIs(t *testing.T) {
	v := visit(t)
	text := "http://127.0.0.1:8080/runs/open#run=1.BMAhDoBA&x=é"
	answer, drawn := v.gets("/api/qr?text=" + url.QueryEscape(text))
	if answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Type") != "image/svg+xml" {
		t.Fatalf("status %d, %s", answer.StatusCode, answer.Header.Get("Content-Type"))
	}
	want, err := qr.Encode(text, qr.L, qr.Unicode)
	if err != nil {
		t.Fatal(err)
	}
	size := want.Bounds().Dx()
	got := modules(t, drawn, size)
	for y := range size {
		for x := range size {
			if r, _, _, _ := want.At(x, y).RGBA(); (r == 0) != got[y][x] {
				t.Fatalf("module %d, %d is dark: %v", x, y, got[y][x])
			}
		}
	}
}

// modules reads the path of a drawn code.
func modules(t *testing.T, drawn string, size int) [][]bool {
	t.Helper()
	out := make([][]bool, size)
	for y := range out {
		out[y] = make([]bool, size)
	}
	for _, m := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`).FindAllStringSubmatch(drawn, -1) {
		x, y, n := number(t, m[1])-qrQuiet, number(t, m[2])-qrQuiet, number(t, m[3])
		if x < 0 || y < 0 || x+n > size || y >= size || m[3] != m[4] {
			t.Fatalf("%s is outside", m[0])
		}
		for i := range n {
			out[y][x+i] = true
		}
	}
	return out
}

func number(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestQRCodesHaveALimit(t *testing.T) {
	v := visit(t)
	answer, _ := v.gets("/api/qr?text=" + strings.Repeat("a", maxQR))
	if answer.StatusCode != http.StatusOK {
		t.Errorf("the longest: status %d", answer.StatusCode)
	}
	for _, text := range []string{"", strings.Repeat("a", maxQR+1)} {
		answer, body := v.gets("/api/qr?text=" + text)
		if code, _ := v.wrong(answer, body); code != "qr" || answer.StatusCode != http.StatusBadRequest {
			t.Errorf("%d bytes: status %d, %s", len(text), answer.StatusCode, code)
		}
	}
}

// Other sites may show a run in a frame in the mode for that, and nothing else.
func TestOnlyTheModeForFramesMayBeFramed(t *testing.T) {
	v := visit(t)
	id := v.makes(`{"servers": 3}`)
	for path, free := range map[string]bool{
		"/runs/" + id + "?embed=1": true, "/runs/open?embed=1": true,
		"/runs/" + id: false, "/runs/" + id + "?embed=0": false, "/runs/open": false,
		"/?embed=1": false, "/sandbox?embed=1": false,
		"/runs/none?embed=1": false,
	} {
		answer, _ := v.gets(path)
		policy := answer.Header.Get("Content-Security-Policy")
		if strings.HasSuffix(policy, "frame-ancestors *") != free ||
			strings.HasSuffix(policy, "frame-ancestors 'none'") == free {
			t.Errorf("%s: %s", path, policy)
		}
	}
}

// The page of a link is a document that keeps the policy, and knows the engine's version.
func TestThePageOfALink(t *testing.T) {
	v := visit(t)
	answer, page := v.gets("/runs/open")
	if found := inline.FindString(page); answer.StatusCode != http.StatusOK || found != "" {
		t.Errorf("status %d, %q in the page", answer.StatusCode, found)
	}
	v.shows(page, `data-engine="1"`, "A shared run</h1>", `role="alert"`)
}
