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

// keyTable is the keys of a run's page, in the order of the panel that lists them there, and the
// names of the texts that say what they do.
var keyTable = []struct{ keys, text string }{
	{"Space .", "key.play"}, {"→ ←", "key.event"}, {"Shift+→ Shift+←", "key.decision"},
	{"Ctrl+→ Ctrl+←", "key.server"}, {"Home End", "key.ends"}, {"PgDn PgUp", "ui.key.page"},
	{", ;", "key.cause"}, {"[ ]", "key.speed"}, {`\`, "key.auto"}, {"+ −", "key.zoom"},
	{"1 … 9", "key.select"}, {"x", "key.kill"}, {"r", "key.restart"}, {"z", "key.freeze"},
	{"c", "ui.key.cut"}, {"h", "key.heal"}, {"w", "key.write"}, {"v", "ui.key.deliver"},
	{"d", "ui.key.drop"}, {"f", "ui.key.fork"}, {"u", "ui.key.undo"}, {"Enter", "ui.key.inspect"},
	{"g /", "ui.key.find"}, {"m", "ui.key.mark"}, {"S", "key.share"}, {"P", "ui.key.present"},
	{"?", "ui.key.help"}, {"Esc", "key.escape"}, {"a", "ui.key.again"}, {"s", "ui.key.states"},
}

// glossary is the words and signs of a run's page, with the texts that explain them.
var glossary = []struct{ word, text string }{
	{"zxid 2:11", "zxid"}, {"epoch", "epoch"}, {"round", "round"}, {"quorum", "quorum"},
	{"LOOKING", "looking"}, {"DIFF, TRUNC, SNAP", "sync"}, {"c1", "client"}, {"②", "circle"},
	{"+8", "more"}, {"▨", "hatched"}, {"✕", "cross"},
}

// help is everything that can be looked up.
func (s *Site) help(w http.ResponseWriter, r *http.Request) error {
	say := s.words.of(r).Say
	props := templates.HelpProps{CLI: clientUsage(), Limits: limits(say)}
	for _, k := range keyTable {
		props.Keys = append(props.Keys, templates.KeyProps{Keys: strings.Fields(k.keys),
			Does: say(k.text)})
	}
	for _, g := range glossary {
		props.Words = append(props.Words, templates.WordProps{Word: g.word,
			Means: say("word." + g.text)})
	}
	for _, v := range scenario.Commands() {
		props.Verbs = append(props.Verbs, templates.VerbProps{Usage: v.Usage(), About: v.About})
	}
	return s.show(w, r, http.StatusOK, templates.Help(props))
}

// clientUsage is what zkCli says of its own commands, a line each, and one more that Zabscope has.
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
	return append(lines, "status")
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
