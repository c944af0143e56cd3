package main

import (
	"context"
	"errors"
	"strings"
	"testing"
)

func TestStepTsharkFindsIt(t *testing.T) {
	for out, note := range map[string]string{
		"Running as user \"root\".\nTShark (Wireshark) 4.0.17.\n\nCopyright\n": "TShark (Wireshark) 4.0.17.",
		"something else\n": "something else",
	} {
		c, _ := scratch(t, nil)
		c.exec = answers{{line: "/usr/bin/tshark --version", out: out}}.exec
		o := findTshark(t.Context(), c, machine(false, "tshark"))
		complains(t, o)
		if o.note != note {
			t.Errorf("note %q, want %q", o.note, note)
		}
	}
}

func TestStepTsharkInstallsIt(t *testing.T) {
	c, out := scratch(t, nil)
	now := machine(true, "apt-get")
	c.exec = func(_ context.Context, _, _ string, args ...string) (string, error) {
		if strings.Contains(strings.Join(args, " "), "apt-get install -y tshark") {
			now = machine(true, "apt-get", "tshark")
		}
		return "TShark 4", nil
	}
	h := host{root: true, lookPath: func(name string) (string, error) { return now.lookPath(name) }}
	complains(t, findTshark(t.Context(), c, h))
	if !strings.Contains(out.String(), "installing tshark, some 40 MB") {
		t.Errorf("a long step says nothing of itself: %q", out)
	}
}

func TestStepTsharkWithoutIt(t *testing.T) {
	fails := errors.New("exit status 100")
	for _, c := range []struct {
		host host
		exec answers
		want string
	}{
		{machine(false, "apt-get"), nil, "only root may install one; install tshark (on Debian: "},
		{machine(true), nil, "no apt-get to install one"},
		{machine(true, "apt-get"), answers{{line: "apt-get"}}, "still is not on PATH"},
		{machine(true, "tshark"), answers{{line: "--version", err: fails}}, "does not start"},
	} {
		checkout, _ := scratch(t, nil)
		checkout.exec = c.exec.exec
		complains(t, findTshark(t.Context(), checkout, c.host), c.want)
	}
}
