package web

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/boombuler/barcode/qr"
)

const (
	maxQR   = 1000 // bytes in a code; a camera must be able to read it off a screen
	qrQuiet = 4    // modules that stay empty around a code, as ISO/IEC 18004 wants it
)

// qrCode draws a text as a QR code.
func (s *Site) qrCode(w http.ResponseWriter, r *http.Request) error {
	text := r.URL.Query().Get("text")
	if text == "" || len(text) > maxQR {
		return problem{status: http.StatusBadRequest, code: "qr",
			args: []any{"n", len(text), "most", maxQR}}
	}
	code, err := qr.Encode(text, qr.L, qr.Unicode)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	w.Header().Set("Cache-Control", "no-store")
	_, err = w.Write([]byte(qrPicture(code.Bounds().Dx(), func(x, y int) bool {
		red, _, _, _ := code.At(x, y).RGBA()
		return red == 0
	})))
	return err
}

// qrPicture draws a square of so many modules, dark on white in every theme: cameras read it so.
func qrPicture(size int, dark func(x, y int) bool) string {
	var path strings.Builder
	for y := range size {
		for x := 0; x < size; x++ {
			from := x
			for x < size && dark(x, y) {
				x++
			}
			if x > from {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", from+qrQuiet, y+qrQuiet, x-from, x-from)
			}
		}
	}
	whole := size + 2*qrQuiet
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" `+
		`shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dH0z"/>`+
		`<path d="%s"/></svg>`, whole, whole, whole, whole, path.String())
}
