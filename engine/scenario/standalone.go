package scenario

// checkAlone says what is wrong with an ensemble that standaloneEnabled makes no ensemble, "" if
// nothing: one voter then serves alone, and nobody is there whom others could observe.
// (QuorumPeerConfig.checkValidity: "Observers w/o quorum is an invalid configuration")
func (sc *Scenario) checkAlone(voters int) string {
	cfg, err := sc.config(0)
	if err != nil || !cfg.StandaloneEnabled || voters > 1 || len(sc.Servers) == voters {
		return ""
	}
	return "with standaloneEnabled, one server that votes is alone and cannot be observed"
}
