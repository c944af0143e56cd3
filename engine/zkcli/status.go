package zkcli

// Status is what `zkServer.sh status` prints on a server's own machine. mode is what srvr says of
// the server: leader, follower, observer or standalone. Anything else, and "" where nobody answers,
// is a server that cannot be asked: the script does not tell one that is down from one that looks
// for a leader. (bin/zkServer.sh)
func Status(mode string) []string {
	last := "Error contacting service. It is probably not running."
	switch mode {
	case "leader", "follower", "observer", "standalone":
		last = "Mode: " + mode
	}
	return []string{clientPortFound, last}
}

// clientPortFound is how the script begins: it reads zoo.cfg before it asks.
const clientPortFound = "Client port found: 2181. Client address: localhost. Client SSL: false."
