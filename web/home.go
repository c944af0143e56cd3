package web

import (
	"fmt"
	"net/http"
	"strconv"

	"zabscope/templates"
)

// home is the page on which the ensemble runs.
func (s *Site) home(w http.ResponseWriter, r *http.Request) error {
	props := templates.RunProps{
		Crumbs: []string{"Sandbox", "A running ensemble"},
		Facts:  fmt.Sprintf("%d servers · seed %d", s.config.Servers, s.config.Seed),
		Feed:   "/feed",
		Texts:  "/texts/en.json",
	}
	for id := range s.config.Servers {
		props.Servers = append(props.Servers, strconv.Itoa(id+1))
	}
	return show(w, r, http.StatusOK, templates.Run(props))
}
