package engine_test

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"personae/engine"
	"personae/engine/diag"
	"personae/engine/results"
)

// reloads are what sequences of edits came to.
type reloads struct{ good, bad, compared, reused, computed, moves int }

// TestAnyReloadsEqualARunFromScratch edits projects a thousand times, and after
// every fourth edit compares what a session that saw all of them says with what a
// run says that saw none.
func TestAnyReloadsEqualARunFromScratch(t *testing.T) {
	edits, sequences := 1000, 8
	if testing.Short() {
		edits = 80
	}
	came := make([]reloads, sequences)
	t.Run("sequences", func(t *testing.T) {
		for seed := range sequences {
			t.Run(strconv.Itoa(seed), func(t *testing.T) {
				t.Parallel()
				came[seed] = newProject(t, uint64(seed)).sequence(edits / sequences)
			})
		}
	})
	var all reloads
	for _, r := range came {
		all = reloads{all.good + r.good, all.bad + r.bad, all.compared + r.compared, all.reused + r.reused, all.computed + r.computed, all.moves + r.moves}
	}
	t.Logf("%d good and %d rejected reloads, %d compared; %d columns calculated, %d reused", all.good, all.bad, all.compared, all.computed, all.reused)
	if all.moves == 0 {
		t.Error("nobody entered or left a group")
	}
	if all.good < edits/3 || all.bad < edits/5 || all.compared < edits/5 || all.reused < all.computed {
		t.Error("the edits are too good, too bad, or too much is calculated: the test sees too little")
	}
}

// sequence edits the project again and again in one session, and publishes now
// and then: who is in now was in before, from there on.
func (p *project) sequence(edits int) (came reloads) {
	s, err := engine.NewSession(p.options())
	if err != nil {
		p.t.Fatal(err)
	}
	defer s.Close()
	var before *results.Results
	for i := range edits {
		p.done = append(p.done, p.edit())
		got, list, err := s.Draft(context.Background(), p.options())
		if err != nil {
			p.t.Fatalf("%v after\n%s", err, p.history())
		}
		p.bad = list.HasErrors()
		if p.bad {
			came.bad++
		} else {
			came.good++
			p.good = maps.Clone(p.files)
			came.reused, came.computed = came.reused+got.Results.Effort.Reused, came.computed+got.Results.Effort.Computed
			if before != nil && len(before.Entities)*len(got.Results.Entities) > 0 {
				came.moves += balance(p.t, before, got.Results, p.history())
			}
			before = got.Results
			leftAreMembers(p.t, got.Results, p.history())
		}
		if i%4 == 3 {
			p.equalsScratch(got, list)
			came.compared++
		}
		if i%20 == 19 {
			published, _, err := s.Run(context.Background(), p.options())
			if err != nil {
				p.t.Fatal(err)
			}
			if published.Results != nil {
				before = published.Results
			}
		}
	}
	return came
}

// history is what was done to the project, an edit a line.
func (p *project) history() string { return strings.Join(p.done, "\n") }

// equalsScratch compares what a session gave with what a run from scratch gives.
func (p *project) equalsScratch(got *engine.Outcome, list diag.List) {
	p.t.Helper()
	what := "after " + p.history()
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
