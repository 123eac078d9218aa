package evaluate

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"time"

	"personae/engine/catalog"
	"personae/engine/duckdb"
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

// bins are where the bins of one attribute begin, and who is in them. Nothing
// changes them after the evaluation that they are made for.
type bins struct {
	attribute results.Binned // without names and counts
	cut       sqlgen.Cut
	everyone  []int64            // nil until it is counted
	groups    map[stored][]int64 // by where it is stored who is in the group
	codes     []byte             // the bin of each row; nil where they are not kept
}

// width is the number of bins, the one of no value included.
func (b *bins) width() int {
	if b.attribute.Kind == results.YesNo {
		return 3
	}
	return 1 + b.cut.Bins()
}

// again begins the bins of the next evaluation with what stands.
func (b *bins) again() *bins {
	next := *b
	next.groups = map[stored][]int64{}
	return &next
}

// bins gives those of every attribute. Where they begin is decided anew for
// attributes whose values are not what they were.
func (s *Snapshot) bins(ctx context.Context, whole *plan.Plan, p *plan.EntityPlan, m *memory, rows int64) (all, before []*bins, err error) {
	sample := sqltext.Path(sqlgen.ResultSchema, sampleTable)
	q := sqlgen.NewInsight(p, sample)
	all, before = make([]*bins, len(p.Insight.Attributes)), make([]*bins, len(p.Insight.Attributes))
	keys := make([]string, len(all))
	var wanted []int
	for i := range all {
		keys[i] = s.binsKey(whole, p, m, i, q.Sample([]int{i}, rows))
		if known, stands := m.recalled(keys[i]); stands {
			before[i] = known.(*bins)
			all[i] = before[i].again()
		} else {
			before[i] = &bins{}
			wanted = append(wanted, i)
		}
	}
	if len(wanted) > 0 {
		if _, err := s.db.sql.ExecContext(ctx, "CREATE OR REPLACE TABLE "+sample+" AS "+q.Sample(wanted, rows)); err != nil {
			return nil, nil, err
		}
		if err := s.decideBins(ctx, whole, p, q, wanted, rows, all); err != nil {
			return nil, nil, err
		}
		if _, err := s.db.sql.ExecContext(ctx, "DROP TABLE "+sample); err != nil {
			return nil, nil, err
		}
	}
	for i, key := range keys {
		if key != "" {
			m.now[key] = all[i]
		}
	}
	return all, before, nil
}

// binsKey stands for all that the bins of an attribute come from: its values, and
// whose values are looked at. "" where they cannot be known again.
func (s *Snapshot) binsKey(whole *plan.Plan, p *plan.EntityPlan, m *memory, i int, sample string) string {
	key, ok := m.key(sample)
	a := p.Insight.Attributes[i]
	if a.Stored == plan.InSnapshot {
		f := s.Facts.Column(p.Entity.Table.Name, a.Column)
		if f == nil {
			return ""
		}
		key += " " + f.Fingerprint
	}
	if !ok {
		return ""
	}
	return fmt.Sprintf("bins %v %v %v %d %s %s", a.Kind, a.Exclusive, a.Apart, whole.Rules.Settings.MinGroup, whole.Rules.Settings.Zone, key)
}

// decideBins decides where the bins of some attributes begin.
func (s *Snapshot) decideBins(ctx context.Context, whole *plan.Plan, p *plan.EntityPlan, q *sqlgen.InsightSQL, wanted []int, total int64, all []*bins) error {
	spread, err := s.db.One(ctx, q.Spread(wanted))
	if err != nil {
		return err
	}
	d := &binDecider{rows: spread.Whole("n"), total: total, zone: whole.Rules.Settings.Zone, smallest: whole.Rules.Settings.MinGroup}
	for _, i := range wanted {
		a := p.Insight.Attributes[i]
		b := &bins{attribute: results.Binned{Int: a.Kind == catalog.Int, Apart: a.Apart}, groups: map[stored][]int64{}}
		all[i] = b
		if a.Texts() {
			b.attribute.Kind = results.Values
			if b.attribute.Values, b.attribute.Apart, err = s.frequent(ctx, q, wanted, i, a.Apart); err != nil {
				return err
			}
			b.cut = sqlgen.Cut{Values: b.attribute.Values, Rest: true}
			continue
		}
		of := sqlgen.Spread{Distinct: spread.Whole("d" + strconv.Itoa(i))}
		for _, v := range spread.List("q" + strconv.Itoa(i)) {
			f, _ := v.(float64)
			of.At = append(of.At, f)
		}
		low, high := s.bounds(p, a)
		d.decide(b, a, of, low, high)
	}
	return nil
}

// binDecider decides the bins of an attribute by a sample of rows.
type binDecider struct {
	rows, total int64 // of the sample, and of all
	zone        *time.Location
	smallest    int64 // group that may be seen
}

func (d *binDecider) decide(bins *bins, a plan.Attribute, of sqlgen.Spread, low, high float64) {
	b := &bins.attribute
	switch {
	case a.Exclusive != nil:
		b.Kind, b.Values = results.Exclusive, a.Exclusive
	case a.Kind == catalog.Bool:
		b.Kind, b.Values = results.YesNo, []string{"false", "true"}
	case a.Kind == catalog.Int:
		each := false
		if b.Edges, each = of.WholeEdges(d.rows, d.smallest); each {
			b.Kind = results.Whole
			all := d.rows == d.total
			b.ClosedLow = b.Edges[0]-1 == low || all && b.Edges[0]-1 == of.At[0]
			b.ClosedHigh = b.Edges[len(b.Edges)-1] == high || all && b.Edges[len(b.Edges)-1] == of.At[len(of.At)-1]
		} else {
			b.Kind = results.Numbers
		}
	case a.Kind == catalog.Double:
		b.Kind, b.Edges = results.Numbers, of.Edges(d.rows, d.smallest)
	case a.Kind == catalog.Timestamp:
		b.Kind, b.Edges = results.Times, of.TimeEdges(d.rows, d.smallest, d.zone)
	}
	if b.Kind == results.Times {
		for k, e := range b.Edges {
			b.Edges[k] = e / 1e6
		}
	}
	bins.cut = sqlgen.Cut{Edges: b.Edges, Values: b.Values}
	if b.Kind == results.Times {
		bins.cut.Edges = micros(b.Edges)
	}
	if !of.Same() {
		return
	}
	b.One = of.At[0]
	if b.Kind == results.Times {
		b.One = time.UnixMicro(int64(of.At[0])).UTC()
	} else if a.Kind == catalog.Int {
		b.One = int64(of.At[0])
	}
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
func (s *Snapshot) frequent(ctx context.Context, q *sqlgen.InsightSQL, wanted []int, i int, apart bool) ([]string, bool, error) {
	var out []string
	var covered, known, distinct int64
	err := s.db.Each(ctx, q.Frequent(wanted, i, valuesOfEveryone, valuesOfPersona), func(r duckdb.Row) error {
		v, _ := r["v"].(string)
		out = append(out, v)
		covered, known, distinct = covered+r.Whole("n"), r.Whole("known"), r.Whole("d")
		return nil
	})
	return out, apart && (distinct <= valuesOfEveryone || 2*covered >= known), err
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
