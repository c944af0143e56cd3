package zkcli

import (
	"strings"

	"zabscope/engine/zk"
)

// letters are the permissions in the order in which getAcl prints them.
var letters = []struct {
	letter rune
	perm   int32
}{{'c', zk.PermCreate}, {'d', zk.PermDelete}, {'r', zk.PermRead}, {'w', zk.PermWrite},
	{'a', zk.PermAdmin}}

// parseACL reads scheme:id:perms, several of them with commas between. What it cannot read it says
// and skips. (org.apache.zookeeper.cli.AclParser.parse)
func (c *Command) parseACL(text string) []zk.ACL {
	var acl []zk.ACL
	for _, entry := range javaSplit(text) {
		first, last := strings.IndexByte(entry, ':'), strings.LastIndexByte(entry, ':')
		if first == last {
			c.println(entry + " does not have the form scheme:id:perm")
			continue
		}
		acl = append(acl, zk.ACL{Perms: c.parsePerms(entry[last+1:]),
			ID: zk.ID{Scheme: entry[:first], ID: entry[first+1 : last]}})
	}
	return acl
}

// javaSplit is String.split(","): empty pieces at the end are none, unless there is nothing else.
func javaSplit(text string) []string {
	if text == "" {
		return []string{""}
	}
	text = strings.TrimRight(text, ",")
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}

// parsePerms reads permission letters. (AclParser.getPermFromString)
func (c *Command) parsePerms(text string) int32 {
	var perms int32
	for _, r := range text {
		perm := int32(0)
		for _, l := range letters {
			if l.letter == r {
				perm = l.perm
			}
		}
		if perm == 0 {
			c.println("Unknown perm type: " + string(r))
		}
		perms |= perm
	}
	return perms
}

// permString writes permission letters. (ZKUtil.getPermString)
func permString(perms int32) string {
	var b strings.Builder
	for _, l := range letters {
		if perms&l.perm != 0 {
			b.WriteRune(l.letter)
		}
	}
	return b.String()
}
