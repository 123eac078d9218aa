package report

import (
	"testing"

	"personae/engine/compile"
	"personae/engine/results"
)

// A part of a score says for how many a condition is true. Two people of these are
// not in the segment that asks for a second condition, so one number is hidden.
func TestPartsOfScoresAreAudited(t *testing.T) {
	for _, x := range []struct {
		without int64 // who has the first condition and not the second
		hides   bool
	}{{2, true}, {20, false}, {0, false}} {
		w := newWorld(worldEnv(t))
		w.peopled([]string{"p", "q"}, 2, cities[:1], []int64{100, x.without, 50, 100}) // neither, p alone, q alone, both
		w.segment("a", "customer.p && customer.q")
		w.found.Clauses, w.found.Insight = nil, &results.Insight{}
		points := &compile.Rule{Kind: compile.ScoreRule, Name: "points", Score: &compile.Score{Parts: []compile.Part{{Name: "first", When: w.rule("first", "customer.p")}}}}
		w.e.Rules = append(w.e.Rules, points)
		counts := results.Score{Name: "points", Parts: []results.PartCount{{Yes: w.sum(w.groups["first"].yes)}}}
		w.found.Scores = []results.Score{counts}
		w.b.gone["customer"] = w.b.audited(w.e, w.found)
		g, _ := group(w.found, results.Segment, "a", "")
		part := w.b.gone["customer"][partPlace("points", points.Score.Parts[0], aloneTrue)]
		if hides := part != shown || w.b.groupHidden(g, w.found) != shown; hides != x.hides {
			t.Errorf("%d people: hidden is %v", x.without, hides)
		}
	}
}
