package web

import (
	"net/http"
	"strings"

	"zabscope/engine"
	"zabscope/engine/scenario"
	"zabscope/engine/zkcli"
	"zabscope/templates"
	"zabscope/web/room"
	"zabscope/web/ws"
)

// keyTable is the keys of a run's page, with the texts that say what they do.
var keyTable = []struct{ keys, text string }{
	{"Space .", "play"}, {"→ ←", "event"}, {"Shift+→ Shift+←", "decision"},
	{"Ctrl+→ Ctrl+←", "server"}, {"Home End", "ends"}, {"[ ]", "speed"}, {`\`, "auto"},
	{"1 … 9", "select"}, {"x", "kill"}, {"r", "restart"}, {"z", "freeze"}, {"w", "write"},
	{"h", "heal"}, {", ;", "cause"}, {"+ -", "zoom"}, {"Esc", "escape"},
}

// help is everything that can be looked up.
func (s *Site) help(w http.ResponseWriter, r *http.Request) error {
	say := s.words.of(r).Say
	props := templates.HelpProps{CLI: clientUsage(), Limits: limits(say)}
	for _, k := range keyTable {
		props.Keys = append(props.Keys, templates.KeyProps{Keys: strings.Fields(k.keys),
			Does: say("key." + k.text)})
	}
	for _, v := range scenario.Commands() {
		props.Verbs = append(props.Verbs, templates.VerbProps{Usage: v.Usage(), About: v.About})
	}
	return s.show(w, r, http.StatusOK, templates.Help(props))
}

// clientUsage is what zkCli says of its own commands, a line each.
func clientUsage() []string {
	c, err := zkcli.Parse("help")
	if err != nil {
		return nil // it has always been a command
	}
	c.Next(nil)
	var lines []string
	for _, line := range c.Output() {
		if usage, ok := strings.CutPrefix(line, "\t"); ok {
			lines = append(lines, strings.TrimSpace(usage))
		}
	}
	return lines
}

// limits are what a visitor may run into.
func limits(say templates.Say) []string {
	return []string{
		say("limit.servers", "n", engine.MaxServers),
		say("limit.events", "n", room.MaxEvents),
		say("limit.actions", "n", room.MaxActions),
		say("limit.idle", "n", int(room.IdleLimit.Minutes())),
		say("limit.viewers", "n", room.MaxViewers),
		say("limit.rooms", "n", room.MaxRooms),
		say("limit.rate", "burst", ws.Burst, "rate", ws.Rate),
	}
}
