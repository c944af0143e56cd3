package server

import (
	"slices"
	"strings"

	"zabscope/engine/zk"
)

// authProvider is one scheme of ACL entries.
// (org.apache.zookeeper.server.auth.AuthenticationProvider)
type authProvider interface {
	// authenticated says that "auth" entries expand to ids of the scheme.
	authenticated() bool
	// valid reports whether an entry may have the id.
	valid(id string) bool
	// matches reports whether a client known as id is meant by an entry's expression.
	matches(id, expr string) bool
	// userName is the part of the id that whoAmI tells.
	userName(id string) string
}

// providerOf returns the scheme's provider, nil for a scheme that ZooKeeper does not know unless
// told to. (ProviderRegistry.getProvider)
func providerOf(scheme string) authProvider {
	switch scheme {
	case "ip":
		return ipProvider{}
	case "digest":
		return digestProvider{}
	}
	return nil
}

// isAnyone reports whether an entry speaks of everybody. (ZooDefs.Ids.ANYONE_ID_UNSAFE)
func isAnyone(id zk.ID) bool { return id.Scheme == "world" && id.ID == "anyone" }

// checkACL is the function of that name, unless zookeeper.skipACL switches it off.
// (ZooKeeperServer.checkACL)
func (s *ZooKeeperServer) checkACL(acl []zk.ACL, perm int32, ids []zk.ID) zk.ErrorCode {
	if s.cfg.SkipACL {
		return zk.ErrOK
	}
	return checkACL(acl, perm, ids)
}

// checkACL asks whether somebody known by ids has one of the permissions. An empty list and the id
// "super" let everybody in. (ZooKeeperServer.checkACL)
func checkACL(acl []zk.ACL, perm int32, ids []zk.ID) zk.ErrorCode {
	if len(acl) == 0 {
		return zk.ErrOK
	}
	for i := range ids {
		if ids[i].Scheme == "super" {
			return zk.ErrOK
		}
	}
	for i := range acl {
		if acl[i].Perms&perm != 0 && grants(&acl[i], ids) {
			return zk.ErrOK
		}
	}
	return zk.ErrNoAuth
}

// grants asks whether one entry means the caller, whatever it permits. An entry of a scheme without
// a provider means nobody; it can only come from a log of a server that had the provider.
func grants(a *zk.ACL, ids []zk.ID) bool {
	if isAnyone(a.ID) {
		return true
	}
	p := providerOf(a.ID.Scheme)
	if p == nil {
		return false
	}
	for _, id := range ids {
		if id.Scheme == a.ID.Scheme && p.matches(id.ID, a.ID.ID) {
			return true
		}
	}
	return false
}

// fixupACL drops repetitions, turns entries of scheme "auth" into the caller's own ids and refuses
// what makes no sense. A list that needs no mending is returned as it is.
// (PrepRequestProcessor.fixupACL)
func fixupACL(acl []zk.ACL, ids []zk.ID) ([]zk.ACL, zk.ErrorCode) {
	if len(acl) == 1 && isAnyone(acl[0].ID) {
		return acl, zk.ErrOK
	}
	var out []zk.ACL
	for i, a := range acl {
		if slices.Contains(acl[:i], a) {
			continue
		}
		var ok bool
		if out, ok = appendFixed(out, a, ids); !ok {
			return nil, zk.ErrInvalidACL
		}
	}
	if len(out) == 0 {
		return nil, zk.ErrInvalidACL
	}
	return out, zk.ErrOK
}

// appendFixed adds what one entry of a request becomes; false says that it makes no sense.
func appendFixed(out []zk.ACL, a zk.ACL, ids []zk.ID) ([]zk.ACL, bool) {
	switch {
	case isAnyone(a.ID):
		return append(out, a), true
	case a.ID.Scheme == "auth":
		before := len(out)
		for _, id := range ids {
			if p := providerOf(id.Scheme); p != nil && p.authenticated() {
				out = append(out, zk.ACL{Perms: a.Perms, ID: id})
			}
		}
		return out, len(out) > before
	}
	p := providerOf(a.ID.Scheme)
	return append(out, a), p != nil && p.valid(a.ID.ID)
}

// maskDigests hides the hashes of digest entries from those who may not change the list.
// (FinalRequestProcessor, case getACL)
func maskDigests(acl []zk.ACL) []zk.ACL {
	out := slices.Clone(acl)
	for i := range out {
		if user, _, ok := strings.Cut(out[i].ID.ID, ":"); ok && out[i].ID.Scheme == "digest" {
			out[i].ID.ID = user + ":x"
		}
	}
	return out
}
