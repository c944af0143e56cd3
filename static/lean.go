package static

import (
	"io/fs"
	"strings"
)

// lean makes scripts ready to be sent: comments that have lines of their own are left out, which is
// a third of what a page weighs. Lines stay where they are, so that errors name the right ones.
func lean(fsys fs.FS) map[string]string {
	out := map[string]string{}
	_ = fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".js") {
			return err
		}
		b, err := fs.ReadFile(fsys, name)
		out[name] = withoutComments(string(b))
		return err
	})
	return out
}

// withoutComments empties the lines of a script that are nothing but comment.
func withoutComments(script string) string {
	lines := strings.Split(script, "\n")
	inside := false // a comment of several lines
	for i, line := range lines {
		text := strings.TrimSpace(line)
		begins := strings.HasPrefix(text, "/*")
		ends := strings.HasSuffix(text, "*/") && strings.Count(text, "*/") == 1
		switch {
		case inside:
			inside = !ends
		case begins && !strings.Contains(text, "*/"):
			inside = true
		case begins && ends, strings.HasPrefix(text, "//"):
		default:
			continue
		}
		lines[i] = ""
	}
	return strings.Join(lines, "\n")
}
