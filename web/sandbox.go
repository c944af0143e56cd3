package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"zabscope/engine"
	"zabscope/templates"
)

// sandbox is where people make a run.
func (s *Site) sandbox(w http.ResponseWriter, r *http.Request) error {
	return s.showSandbox(w, r, http.StatusOK, url.Values{}, nil)
}

// makeRun makes a run of the form and goes there. Where something is wrong the form comes back as it
// was filled in, with a word beside each field that needs another look.
func (s *Site) makeRun(w http.ResponseWriter, r *http.Request) error {
	o, filled, err := readForm(w, r)
	if err == nil {
		var id string
		if id, err = s.open(r, o); err == nil {
			page := "/runs/" + id
			if shelf := filled.Get("shelf"); len(shelves[shelf]) > 0 {
				page += "?shelf=" + shelf
			}
			http.Redirect(w, r, page, http.StatusSeeOther)
			return nil
		}
	}
	var p problem
	if !errors.As(err, &p) || len(p.fields) == 0 {
		return err
	}
	return s.showSandbox(w, r, p.status, filled, p.fields)
}

// showSandbox shows the page with what was filled in and what is wrong with it.
func (s *Site) showSandbox(w http.ResponseWriter, r *http.Request, status int, filled url.Values,
	wrong []complaint) error {
	say := s.words.of(r).Say
	props := templates.SandboxProps{Fields: formFields(say)}
	for _, p := range s.presets {
		props.Presets = append(props.Presets, presetProps(say, p, "preset."+p.Name))
	}
	if len(wrong) > 0 {
		props.Wrong = say("sandbox.wrong", "n", len(wrong))
	}
	for i := range props.Fields {
		f := &props.Fields[i]
		f.Value = filled.Get(f.Name)
		for _, c := range wrong {
			if c.field == f.Name {
				f.Wrong = c.say(say)
			}
		}
	}
	return s.show(w, r, status, templates.Sandbox(props))
}

// formFields are the fields of the form, empty.
func formFields(say templates.Say) []templates.FieldProps {
	number := func(name string, hint, least, most int) templates.FieldProps {
		return templates.FieldProps{Name: name, Kind: "number", Hint: strconv.Itoa(hint),
			Least: strconv.Itoa(least), Most: strconv.Itoa(most),
			Help: say("form."+name+".hint", "least", least, "most", most,
				"all", engine.MaxServers)}
	}
	text := func(name, kind, hint string) templates.FieldProps {
		return templates.FieldProps{Name: name, Kind: kind, Hint: hint,
			Help: say("form." + name + ".hint")}
	}
	d := defaults()
	release := text("release", "select", "")
	for _, x := range releases {
		release.Of = append(release.Of, templates.OptionProps{Value: x.name,
			Text: say("release." + x.name)})
	}
	return []templates.FieldProps{
		number("servers", d.Servers, 1, engine.MaxServers),
		number("observers", 0, 0, engine.MaxServers-1),
		text("standalone", "checkbox", ""),
		number("tick", d.Tick, engine.MinTickTime, engine.MaxTickTime),
		number("initLimit", d.InitLimit, 1, engine.MaxLimit),
		number("syncLimit", d.SyncLimit, 1, engine.MaxLimit),
		text("latency", "text", "0.1-0.2"),
		text("seed", "text", say("placeholder.seed")),
		release,
		text("scenario", "area", exampleScenario),
	}
}

// exampleScenario shows in the empty field what a scenario looks like.
const exampleScenario = "servers 1,2,3\nstart 1,2,3 until serving 1,2,3\nkill 3"
