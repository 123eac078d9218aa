package engine_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"personae/engine"
	"personae/engine/diag"
	"personae/engine/results"
)

// TestAnyReloadsEqualARunFromScratch edits a project a thousand times, and
// compares what a session that saw the edits says with one that did not.
func TestAnyReloadsEqualARunFromScratch(t *testing.T) {
	edits, sequences := 1000, 8
	if testing.Short() {
		edits = 80
	}
	var good, bad, reused, computed, moves int
	for seed := range sequences {
		p := newProject(t, uint64(seed))
		s, err := engine.NewSession(p.options())
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		var done []string
		var before *results.Results
		for i := range edits / sequences {
			done = append(done, p.edit())
			got, list, err := s.Draft(context.Background(), p.options())
			if err != nil {
				t.Fatalf("seed %d after %q: %v", seed, done, err)
			}
			p.bad = list.HasErrors()
			if p.bad {
				bad++
			} else {
				good++
				p.good = maps.Clone(p.files)
				reused, computed = reused+got.Results.Effort.Reused, computed+got.Results.Effort.Computed
				if before != nil && len(before.Entities)*len(got.Results.Entities) > 0 {
					moves += balance(t, before, got.Results, strings.Join(done, "\n"))
				}
				before = got.Results
				leftAreMembers(t, got.Results, strings.Join(done, "\n"))
			}
			if i%20 == 19 { // who is in now was in before, from here on
				published, _, err := s.Run(context.Background(), p.options())
				if err != nil {
					t.Fatal(err)
				}
				if published.Results != nil {
					before = published.Results
				}
				continue
			}
			if i%8 != 7 {
				continue
			}
			p.equalsScratch(got, list, fmt.Sprintf("seed %d, after %s", seed, strings.Join(done, "\n")))
		}
	}
	t.Logf("%d good and %d rejected reloads; %d columns calculated, %d reused", good, bad, computed, reused)
	if moves == 0 {
		t.Error("nobody entered or left a group")
	}
	if good < edits/3 || bad < edits/5 || reused < computed {
		t.Error("the edits are too good, too bad, or too much is calculated: the test sees too little")
	}
}

// equalsScratch compares what a session gave with what a run from scratch gives.
func (p *project) equalsScratch(got *engine.Outcome, list diag.List, what string) {
	p.t.Helper()
	want, wanted, err := engine.Draft(context.Background(), p.options())
	if err != nil {
		p.t.Fatal(err)
	}
	if diff := cmp.Diff(summaries(wanted), summaries(list)); diff != "" {
		p.t.Fatalf("diagnostics (-scratch +session):\n%s\n%s", diff, what)
	}
	if wanted.HasErrors() {
		return
	}
	leftAreMembers(p.t, want.Results, "scratch")
	if diff := cmp.Diff(want.Results, got.Results, cmpopts.IgnoreTypes(results.Effort{}), cmpopts.EquateNaNs()); diff != "" {
		p.t.Fatalf("results (-scratch +session):\n%s\n%s", diff, what)
	}
	if diff := cmp.Diff(asJSON(p.t, want), asJSON(p.t, got)); diff != "" {
		p.t.Fatalf("report (-scratch +session):\n%s\n%s", diff, what)
	}
}

// balance checks that who entered and left makes up how sizes differ, and
// counts the groups that anyone entered or left.
func balance(t *testing.T, before, after *results.Results, what string) int {
	t.Helper()
	type id struct {
		kind         results.GroupKind
		name, parent string
	}
	was := map[id]int64{}
	for _, g := range before.Entities[0].Groups {
		was[id{g.Kind, g.Name, g.Parent}] = g.Members
	}
	moved := map[id]int64{}
	for _, m := range after.Effort.Moved {
		moved[id{m.Kind, m.Name, m.Parent}] = m.Entered - m.Left
	}
	for _, g := range after.Entities[0].Groups {
		of := id{g.Kind, g.Name, g.Parent}
		if old, known := was[of]; known && g.Kind != results.Everyone && g.Members-old != moved[of] {
			t.Fatalf("%v went from %d to %d, and %+d moved, after\n%s", of, old, g.Members, moved[of], what)
		}
	}
	return len(after.Effort.Moved)
}

// leftAreMembers checks that who is left after the last condition of a segment
// are its members.
func leftAreMembers(t *testing.T, found *results.Results, what string) {
	t.Helper()
	if len(found.Entities) == 0 { // nothing was saved of the rules yet
		return
	}
	e := found.Entities[0]
	for _, table := range e.Clauses {
		if slices.ContainsFunc(table.Clauses, func(c results.Clause) bool { return c.Why != "" }) {
			continue
		}
		for _, g := range e.Groups {
			if g.Kind == results.Segment && g.Name == table.Group && g.Members != table.Clauses[len(table.Clauses)-1].Left {
				t.Fatalf("%s has %d members, and its conditions leave %+v, after\n%s", g.Name, g.Members, table.Clauses, what)
			}
		}
	}
}

func summaries(list diag.List) []string {
	out := []string{}
	for _, d := range list {
		out = append(out, d.Error())
	}
	slices.Sort(out)
	return out
}

func asJSON(t *testing.T, out *engine.Outcome) string {
	t.Helper()
	b, err := json.MarshalIndent(out.Report, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
