package main

import (
	"context"
	"errors"
	"os/exec"
	"strings"
	"testing"
)

func TestGofmt(t *testing.T) {
	c, _ := scratch(t, map[string]string{
		"good.go":         "package a\n\nvar x = 1\n",
		"spaces.go":       "package a\n\nvar x  =  1\n",
		"broken.go":       "package\n",
		"testdata/any.go": "package  a\n",
	})
	o := gofmt(t.Context(), c)
	complains(t, o, "broken.go: ", "spaces.go: gofmt would change it")
	if o.note != "3 files" {
		t.Errorf("note %q, want 3 files", o.note)
	}
}

func TestLayoutStep(t *testing.T) {
	modules := map[string]string{
		"go.mod":                  "module zabscope\n\ngo 1.26.0\n",
		"cmd/verify/tools/go.mod": "module tools\n\ngo 1.26.8\n",
		"notes/a.txt":             "",
		".ci/run":                 "",
	}
	t.Run("in an unpacked archive everything counts", func(t *testing.T) {
		c, _ := scratch(t, modules)
		c.exec = answers{{line: "git ls-files", err: errors.New("not a git repository")}}.exec
		complains(t, layout(t.Context(), c), "notes: has no place", "asks for go 1.26.8")
	})
	t.Run("in a checkout what git ignores may lie about", func(t *testing.T) {
		c, _ := scratch(t, modules)
		c.exec = answers{{line: "git ls-files", out: ".ci/run\x00cmd/a.go\x00go.mod\x00"}}.exec
		complains(t, layout(t.Context(), c), "asks for go 1.26.8")
	})
	t.Run("without go.mod there is nothing to check", func(t *testing.T) {
		c, _ := scratch(t, nil)
		complains(t, layout(t.Context(), c), "go.mod")
	})
}

func TestQuietTools(t *testing.T) {
	c, _ := scratch(t, nil)
	c.exec = answers{
		{line: "go vet ./..."},
		{line: "staticcheck", out: "a.go:1:2: unused\n", err: errors.New("exit status 1")},
	}.exec
	complains(t, vet(t.Context(), c))
	complains(t, staticcheck(t.Context(), c), "a.go:1:2: unused\ngo tool")
}

// machine describes a host by the programs that it has on PATH.
func machine(root bool, programs ...string) host {
	return host{root: root, lookPath: func(name string) (string, error) {
		for _, p := range programs {
			if p == name {
				return "/usr/bin/" + p, nil
			}
		}
		return "", exec.ErrNotFound
	}}
}

func TestBrowserThatIsThere(t *testing.T) {
	for _, name := range browserNames {
		c, _ := scratch(t, nil)
		line := "/usr/bin/" + name + " --version"
		c.exec = answers{{line: line, out: "grumble\nChromium 156 \n"}}.exec
		o := findBrowser(t.Context(), c, machine(false, name))
		complains(t, o)
		if o.note != "Chromium 156" {
			t.Errorf("%s: note %q, want its version", name, o.note)
		}
	}
}

func TestBrowserIsInstalled(t *testing.T) {
	c, out := scratch(t, nil)
	bare, equipped := machine(true, "apt-get"), machine(true, "apt-get", "chromium")
	now := &bare
	c.exec = func(_ context.Context, _, name string, args ...string) (string, error) {
		line := strings.Join(args, " ")
		if strings.Contains(line, "apt-get install -y chromium") {
			now = &equipped
		}
		return "Chromium 156", nil
	}
	h := host{root: true, lookPath: func(name string) (string, error) { return now.lookPath(name) }}
	complains(t, findBrowser(t.Context(), c, h))
	if !strings.Contains(out.String(), "installing chromium") {
		t.Errorf("a long step says nothing of itself: %q", out)
	}
}

func TestBrowserCannotBeHad(t *testing.T) {
	fails := errors.New("exit status 100")
	for _, c := range []struct {
		name string
		host host
		exec answers
		want string
	}{
		{"not root", machine(false, "apt-get"), nil, "only root may install one; install Chromium"},
		{"not Debian", machine(true), nil, "no apt-get to install one"},
		{"no network", machine(true, "apt-get"),
			answers{{line: "apt-get update", out: "could not resolve", err: fails}},
			"apt-get update failed: exit status 100\ncould not resolve"},
		{"installed elsewhere", machine(true, "apt-get"), answers{{line: "apt-get"}},
			"still is not on PATH"},
		{"does not start", machine(true, "chromium"),
			answers{{line: "--version", out: "no such library", err: fails}},
			"/usr/bin/chromium does not start"},
	} {
		t.Run(c.name, func(t *testing.T) {
			checkout, _ := scratch(t, nil)
			checkout.exec = c.exec.exec
			complains(t, findBrowser(t.Context(), checkout, c.host), c.want)
		})
	}
}

func TestStaleTemplates(t *testing.T) {
	files := func(pairs ...string) map[string][]byte {
		m := map[string][]byte{}
		for i := 0; i < len(pairs); i += 2 {
			m[pairs[i]] = []byte(pairs[i+1])
		}
		return m
	}
	for _, c := range []struct {
		name                 string
		committed, generated map[string][]byte
		want                 []string
	}{
		{"fresh", files("a_templ.go", "1"), files("a_templ.go", "1"), nil},
		{"changed", files("a_templ.go", "1"), files("a_templ.go", "2"),
			[]string{"a_templ.go: is not what its source makes"}},
		{"never generated", nil, files("a_templ.go", "1"), []string{"a_templ.go: is missing"}},
		{"source gone", files("a_templ.go", "1"), nil,
			[]string{"a_templ.go: has no source a.templ"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			complains(t, outcome{wrong: stale(c.committed, c.generated)}, c.want...)
		})
	}
}

func TestTemplWithoutTemplates(t *testing.T) {
	c, _ := scratch(t, nil)
	c.exec = answers{}.exec // templ is not even started
	complains(t, templFresh(t.Context(), c))
}

func TestTemplThatFails(t *testing.T) {
	c, _ := scratch(t, map[string]string{"templates/a.templ": "package templates\n"})
	broken := errors.New("exit status 1")
	c.exec = answers{{line: "templ generate", out: "a.templ:1", err: broken}}.exec
	complains(t, templFresh(t.Context(), c), "templ generate: exit status 1\na.templ:1")
}
