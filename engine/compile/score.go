package compile

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"personae/engine/catalog"
	"personae/engine/source"
	"personae/engine/spec"
)

// Score is a sum of points and its bands. Points are whole numbers of 1/Scale,
// so that they add up exactly in any order.
type Score struct {
	Parts   []Part // in order
	Bands   []Band // best first; the last begins at or below the lowest sum
	Outcome *Expr  // what the score is to foretell, or nil
	Scale   int64  // a power of ten
}

// Part is one condition that earns points. Low and High are the fewest and the
// most of those for whom it cannot be told: 0 and Points, or both what the rule
// says under `unknown`.
type Part struct {
	Name, Title       string
	When              *Expr
	Points, Low, High int64
	Range             source.Range
}

// Band is an interval of points, up to the band above.
type Band struct {
	Name string
	From int64 // inclusive
}

// Of gives points as people write them.
func (s *Score) Of(points int64) float64 { return float64(points) / float64(s.Scale) }

// Bounds are the fewest and the most points that anyone can have.
func (s *Score) Bounds() (low, high int64) {
	for _, p := range s.Parts {
		low, high = low+min(p.Points, 0), high+max(p.Points, 0)
	}
	return low, high
}

func (c *compiler) declareScore(s *scope, doc *spec.Score) {
	n := newNode(ScoreRule, doc.Name, s, doc.Labels, doc.Range)
	n.purpose, n.rule.Type, n.rule.Score = doc.Purpose, catalog.Type{Kind: catalog.Double}, newScore(doc)
	if !c.add(n, s.scores) {
		return
	}
	if s.segmentations[n.rule.Name] == nil {
		s.segmentations[n.rule.Name] = n // its bands
	}
	for _, p := range doc.Parts {
		n.drafts = append(n.drafts, newDraft(p.When.Text, s, aCondition, fmt.Sprintf("The condition of %s in %s", p.Name.Value(), doc.Name.Value())))
	}
	if !doc.Outcome.IsZero() {
		n.drafts = append(n.drafts, newDraft(doc.Outcome.Text, s, aCondition, "The outcome of score "+doc.Name.Value()))
	}
	score := n.rule.Score
	_, high := score.Bounds()
	for i, b := range doc.Bands {
		if score.Bands[i].From > high && len(doc.Parts) > 0 {
			c.diags.Report("constant-condition", b.Value.Range, "Nobody can be in band %s: it begins at %s points, and all parts together give %s",
				b.Key.Value(), pointText(b.Value.V), pointText(score.Of(high))).
				Detail = "Let it begin lower, or give the parts more points."
		}
	}
}

// newScore reads the numbers of a score as whole numbers of one unit.
func newScore(doc *spec.Score) *Score {
	decimals := 0
	each := func(v float64) {
		_, after, _ := strings.Cut(pointText(v), ".")
		decimals = min(max(decimals, len(after)), 6) // spec reports more
	}
	for _, p := range doc.Parts {
		each(p.Points.V)
		each(p.Unknown.V)
	}
	for _, b := range doc.Bands {
		each(b.Value.V)
	}
	s := &Score{Scale: int64(math.Pow10(decimals))}
	whole := func(v float64) int64 { return int64(math.Round(v * float64(s.Scale))) }
	for _, p := range doc.Parts {
		one := Part{Name: p.Name.Value(), Title: p.Title.Value(), Range: p.Range, Points: whole(p.Points.V)}
		one.Low, one.High = min(one.Points, 0), max(one.Points, 0)
		if p.Unknown.Set {
			one.Low = whole(p.Unknown.V)
			one.High = one.Low
		}
		s.Parts = append(s.Parts, one)
	}
	for _, b := range doc.Bands {
		s.Bands = append(s.Bands, Band{Name: b.Key.Value(), From: whole(b.Value.V)})
	}
	return s
}

func pointText(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// take gives a score its checked expressions: of its parts in order, then the
// outcome.
func (s *Score) take(i int, e *Expr) {
	if i < len(s.Parts) {
		s.Parts[i].When = e
	} else {
		s.Outcome = e
	}
}

// digestParts is what a score computes.
func (s *Score) digestParts() []string {
	out := []string{fmt.Sprint(s.Scale)}
	for _, p := range s.Parts {
		out = append(out, p.Name, fmt.Sprint(p.Points, p.Low, p.High), p.When.Digest)
	}
	for _, b := range s.Bands {
		out = append(out, b.Name, fmt.Sprint(b.From))
	}
	if s.Outcome != nil {
		out = append(out, "outcome", s.Outcome.Digest)
	}
	return out
}

// BandOf names the band of a sum.
func (s *Score) BandOf(points int64) string {
	for _, b := range s.Bands {
		if b.From <= points {
			return b.Name
		}
	}
	return s.Bands[len(s.Bands)-1].Name
}
