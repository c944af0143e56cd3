package server

import (
	"strings"

	"zabscope/engine/datatree"
)

// validPath is PathUtils.validatePath: absolute, no empty, "." or ".." name, no control or private
// characters.
func validPath(path string) bool {
	if path == "" || path[0] != '/' {
		return false
	}
	if path == "/" {
		return true
	}
	name := 1 // start of the current name
	for i, c := range path {
		switch {
		case c == '/' && i > 0:
			if !validName(path[name:i]) {
				return false
			}
			name = i + 1
		case unfit(c):
			return false
		}
	}
	return validName(path[name:])
}

// validName refuses the names that mean nothing or another place.
func validName(name string) bool { return name != "" && name != "." && name != ".." }

// unfit reports whether a path must not hold the character. Characters above the basic plane are
// pairs of surrogates in Java, and refused.
func unfit(c rune) bool {
	return c < 0x20 || c >= 0x7f && c <= 0x9f || c >= 0xd800 && c <= 0xf8ff || c >= 0xfff0
}

// parentOf is the path of the parent as the tree knows it, "" for the root; ok is false for what
// has no parent at all. (PrepRequestProcessor.validatePathForCreate)
func parentOf(path string) (parent string, ok bool) {
	slash := strings.LastIndexByte(path, '/')
	if slash < 0 || strings.IndexByte(path, 0) >= 0 {
		return "", false
	}
	return path[:slash], true
}

// deletableParent is parentOf for a node that may be deleted.
// (PrepRequestProcessor.getParentPathAndValidate)
func deletableParent(path string) (parent string, ok bool) {
	if datatree.IsSpecialPath(path) {
		return "", false
	}
	return parentOf(path)
}
