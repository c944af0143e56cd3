package zkcli

import (
	"fmt"
	"unicode/utf16"
)

// validatePath says what is wrong with a path, "" if nothing. Places count in Java's characters.
// (org.apache.zookeeper.common.PathUtils.validatePath)
func validatePath(path string) string {
	switch n := len(path); {
	case n == 0:
		return "Path length must be > 0"
	case path[0] != '/':
		return "Path must start with / character"
	case n == 1:
		return ""
	case path[n-1] == '/':
		return "Path must not end with / character"
	}
	chars := utf16.Encode([]rune(path))
	for i := 1; i < len(chars); i++ {
		if reason := badCharacter(chars, i); reason != "" {
			return fmt.Sprintf("Invalid path string \"%s\" caused by %s @%d", path, reason, i)
		}
	}
	return ""
}

// badCharacter says why a character of a path may not stand where it does, "" if it may.
func badCharacter(chars []uint16, i int) string {
	c, last := chars[i], chars[i-1]
	ends := i+1 == len(chars) || chars[i+1] == '/' // the name ends here
	switch {
	case c == 0:
		return "null character not allowed"
	case c == '/' && last == '/':
		return "empty node name specified"
	case c == '.' && last == '.' && chars[i-2] == '/' && ends,
		c == '.' && last == '/' && ends:
		return "relative paths not allowed"
	case c <= 0x1f, c >= 0x7f && c <= 0x9f, c >= 0xd800 && c <= 0xf8ff, c >= 0xfff0:
		return "invalid character"
	}
	return ""
}
