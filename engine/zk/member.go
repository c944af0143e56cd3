package zk

import (
	"fmt"
	"strconv"
	"strings"
)

// ConfigError says what is wrong with the text of a configuration.
// (QuorumPeerConfig.ConfigException)
type ConfigError struct {
	Reason string
	// Unchecked says that Java throws an unchecked exception instead, NumberFormatException or
	// IllegalArgumentException: a reconfig answers those with ErrMarshallingError.
	Unchecked bool
}

// Error is the reason.
func (e *ConfigError) Error() string { return e.Reason }

func badConfig(format string, args ...any) error {
	return &ConfigError{Reason: fmt.Sprintf(format, args...)}
}

func unchecked(format string, args ...any) error {
	return &ConfigError{Reason: fmt.Sprintf(format, args...), Unchecked: true}
}

const specForm = " does not have the form server_config or server_config;client_config where " +
	"server_config is host:port:port or host:port:port:type, several of them joined by |, and " +
	"client_config is port or host:port"

// ParseServer reads the right-hand side of a server.N line:
//
//	host:quorumPort:electionPort[:participant|observer][;[clientHost:]clientPort]
//
// Several addresses may be joined by |, of which the first counts. A client port without a host is
// that of 0.0.0.0; a member without a client port has ClientPort 0. The error is a *ConfigError.
// (QuorumPeer.QuorumServer.initializeWithAddressString)
func ParseServer(sid SID, spec string) (Member, error) {
	m := Member{SID: sid}
	parts := splitAsJava(spec, ";")
	if len(parts) == 0 || len(parts) > 2 {
		return m, badConfig("%s%s", spec, specForm)
	}
	if len(parts) == 2 {
		if err := m.parseClient(spec, parts[1]); err != nil {
			return m, err
		}
	}
	for i, address := range splitAsJava(parts[0], "|") {
		x := Member{SID: sid}
		if err := x.parseAddress(spec, address); err != nil {
			return m, err
		}
		switch {
		case i == 0:
			m.Host, m.QuorumPort, m.ElectionPort, m.Type = x.Host, x.QuorumPort, x.ElectionPort,
				x.Type
		case x.Type != m.Type:
			return m, badConfig("the addresses of server %d have different roles", sid)
		}
	}
	if m.Host == "" {
		return m, badConfig("%s%s", spec, specForm)
	}
	if m.ClientHost == m.Host {
		m.ClientHost = ""
	}
	return m, nil
}

func (m *Member) parseClient(spec, text string) error {
	parts, err := hostAndPorts(text)
	if err != nil {
		return err
	}
	m.ClientHost = "0.0.0.0"
	switch len(parts) {
	case 1:
	case 2:
		m.ClientHost = parts[0]
	default:
		return badConfig("%s%s", spec, specForm)
	}
	m.ClientPort, err = port(parts[len(parts)-1])
	return err
}

// parseAddress reads one host:port:port[:type].
func (m *Member) parseAddress(spec, text string) error {
	parts, err := hostAndPorts(text)
	if err != nil {
		return err
	}
	if len(parts) < 3 || len(parts) > 4 {
		return badConfig("%s%s", spec, specForm)
	}
	m.Host = parts[0]
	if m.QuorumPort, err = port(parts[1]); err != nil {
		return err
	}
	if m.ElectionPort, err = port(parts[2]); err != nil {
		return err
	}
	if m.QuorumPort == m.ElectionPort {
		return badConfig("quorum and election port of server %d must be different", m.SID)
	}
	if len(parts) == 4 {
		m.Type, err = ParseLearnerType(parts[3])
	}
	return err
}

// ParseLearnerType reads "participant" or "observer", in letters of any case.
// (QuorumPeer.QuorumServer.getType)
func ParseLearnerType(text string) (LearnerType, error) {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case learnerTypes[Participant]:
		return Participant, nil
	case learnerTypes[Observer]:
		return Observer, nil
	}
	return Participant, badConfig("unrecognised peertype: %s", text)
}

// port reads a port number; one that no socket address can have is an unchecked error.
func port(text string) (int, error) {
	n, err := strconv.ParseInt(text, 10, 32)
	switch {
	case err != nil:
		return 0, badConfig("address unresolved: %s is no port", text)
	case n < 0 || n > 0xffff:
		return 0, unchecked("port out of range: %d", n)
	}
	return int(n), nil
}

// hostAndPorts splits at colons, but not inside the brackets of an IPv6 address.
// (ConfigUtils.getHostAndPort)
func hostAndPorts(text string) ([]string, error) {
	if !strings.HasPrefix(text, "[") {
		return splitAsJava(text, ":"), nil
	}
	end := strings.Index(text, "]")
	switch {
	case end < 0:
		return nil, badConfig("%s starts with '[' but has no matching ']:'", text)
	case end+2 == len(text):
		return nil, badConfig("%s doesn't have a port after colon", text)
	case end+2 > len(text):
		return []string{text[1:end]}, nil
	}
	return append([]string{text[1:end]}, splitAsJava(text[end+2:], ":")...), nil
}

// splitAsJava splits as java.lang.String.split does: what is empty at the end is no part.
func splitAsJava(text, sep string) []string {
	parts := strings.Split(text, sep)
	for len(parts) > 0 && parts[len(parts)-1] == "" {
		parts = parts[:len(parts)-1]
	}
	return parts
}
