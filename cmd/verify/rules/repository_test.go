package rules

import (
	"os"
	"testing"
)

// TestRepository holds this repository to every rule. When it fails, the finding names the place
// and the way out; the reason stands in All.
func TestRepository(t *testing.T) {
	tree, err := Load(os.DirFS("../../.."))
	if err != nil {
		t.Fatal(err)
	}
	if len(tree.Go) == 0 {
		t.Fatal("the repository has no Go files, so nothing was checked")
	}
	for _, rule := range All {
		t.Run(rule.Name, func(t *testing.T) {
			for _, f := range rule.Check(tree) {
				t.Error(f)
			}
			if t.Failed() {
				t.Log("the rule is there because " + rule.Why)
			}
		})
	}
}
