package duckdb

import (
	"context"
	"math"
	"strconv"
	"time"

	"personae/engine/catalog"
	"personae/engine/plan"
	"personae/engine/results"
	"personae/engine/sqlgen"
	"personae/engine/sqltext"
)

// sampleTable holds the rows from which bins are decided.
const sampleTable = "sample of attributes"

// How many values have a bin of their own: of everyone, and of a persona that
// shows them.
const (
	valuesOfEveryone = 40
	valuesOfPersona  = 12
)

// insight counts who is in which bin of which attribute: a sample decides where
// bins begin, then one pass counts every group in all of them.
func (s *Snapshot) insight(ctx context.Context, whole *plan.Plan, p *plan.EntityPlan, rows int64) (*results.Insight, error) {
	if p.Insight == nil || rows == 0 {
		return nil, nil
	}
	sample := sqltext.Path(sqlgen.ResultSchema, sampleTable)
	q := sqlgen.NewInsight(p, sample)
	if _, err := s.db.sql.ExecContext(ctx, "CREATE OR REPLACE TABLE "+sample+" AS "+q.Sample(rows)); err != nil {
		return nil, err
	}
	out := &results.Insight{Pictures: map[results.PictureKey]int{}}
	for _, picture := range p.Insight.Pictures {
		out.Pictures[results.PictureKey{Persona: picture.Persona, Place: picture.Of.Text.Range()}] = picture.Attribute
	}
	cuts, err := s.cuts(ctx, whole, p, rows, q, out)
	if err != nil {
		return nil, err
	}
	if _, err := s.db.sql.ExecContext(ctx, "DROP TABLE "+sample); err != nil {
		return nil, err
	}
	if out.Weeks, err = s.weekHours(ctx, p, whole.Rules.Settings.Zone); err != nil || len(cuts) == 0 {
		return out, err
	}
	return out, s.tally(ctx, q, cuts, rows, out)
}

// cuts decides the bins of every attribute.
func (s *Snapshot) cuts(ctx context.Context, whole *plan.Plan, p *plan.EntityPlan, total int64, q *sqlgen.InsightSQL, out *results.Insight) ([]sqlgen.Cut, error) {
	spread, err := s.one(ctx, q.Spread())
	if err != nil {
		return nil, err
	}
	rows, zone, smallest := spread.whole("n"), whole.Rules.Settings.Zone, whole.Rules.Settings.MinGroup
	cuts := make([]sqlgen.Cut, len(p.Insight.Attributes))
	for i, a := range p.Insight.Attributes {
		b := results.Binned{Name: a.Name, Title: a.Title, Unit: a.Unit, Apart: a.Apart, Reads: a.Reads, Int: a.Kind == catalog.Int, Counts: map[results.GroupKey][]int64{}}
		var of sqlgen.Spread
		for _, v := range spread.list("q" + strconv.Itoa(i)) {
			f, _ := v.(float64)
			of.At = append(of.At, f)
		}
		of.Distinct = spread.whole("d" + strconv.Itoa(i))
		switch {
		case a.Exclusive != nil:
			b.Kind, b.Values = results.Exclusive, a.Exclusive
		case a.Kind == catalog.Bool:
			b.Kind, b.Values = results.YesNo, []string{"false", "true"}
		case a.Kind == catalog.Int:
			each := false
			if b.Edges, each = of.WholeEdges(rows, smallest); each {
				b.Kind = results.Whole
				low, high := s.bounds(p, a)
				all := rows == total
				b.ClosedLow = b.Edges[0]-1 == low || all && b.Edges[0]-1 == of.At[0]
				b.ClosedHigh = b.Edges[len(b.Edges)-1] == high || all && b.Edges[len(b.Edges)-1] == of.At[len(of.At)-1]
			} else {
				b.Kind = results.Numbers
			}
		case a.Kind == catalog.Double:
			b.Kind, b.Edges = results.Numbers, of.Edges(rows, smallest)
		case a.Kind == catalog.Timestamp:
			b.Kind, b.Edges = results.Times, of.TimeEdges(rows, smallest, zone)
		default:
			b.Kind = results.Values
			if b.Values, b.Apart, err = s.frequent(ctx, q, i, a.Apart); err != nil {
				return nil, err
			}
		}
		cuts[i] = sqlgen.Cut{Edges: b.Edges, Values: b.Values, Rest: b.Kind == results.Values}
		if b.Kind == results.Times {
			for k, e := range b.Edges {
				b.Edges[k] = e / 1e6
			}
			cuts[i].Edges = micros(b.Edges)
		}
		if of.Same() {
			b.One = of.At[0]
			if b.Kind == results.Times {
				b.One = time.UnixMicro(int64(of.At[0])).UTC()
			} else if a.Kind == catalog.Int {
				b.One = int64(of.At[0])
			}
		}
		out.Attributes = append(out.Attributes, b)
	}
	return cuts, nil
}

func micros(seconds []float64) []float64 {
	out := make([]float64, len(seconds))
	for i, s := range seconds {
		out[i] = s * 1e6
	}
	return out
}

// frequent lists the values of a text that get a bin of their own, and says
// whether these tell much: a text that is different for everyone does not.
func (s *Snapshot) frequent(ctx context.Context, q *sqlgen.InsightSQL, i int, apart bool) ([]string, bool, error) {
	var out []string
	var covered, known, distinct int64
	err := s.each(ctx, q.Frequent(i, valuesOfEveryone, valuesOfPersona), func(r foundRow) error {
		v, _ := r["v"].(string)
		out = append(out, v)
		covered, known, distinct = covered+r.whole("n"), r.whole("known"), r.whole("d")
		return nil
	})
	return out, apart && (distinct <= valuesOfEveryone || 2*covered >= known), err
}

// list is nil for NULL.
func (r foundRow) list(column string) []any {
	list, _ := r[column].([]any)
	return list
}

// tally counts, a block of rows at a time on every core.
func (s *Snapshot) tally(ctx context.Context, q *sqlgen.InsightSQL, cuts []sqlgen.Cut, rows int64, out *results.Insight) error {
	groups := q.Groups()
	bins := make([]int, len(cuts))
	for i, a := range out.Attributes {
		bins[i] = 1 + cuts[i].Bins()
		if a.Kind == results.YesNo {
			bins[i] = 3
		}
	}
	tallies, err := eachBlock(ctx, s, rows, len(groups)+len(cuts), func(first, last int64) string {
		return q.Counts(sqlgen.DuckDB{}, cuts, first, last)
	}, func() *tally { return newTally(len(groups), bins) })
	if err != nil {
		return err
	}
	for _, t := range tallies[1:] {
		tallies[0].merge(t)
	}
	for i := range out.Attributes {
		counts, n := tallies[0].counts[i], bins[i]
		for g, o := range groups {
			key := results.GroupKey{Kind: groupKinds[o.Kind], Name: ruleName(o)}
			out.Attributes[i].Counts[key] = counts[g*n : (g+1)*n]
		}
		out.Attributes[i].Everyone = counts[len(groups)*n:]
	}
	return nil
}

// bounds are the smallest and largest number that the data have in a column, as
// far as is known.
func (s *Snapshot) bounds(p *plan.EntityPlan, a plan.Attribute) (low, high float64) {
	low, high = math.Inf(-1), math.Inf(1)
	if a.Stored != plan.InSnapshot {
		return low, high
	}
	if f := s.Facts.Column(p.Entity.Table.Name, a.Column); f != nil {
		if v, ok := f.Min.(int64); ok {
			low = float64(v)
		}
		if v, ok := f.Max.(int64); ok {
			high = float64(v)
		}
	}
	return low, high
}
