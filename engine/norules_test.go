package engine_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"personae/engine"
	"personae/engine/diag"
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

// A folder of rules that goes away is no decision to have none: what was evaluated
// or published stands.
func TestRulesThatAreGoneAreMissed(t *testing.T) {
	c := newClub(t)
	rules := strings.SplitN(leavingRules, "---\nkind: Segment\n", 2)
	if version, _, _, _ := c.run("1,200 2,3"); version != 1 {
		t.Fatalf("version %d", version)
	}
	o := engine.Options{Root: c.dir, Reports: c.out, Now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Threads: 1}
	gone := func(o engine.Options, evaluate func(context.Context, engine.Options) (*engine.Outcome, diag.List, error)) bool {
		t.Helper()
		out, list, err := evaluate(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		return out.Results == nil && slices.ContainsFunc(list, func(d diag.Diagnostic) bool { return d.Code == "rules-gone" })
	}
	s, err := engine.NewSession(engine.Options{Root: c.dir, Reports: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if gone(o, s.Draft) {
		t.Error("rules that are there are gone")
	}
	c.write("datasets/d.yaml", rules[0])
	if !gone(o, engine.Run) || !gone(o, s.Draft) {
		t.Error("nobody misses the rules")
	}
	elsewhere := o
	elsewhere.Reports = t.TempDir()
	if gone(elsewhere, engine.Run) {
		t.Error("a report about the data alone is not made")
	}
	c.write("datasets/d.yaml", leavingRules)
	if version, unchanged, _, _ := c.run("1,200 2,3"); version != 1 || !unchanged {
		t.Errorf("version %d after the rules were there again", version)
	}
}
