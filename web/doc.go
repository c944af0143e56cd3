// Package web is the site: its routes, its pages, and the rooms behind them. It holds no rule of the
// game; it hands what people want to the engine and what happened to people.
//
// Reading order: site.go (New, the routes), home.go (the page with the running ensemble), feed.go (its
// socket), texts.go (the sentences), problem.go (everything that went wrong), security.go (headers).
package web
