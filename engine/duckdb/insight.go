package duckdb

import (
	"context"
	"fmt"
	"math"
	"slices"
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
// bins begin, then one pass counts every group in all of them. Where the bins
// stand, only groups that changed are counted.
func (s *Snapshot) insight(ctx context.Context, whole *plan.Plan, p *plan.EntityPlan, m *memory, rows int64) (*results.Insight, error) {
	if p.Insight == nil || rows == 0 {
		return nil, nil
	}
	sample := sqltext.Path(sqlgen.ResultSchema, sampleTable)
	q := sqlgen.NewInsight(p, sample)
	key := s.binsKey(whole, p, m, q.Sample(rows))
	known, err := answer(m, key, func() (*bins, error) { return s.bins(ctx, whole, p, rows, q, sample) })
	if err != nil {
		return nil, err
	}
	out := known.insight(p)
	if out.Weeks, err = s.weekHours(ctx, p, m, whole.Rules.Settings.Zone); err != nil || len(known.cuts) == 0 {
		return out, err
	}
	return out, s.tally(ctx, q, m, key, known, rows, out)
}

// bins are where the bins of all attributes begin, and how many of everyone are
// in them.
type bins struct {
	attributes []results.Binned // without counts of groups
	cuts       []sqlgen.Cut
	everyone   [][]int64 // nil until they are counted
}

// binsKey stands for all that bins come from: the values of attributes and
// whose values are looked at. "" where they cannot be known again.
func (s *Snapshot) binsKey(whole *plan.Plan, p *plan.EntityPlan, m *memory, sample string) string {
	key, ok := m.key(sample)
	if !ok {
		return ""
	}
	for _, a := range p.Insight.Attributes {
		key += fmt.Sprintf("\n%v %v %v %v %q", a.Kind, a.Stored, a.Exclusive, a.Apart, a.Name)
		if a.Stored == plan.InSnapshot {
			f := s.Facts.Column(p.Entity.Table.Name, a.Column)
			if f == nil {
				return ""
			}
			key += " " + f.Fingerprint
		}
	}
	for _, picture := range p.Insight.Pictures {
		key += fmt.Sprintf("\n%s %d", m.digests[picture.Members], picture.Attribute)
	}
	return fmt.Sprintf("bins %s %d %s", key, whole.Rules.Settings.MinGroup, whole.Rules.Settings.Zone)
}

func (s *Snapshot) bins(ctx context.Context, whole *plan.Plan, p *plan.EntityPlan, rows int64, q *sqlgen.InsightSQL, sample string) (*bins, error) {
	if _, err := s.db.sql.ExecContext(ctx, "CREATE OR REPLACE TABLE "+sample+" AS "+q.Sample(rows)); err != nil {
		return nil, err
	}
	var out results.Insight
	cuts, err := s.cuts(ctx, whole, p, rows, q, &out)
	if err != nil {
		return nil, err
	}
	_, err = s.db.sql.ExecContext(ctx, "DROP TABLE "+sample)
	return &bins{attributes: out.Attributes, cuts: cuts}, err
}

// insight is what is known without counting; names and titles are the plan's.
func (b *bins) insight(p *plan.EntityPlan) *results.Insight {
	out := &results.Insight{Pictures: map[results.PictureKey]int{}, Attributes: slices.Clone(b.attributes)}
	for _, picture := range p.Insight.Pictures {
		out.Pictures[results.PictureKey{Persona: picture.Persona, Place: picture.Of.Text.Range()}] = picture.Attribute
	}
	for i, a := range p.Insight.Attributes {
		binned := &out.Attributes[i]
		binned.Name, binned.Title, binned.Unit, binned.Reads = a.Name, a.Title, a.Unit, a.Reads
		binned.Counts = map[results.GroupKey][]int64{}
	}
	return out
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

// tally counts the groups that are not known, a block of rows at a time on every
// core, and everyone with them.
func (s *Snapshot) tally(ctx context.Context, q *sqlgen.InsightSQL, m *memory, key string, known *bins, rows int64, out *results.Insight) error {
	of := func(o plan.Output) string {
		if key == "" || m.digests[o.Name] == "" {
			return ""
		}
		return key + " of " + m.digests[o.Name]
	}
	var missing []plan.Output
	for _, o := range q.Groups() {
		if _, stands := m.recalled(of(o)); !stands {
			missing = append(missing, o)
		}
	}
	fresh := map[string][][]int64{}
	if len(missing) > 0 || known.everyone == nil {
		all, err := s.count(ctx, q.Only(missing), known, rows)
		if err != nil {
			return err
		}
		for g, o := range missing {
			fresh[o.Name] = all[g]
			if k := of(o); k != "" {
				m.now[k] = all[g]
			}
		}
		known.everyone = all[len(missing)]
	}
	for i := range out.Attributes {
		out.Attributes[i].Everyone = known.everyone[i]
		for _, o := range q.Groups() {
			counts, ok := fresh[o.Name]
			if !ok {
				stands, _ := m.recalled(of(o))
				counts = stands.([][]int64)
			}
			out.Attributes[i].Counts[results.GroupKey{Kind: groupKinds[o.Kind], Name: ruleName(o)}] = counts[i]
		}
	}
	return nil
}

// count gives for each group, and last for everyone, how many are in each bin of
// each attribute.
func (s *Snapshot) count(ctx context.Context, q *sqlgen.InsightSQL, known *bins, rows int64) ([][][]int64, error) {
	groups := q.Groups()
	width := make([]int, len(known.cuts))
	for i, a := range known.attributes {
		width[i] = 1 + known.cuts[i].Bins()
		if a.Kind == results.YesNo {
			width[i] = 3
		}
	}
	tallies, err := eachBlock(ctx, s, rows, len(groups)+len(width), func(first, last int64) string {
		return q.Counts(sqlgen.DuckDB{}, known.cuts, first, last)
	}, func() *tally { return newTally(len(groups), width) })
	if err != nil {
		return nil, err
	}
	for _, t := range tallies[1:] {
		tallies[0].merge(t)
	}
	out := make([][][]int64, len(groups)+1)
	for g := range out {
		for i, n := range width {
			out[g] = append(out[g], tallies[0].counts[i][g*n:(g+1)*n])
		}
	}
	return out, nil
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
