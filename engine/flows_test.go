package engine_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The front page shows who moved between the groups of a segmentation, counted by
// key: who stayed, who is new, who is gone, and whose group cannot be told.
func TestFrontPageShowsWhoMoved(t *testing.T) {
	c := newClub(t)
	c.write("rules/spend.yaml", `kind: Segmentation
name: spend
segments:
  - {name: high, title: "High <b>", when: customer.spend > 500.0}
  - {name: low, when: customer.spend > 100.0}
otherwise: none
`)
	c.run("1,600 2,700 3,200 4,50 5,")
	page := func() string {
		b, err := os.ReadFile(filepath.Join(c.out, "index.html"))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if strings.Contains(page(), "Who moved") {
		t.Error("a first version has moves")
	}
	c.run("1,600 2,200 3,201 5,900 6,800 7,10 8,11")
	for _, want := range []string{
		"Who moved since version 1", "6 customers changed groups", "High &lt;b&gt; → Low", "None → No longer there", "Can’t tell → High &lt;b&gt;",
		"Not there before → High &lt;b&gt;", "Not there before → None",
	} {
		if !strings.Contains(page(), want) {
			t.Errorf("the front page does not say %q", want)
		}
	}
	if n := strings.Count(page(), "Jan 1, 2026, 00:00"); n != 3 { // of the current one at the top, and of both in the list
		t.Errorf("when versions were published is said %d times", n)
	}
	// The rows of a version can be removed: then nobody can tell.
	if err := os.RemoveAll(filepath.Join(c.out, "versions", "000002", "data")); err != nil {
		t.Fatal(err)
	}
	c.run("1,600 2,200")
	if p := page(); strings.Contains(p, "Who moved") || !strings.Contains(p, "Version 2") {
		t.Error("there are moves from a version whose rows are gone, or no bar of it")
	}
}
