package plan

import (
	"fmt"
	"strconv"
	"strings"

	"personae/engine/catalog"
	"personae/engine/compile"
)

// Points is what one condition of an OpPoints adds: where it is TRUE, and where
// it is ⊥; nothing where it is FALSE.
type Points struct{ Yes, Unknown int64 }

// Points adds up points for conditions. It gives a
// value where an operand is ⊥, so it is not monotone in ⊥ and never stands over
// a hole alone: see score.
func (b *Builder) Points(conditions []*Expr, points []Points) *Expr {
	e := Expr{Op: OpPoints, Type: catalog.Type{Kind: catalog.Int}, Args: conditions}
	low, high := int64(0), int64(0)
	names := make([]string, len(points))
	for i, p := range points {
		if conditions[i].Decided() {
			p.Unknown = 0 // never asked for: equal sums are one node
		}
		low, high = low+min(p.Yes, p.Unknown, 0), high+max(p.Yes, p.Unknown, 0)
		names[i] = fmt.Sprintf("%d:%d", p.Yes, p.Unknown)
	}
	e.Name, e.Facts = strings.Join(names, " "), Interval{Min: low, Max: high}
	return b.intern(e)
}

// PointsOf reads the points of an OpPoints, one for each operand.
func PointsOf(e *Expr) []Points {
	list := strings.Fields(e.Name)
	out := make([]Points, len(list))
	for i, text := range list {
		yes, unknown, _ := strings.Cut(text, ":")
		out[i].Yes, _ = strconv.ParseInt(yes, 10, 64)
		out[i].Unknown, _ = strconv.ParseInt(unknown, 10, 64)
	}
	return out
}

// PartOutputName is the output that holds a part's condition; no rule can have
// such a name.
func PartOutputName(score, part string) string { return "part:" + score + ":" + part }

// OutcomeOutputName is the output that holds a score's outcome.
func OutcomeOutputName(score string) string { return "outcome:" + score }

// score adds the outputs of a score: the condition of each part, the fewest and
// the most points that a row can have, and the band where both ends agree.
//
// A part that is ⊥ counts as its rule says, which is final only where CEL, too,
// errs there. A part with a hole is not that: it counts as anything that it could
// still become, so that what SQL gives is true whatever cel-go finds, and where
// the two ends differ the row is left open.
func (eb *entityBuilder) score(r *compile.Rule) {
	s, b := r.Score, eb.b
	var conditions []*Expr
	var lows, highs []Points
	open := false
	for _, p := range s.Parts {
		e := b.Decide(eb.lower(p.When))
		eb.add(Output{Name: PartOutputName(r.Name, p.Name), Kind: PartOutput, CEL: p.When, Expr: e})
		low, high := p.Low, p.High
		if hasHole(e) {
			open, low, high = true, min(p.Points, 0), max(p.Points, 0)
		}
		conditions = append(conditions, e)
		lows, highs = append(lows, Points{p.Points, low}), append(highs, Points{p.Points, high})
	}
	low, high := b.Points(conditions, lows), b.Points(conditions, highs)
	unknown := func(t catalog.Type) *Expr {
		if open {
			return b.Hole("the points of score "+r.Name, t)
		}
		return b.Bottom("the points of score "+r.Name+" are not known", t)
	}
	double, text := catalog.Type{Kind: catalog.Double}, catalog.Type{Kind: catalog.String}
	least, most := eb.points(s, low), eb.points(s, high)
	value := least
	if low != high {
		value = b.If(b.Strict(OpEq, "", low, high), least, unknown(double))
	}
	if open {
		least, most = value, value
	}
	band := b.Const(s.Bands[len(s.Bands)-1].Name)
	for i := len(s.Bands) - 2; i >= 0; i-- {
		from := b.Const(s.Bands[i].From)
		if low != high {
			band = b.If(b.Strict(OpLe, "", from, high), unknown(text), band)
		}
		band = b.If(b.Strict(OpLe, "", from, low), b.Const(s.Bands[i].Name), band)
	}
	points := r.Name + "_points"
	value, least, most = eb.brought(points, double, value), eb.brought(points, double, least), eb.brought(points, double, most)
	band = eb.brought(r.Name+"_band", text, band)
	eb.scope.Names["score."+r.Name] = value
	eb.scope.Names["segmentation."+r.Name] = band
	eb.add(Output{Name: r.Name + "_points", Kind: PointsOutput, Rule: r, Expr: least})
	eb.add(Output{Name: r.Name + "_max", Kind: PointsOutput, Rule: r, Expr: most})
	eb.add(Output{Name: r.Name + "_band", Kind: BandOutput, Rule: r, Expr: band})
	if s.Outcome != nil {
		eb.add(Output{Name: OutcomeOutputName(r.Name), Kind: OutcomeOutput, CEL: s.Outcome, Expr: b.Decide(eb.lower(s.Outcome))})
	}
}

// points are a sum as people write it: one division of two whole numbers, which
// gives the double nearest to the decimal.
func (eb *entityBuilder) points(s *compile.Score, sum *Expr) *Expr {
	x := eb.b.Strict(OpIntToDouble, "", sum)
	if s.Scale == 1 {
		return x
	}
	return eb.b.Strict(OpDivDouble, "", x, eb.b.Const(float64(s.Scale)))
}
