package room

import (
	"strconv"
	"time"

	"zabscope/engine"
)

// The pace of speed auto. Right after a decision time passes at slowest, so that every packet can be
// seen; the longer nothing is decided, the faster, up to fastest: quiet grows by the factor e in
// every rampTime on the wall.
const (
	slowest  = 0.0012
	fastest  = 1.0
	rampTime = 450 * time.Millisecond
)

// Bounds of a speed that people choose.
const (
	leastSpeed = 0.0001
	mostSpeed  = 10
)

// longestTick is the most wall time that one tick makes up for: a machine that slept does not run
// through what it slept.
const longestTick = 100 * time.Millisecond

// speed is virtual time per real time; 0 is auto.
type speed float64

// parseSpeed reads what people write.
func parseSpeed(s string) (speed, bool) {
	if s == "auto" {
		return 0, true
	}
	x, err := strconv.ParseFloat(s, 64)
	return speed(x), err == nil && x >= leastSpeed && x <= mostSpeed
}

// String writes the speed as parseSpeed reads it.
func (s speed) String() string {
	if s == 0 {
		return "auto"
	}
	return strconv.FormatFloat(float64(s), 'g', -1, 64)
}

// rate is how fast virtual time passes when the last decision was quiet ago, in virtual time.
func (s speed) rate(quiet engine.Time) float64 {
	if s != 0 {
		return float64(s)
	}
	return min(fastest, max(slowest, float64(quiet)/float64(rampTime)))
}

// virtual is the virtual time that passes in a stretch of wall time.
func virtual(wall time.Duration, rate float64) engine.Time {
	return engine.Time(float64(min(wall, longestTick)) * rate)
}
