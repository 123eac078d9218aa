package report

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"personae/engine/compile"
	"personae/engine/results"
)

// TestPairsRememberNothingThatIsHiddenNow writes pairs with what the report before
// left, as after an edit of a persona that makes a segment give somebody away: the
// counts are the same, and what may be shown is not.
func TestPairsRememberNothingThatIsHiddenNow(t *testing.T) {
	e := &results.EntityResults{Entity: "customer", Population: 1000, Groups: []results.Group{
		{Kind: results.Segment, Name: "a", Members: 300}, {Kind: results.Segment, Name: "b", Members: 400}, {Kind: results.Segment, Name: "c", Members: 500},
	}, Overlaps: []results.Overlap{{A: "a", B: "b", Both: 100}, {A: "a", B: "c", Both: 120}, {A: "b", B: "c", Both: 150}}}
	hides := map[place]hidden{{what: sizeOf, group: results.GroupKey{Kind: results.Segment, Name: "a"}}: secondary}
	build := func(m *Memory, gone map[place]hidden) []Overlap {
		b := &builder{Input: Input{Rules: &compile.RuleSet{}, Words: plainWords{}, Memory: m}, min: 5, gone: map[string]map[place]hidden{"customer": gone}}
		return b.overlaps(e)
	}
	all, fewer := build(nil, nil), build(nil, hides)
	if cmp.Equal(all, fewer) || all[0].Both.Hidden || !fewer[0].Both.Hidden || fewer[4].Both.Hidden {
		t.Fatalf("proves nothing: %+v %+v", all, fewer)
	}
	m := &Memory{}
	for i, step := range []struct {
		gone map[place]hidden
		want []Overlap
	}{{nil, all}, {hides, fewer}, {hides, fewer}, {nil, all}} {
		if diff := cmp.Diff(step.want, build(m, step.gone)); diff != "" {
			t.Errorf("report %d is not what it is without memory (-want +got):\n%s", i+1, diff)
		}
	}
}
