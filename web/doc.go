// Package web is the site: its routes, its pages, and the rooms behind them. It holds no rule of the
// game; it hands what people want to the engine and what happened to people.
//
// Reading order: site.go (New, the routes); recipe.go and fields.go (what people may ask of a run, and
// how they are told what is wrong with it), world.go (a run made of that); runs.go and stream.go (the
// interface for programs; the protocol of the stream stands in the documentation of package ws);
// home.go, learn.go, sandbox.go, run.go, help.go (pages, one a file); words.go (every sentence of the
// site comes from texts/en.json, by its key), texts.go (the same for browsers); problem.go (everything
// that went wrong), security.go (headers), log.go, metrics.go.
package web
