package scenario

import (
	"encoding/json"
	"fmt"

	"zabscope/engine/zk"
)

// OptionSettings writes options the way a scenario does: the set that is nearest, if it is not
// 3.8.0, and what differs from 3.8.0 otherwise.
func OptionSettings(o zk.Options) []Setting {
	if o == zk.OptionsCorrect() {
		return []Setting{{"release", "correct"}}
	}
	var out []Setting
	have, base := optionValues(o), optionValues(zk.Options3_8_0())
	for _, name := range optionNames() {
		if have[name] != base[name] {
			out = append(out, Setting{name, have[name]})
		}
	}
	return out
}

// optionValues are the options by name, as a scenario writes their values.
func optionValues(o zk.Options) map[string]string {
	text, err := json.Marshal(o)
	if err != nil {
		panic(err) // booleans and a string
	}
	var values map[string]any
	if err := json.Unmarshal(text, &values); err != nil {
		panic(err) // json.Marshal wrote it
	}
	out := map[string]string{}
	for name, v := range values {
		out[name] = fmt.Sprint(v)
	}
	return out
}
