package engine_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"personae/engine"
)

// That there are no rules is said where that is so, and not where a file of rules
// could not be read.
func TestNoRulesIsSaidOfFilesThatWereRead(t *testing.T) {
	c := newClub(t)
	said := func(rules string) []string {
		c.write("datasets/d.yaml", strings.SplitN(leavingRules, "---\nkind: Segment\n", 2)[0])
		c.write("customers.csv", "id,spend\n1,2\n")
		c.write("rules/r.yaml", rules)
		_, list, err := engine.Check(context.Background(), engine.Options{Root: c.dir, Reports: c.out, Now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Threads: 1})
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, d := range list {
			out = append(out, d.Code)
		}
		return out
	}
	if got := said("# nothing\n"); !slices.Contains(got, "no-rules") {
		t.Errorf("of no rules it says %v", got)
	}
	if got := said("kind: Segment\nname: s\nwhen: 'true'\n" + strings.Repeat("#", 6<<20)); slices.Contains(got, "no-rules") || !slices.Contains(got, "file-too-large") {
		t.Errorf("of a file that is too large it says %v", got)
	}
}
