package web

import (
	"net/http"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics serves what can be counted, in the form that Prometheus reads.
func (s *Site) metrics() http.Handler {
	c := &s.rooms.Counters
	reg := prometheus.NewRegistry()
	reg.MustRegister(collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		gauge("rooms", "Rooms that there are.", func() float64 { return float64(s.rooms.Len()) }),
		gauge("viewers", "Viewers that watch.", count(&c.Viewers)),
		counter("rooms_opened_total", "Rooms opened.", "", "", &c.Opened),
		counter("rooms_dropped_total", "Rooms ended because nobody watched.", "", "", &c.Dropped),
		counter("events_total", "Events of the trace that rooms have told.", "", "", &c.Events),
		counter("frames_total", "Frames, each encoded once for all viewers of a room.", "", "",
			&c.Frames),
		counter("deliveries_total", "Messages queued for viewers.", "", "", &c.Deliveries),
		counter("drops_total", "Viewers cut off.", "reason", "slow", &c.Slow),
		counter("drops_total", "Viewers cut off.", "reason", "fault", &c.Faulty),
		counter("commands_total", "Commands of viewers.", "outcome", "done", &c.Done),
		counter("commands_total", "Commands of viewers.", "outcome", "refused", &c.Refused),
	)
	return promhttp.HandlerFor(reg, promhttp.HandlerOpts{})
}

func count(n *atomic.Int64) func() float64 {
	return func() float64 { return float64(n.Load()) }
}

func gauge(name, help string, value func() float64) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: "zabscope", Name: name,
		Help: help}, value)
}

// counter shows a number that only grows, with a label if it has one.
func counter(name, help, label, value string, n *atomic.Int64) prometheus.Collector {
	opts := prometheus.CounterOpts{Namespace: "zabscope", Name: name, Help: help}
	if label != "" {
		opts.ConstLabels = prometheus.Labels{label: value}
	}
	return prometheus.NewCounterFunc(opts, count(n))
}
