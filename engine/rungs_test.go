package engine

import (
	"fmt"
	"strings"
	"testing"

	"personae/engine/report"
	"personae/engine/results"
)

// bandOf is the segmentation of reportRules, with groups of these sizes and 1,000
// people, and what the second rung lost to the first and to those for whom nobody
// can tell.
func bandOf(t *testing.T, high, middle, low, unknown, alone, lost, unclear int64) (report.Segmentation, []report.Notice) {
	t.Helper()
	rep := reportFrom(t, reportRules, 200, usualStats(), func(e *results.EntityResults) {
		for i := range e.Groups {
			g := &e.Groups[i]
			if g.Parent == "band" {
				g.Members, g.Unknown = map[string]int64{"high": high, "middle": middle, "low": low}[g.Name], unknown
			}
		}
		e.Unknowns = append(e.Unknowns, results.Unknown{Kind: results.Segmentation, Name: "band", Column: "income", Rows: unknown})
		e.Clauses = []results.ClauseTable{{Group: "band", Clauses: []results.Clause{
			{Alone: high, Left: high, Unknown: unknown, Lost: []int64{}},
			{Alone: alone, Left: middle, Unknown: unknown, Lost: []int64{lost}, Unclear: unclear}}}}
	})
	return rep.Segmentations[0], rep.Notices
}

func TestASegmentationAddsUp(t *testing.T) {
	s, _ := bandOf(t, 300, 200, 475, 25, 500, 300, 0)
	if want := "High 300 + Middle 200 + Low 475 + can't tell 25 = 1,000: everybody is in one place, and in one only."; !s.Adds || s.Proof != want || *s.Total.Value != 1000 {
		t.Errorf("%q, want %q", s.Proof, want)
	}
	if s.UnknownWhy != "income is empty" {
		t.Errorf("can't tell because %q", s.UnknownWhy)
	}
	s, _ = bandOf(t, 300, 3, 672, 25, 303, 300, 0)
	if want := "High 300 + Low 672 + what is hidden = 1,000: everybody is in one place, and in one only."; s.Proof != want {
		t.Errorf("%q, want %q", s.Proof, want)
	}
	s, notices := bandOf(t, 300, 200, 400, 25, 500, 300, 0)
	if s.Adds || !strings.Contains(s.Proof, "925") || !strings.Contains(fmt.Sprint(notices), "please report this") {
		t.Errorf("75 people are nowhere, and %q", s.Proof)
	}
}

func TestARungSaysWhatItLostToThoseAbove(t *testing.T) {
	s, _ := bandOf(t, 300, 200, 475, 25, 480, 280, 0)
	high, middle, low := s.Groups[0], s.Groups[1], s.Groups[2]
	if *high.Alone.Value != 300 || *high.Lost.Value != 0 || len(high.LostTo) != 0 {
		t.Errorf("%+v", high)
	}
	if *middle.Alone.Value != 480 || *middle.Lost.Value != 280 || middle.LostTo[0].Title != "High" || *middle.LostTo[0].Members.Value != 280 {
		t.Errorf("%+v", middle)
	}
	if low.Alone.Value != nil || low.Alone.Hidden || len(low.LostTo) != 0 {
		t.Errorf("otherwise has no rule: %+v", low)
	}
}

// Four people that a rung lost are few, and so are four that it did not get for
// want of data, and four of the rung above that it did not want.
func TestWhatARungLostHidesFewPeople(t *testing.T) {
	for _, x := range []struct {
		what                 string
		alone, lost, unclear int64
		hidden               [3]bool // alone, lost, lost to high
	}{
		{"all", 480, 280, 0, [3]bool{false, false, false}},
		{"nobody lost", 200, 0, 0, [3]bool{false, false, false}},
		{"four lost", 204, 4, 0, [3]bool{true, true, true}},
		{"four unclear", 484, 280, 4, [3]bool{true, false, false}},
		{"all but four of those above", 496, 296, 0, [3]bool{true, true, true}},
		{"all but four of everyone", 996, 280, 516, [3]bool{true, false, false}},
	} {
		s, _ := bandOf(t, 300, 200, 475, 25, x.alone, x.lost, x.unclear)
		m := s.Groups[1]
		got := [3]bool{m.Alone.Hidden, m.Lost.Hidden, len(m.LostTo) > 0 && m.LostTo[0].Members.Hidden}
		if got != x.hidden {
			t.Errorf("%s: hidden %v, want %v", x.what, got, x.hidden)
		}
	}
}

func TestARungThatIsDecidedByRowSaysSo(t *testing.T) {
	rep := reportFrom(t, reportRules, 200, usualStats(), func(e *results.EntityResults) {
		e.Clauses = []results.ClauseTable{{Group: "band", Clauses: []results.Clause{{Why: "it is decided customer by customer"}, {Alone: 40, Left: 40, Lost: []int64{0}}}}}
	})
	for _, g := range rep.Segmentations[0].Groups[:2] {
		if g.Alone.Reason != "It is decided customer by customer" || !g.Lost.Hidden {
			t.Errorf("%+v", g)
		}
	}
}
