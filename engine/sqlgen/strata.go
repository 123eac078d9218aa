package sqlgen

import (
	"errors"
	"strconv"

	"personae/engine/plan"
	"personae/engine/sqltext"
)

// StratumScript is the SQL of a lower stratum, in this order: Select is to be
// made the table of results Table, both "" where nothing is kept; what SQL left
// open in it is decided; then CutPoints are executed, in order, on the
// connection that makes the later tables.
type StratumScript struct {
	Table, Select string
	CutPoints     []string
	Found         string // a value once they are: a record by rank of RankedPart and CutsPart
	Ranks         []*plan.Rank
}

// The parts of what is kept of a rank.
const (
	RankedPart = "n"    // how many have one
	CutsPart   = "cuts" // the cut points, best last where high is best
)

// strata writes the lower strata of an entity.
func (g *generator) strata(list []plan.Stratum) ([]StratumScript, error) {
	var out []StratumScript
	for i, s := range list {
		script := StratumScript{Table: s.Table, Ranks: s.Ranks}
		var err error
		if s.Table != "" {
			kept := append([]plan.Output{}, s.Outputs...)
			for _, e := range s.Kept {
				kept = append(kept, plan.Output{Name: unquoted(e), Expr: e})
			}
			if script.Select, _, err = selectList(g.d, g.now, g.source(), g.entity.Table.Key, kept, g.beside, nil); err != nil {
				return nil, err
			}
			g.beside.keyed[s.Table] = true
			for _, e := range s.Kept {
				g.beside.kept[e] = s.Table
			}
		}
		if len(s.Ranks) > 0 {
			name := "ranks of " + g.entity.Name + ":" + strconv.Itoa(i+1)
			query, err := g.cutPoints(s)
			if err != nil {
				return nil, err
			}
			script.Found = g.d.Kept(name)
			script.CutPoints = []string{g.d.Keep(name, "("+query+")")}
			for _, rank := range s.Ranks {
				script.CutPoints = append(script.CutPoints, g.d.Keep(cutsOf(rank), g.d.Field(g.d.Field(script.Found, rank.Name), CutsPart)))
			}
		}
		out = append(out, script)
	}
	return out, nil
}

// cutPoints calculates what all ranks of a stratum need to know, in one pass.
func (g *generator) cutPoints(s plan.Stratum) (string, error) {
	wanted := s.Compares()
	r := newRelations(g.d, g.now, wanted, g.beside)
	source, names := r.scan(g.source(), wanted)
	l := newLayers(g.d, g.now, source, "", withOperands(wanted), 2)
	l.names = names
	w := l.writer()
	var fields, values []string
	for _, rank := range s.Ranks {
		among := ""
		if rank.Among != nil {
			among = w.isTrue(rank.Among)
		}
		v := g.d.Typed(rank.Operand, w.value(rank.Operand))
		fields = append(fields, rank.Name)
		values = append(values, g.d.Record([]string{RankedPart, CutsPart}, []string{count(v, among), g.d.CutPoints(v, among, rank.Buckets, rank.BestLow)}))
	}
	list := g.d.Record(fields, values)
	return r.with() + "SELECT " + list + "\nFROM " + l.from(), errors.Join(r.err, l.err)
}

// cutsOf is the name under which the cut points of a rank are kept.
func cutsOf(r *plan.Rank) string { return "rank " + r.Entity + "." + r.Name }

// bucket is the bucket of a value: a tree of comparisons with the cut points,
// which are in ascending order. What equals one is on the side of the better.
func bucket(d Dialect, e *plan.Expr, value string) string {
	rank := e.Rank
	cut := func(k int64) string { return d.Element(d.Kept(cutsOf(rank)), k) }
	var between func(low, high int64) string // buckets from the low end, from 1
	between = func(low, high int64) string {
		if low == high {
			if rank.BestLow {
				return sqltext.Int(rank.Buckets + 1 - low)
			}
			return sqltext.Int(low)
		}
		// Cut k divides the steps up to k from those after it.
		k := (low + high) / 2
		below := value + " < " + cut(k)
		if rank.BestLow {
			below = value + " <= " + cut(k)
		}
		return "CASE WHEN " + below + " THEN " + between(low, k) + " ELSE " + between(k+1, high) + " END"
	}
	tree := between(1, rank.Buckets)
	if !e.Args[0].Decided() {
		tree = "CASE WHEN " + value + " IS NOT NULL THEN " + tree + " END"
	}
	return d.Typed(e, tree)
}
