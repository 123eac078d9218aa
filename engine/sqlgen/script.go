package sqlgen

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"personae/engine/catalog"
	"personae/engine/compile"
	"personae/engine/plan"
	"personae/engine/sqltext"
)

// Where a run keeps its tables: a schema, and a database of its own.
const (
	SnapshotSchema = "snapshot" // snapshot.<dataset>: what rules read
	ResultSchema   = "result"   // result.<entity>: what they found
)

// Rows is a block of the rows of an entity's results, by their numbers. The
// results may be spread over several tables, in which blocks are found by
// themselves: a condition on all of them side by side would read all of them.
func Rows(entity string, first, last int64) string {
	return fmt.Sprintf("%s(%d, %d)", RowsMacro(entity), first, last)
}

// RowsMacro is the table macro that Rows calls, with two parameters: the first
// and the last number.
func RowsMacro(entity string) string { return sqltext.Path(ResultSchema, "rows of "+entity) }

// Script is the SQL of a plan.
type Script struct{ Entities []*EntityScript }

// EntityScript is all SQL of one entity.
type EntityScript struct {
	Entity string
	Columns
	Questions
}

// Columns is the SQL that calculates outputs. Select is to be made the table of
// results, which holds the key and each output at its place.
type Columns struct {
	Strata []StratumScript // before Select, in order
	Select string
	Places map[string]Place // of outputs, by their names
	list   []Item           // the key and outputs, as the table of results has them
}

// Named reads a table of results, or a query of one: the key first, then every
// output by its name. more are expressions to read beside them.
func (c Columns) Named(from string, more ...string) string {
	list := make([]string, len(c.list))
	for i, item := range c.list {
		list[i] = item.SQL + " AS " + item.As
	}
	return "SELECT " + strings.Join(append(list, more...), ",\n  ") + "\nFROM " + from
}

// Results is one query of all results, for those who make no table.
func (c Columns) Results() string { return c.Named("(" + c.Select + ")") }

// Questions is the SQL that reads the table of results.
type Questions struct {
	Groups     []Group
	Counts     Row // one row: rows, value, and the columns that Groups name
	Overlap    Overlap
	Statistics Row // no items where there are none
	Stats      []StatColumns
	Scores     []ScoreScript
	Journeys   []JourneyScript
	Exports    []ExportScript
}

// Generate writes all SQL of a plan for one as-of instant, over tables of
// canonical types.
func Generate(p *plan.Plan, d Dialect, asOf time.Time) (*Script, error) {
	if err := CheckInstant(asOf); err != nil {
		return nil, err
	}
	s := &Script{}
	for _, e := range p.Entities {
		g := newGenerator(e, d, asOf)
		script := &EntityScript{Entity: e.Entity.Name, Questions: g.questions(e, personasOf(p))}
		var err error
		if script.Columns, err = g.columns(e); err != nil {
			return nil, fmt.Errorf("%s: %w", e.Entity.Name, err)
		}
		s.Entities = append(s.Entities, script)
	}
	return s, nil
}

// GenerateColumns is the part of Generate that calculates one entity's outputs.
func GenerateColumns(e *plan.EntityPlan, d Dialect, asOf time.Time) (Columns, error) {
	return newGenerator(e, d, asOf).columns(e)
}

// GenerateQuestions is the part of Generate that reads one entity's results.
func GenerateQuestions(p *plan.Plan, e *plan.EntityPlan, d Dialect, asOf time.Time) Questions {
	return newGenerator(e, d, asOf).questions(e, personasOf(p))
}

// CheckInstant refuses instants that SQL cannot calculate with.
func CheckInstant(asOf time.Time) error {
	if us := asOf.UnixMicro(); us < plan.NowMin || us > plan.NowMax {
		return fmt.Errorf("the results cannot be calculated for %s: only for the years 1900 to 2199", asOf.Format(time.DateOnly))
	}
	return nil
}

func personasOf(p *plan.Plan) []*compile.Persona {
	if p.Rules == nil {
		return nil
	}
	return p.Rules.Personas
}

// generator writes for one entity.
type generator struct {
	d       Dialect
	now     string
	entity  *compile.Entity
	outputs []plan.Output
	beside  *beside // what the strata so far keep
}

func newGenerator(e *plan.EntityPlan, d Dialect, asOf time.Time) *generator {
	return &generator{d: d, now: d.Constant(asOf.Truncate(time.Microsecond)), entity: e.Entity, outputs: e.Outputs(),
		beside: &beside{table: e.Entity.Table, kept: map[*plan.Expr]string{}, keyed: map[string]bool{}}}
}

func (g *generator) columns(e *plan.EntityPlan) (Columns, error) {
	strata, err := g.strata(e.Strata[:len(e.Strata)-1])
	if err != nil {
		return Columns{}, err
	}
	c, err := stored(g.d, g.now, g.source(), g.entity.Table.Key, g.outputs, g.beside)
	c.Strata = strata
	return c, err
}

func (g *generator) questions(e *plan.EntityPlan, personas []*compile.Persona) Questions {
	q := Questions{Overlap: g.overlap(), Scores: g.scores(), Journeys: g.journeys(personas), Exports: g.exports()}
	q.Counts, q.Groups = g.resultCounts()
	q.Statistics, q.Stats = g.statistics(e.Aggregates)
	return q
}

// source is the table that the rules read.
func (g *generator) source() string { return sqltext.Path(SnapshotSchema, g.entity.Table.Name) }

func (g *generator) result() string { return sqltext.Path(ResultSchema, g.entity.Name) }

// SelectSQL writes the SELECT of some outputs over a table: key first where
// there is one, then each output by its name.
func SelectSQL(d Dialect, asOf time.Time, table, key string, outputs []plan.Output) (string, error) {
	sql, _, err := selectList(d, d.Constant(asOf.Truncate(time.Microsecond)), table, key, outputs, nil, nil)
	return sql, err
}

// StoredSQL is SelectSQL by way of a table of results, in which conditions are bits.
func StoredSQL(d Dialect, asOf time.Time, table, key string, outputs []plan.Output) (string, error) {
	c, err := stored(d, d.Constant(asOf.Truncate(time.Microsecond)), table, key, outputs, nil)
	return c.Results(), err
}

// stored writes a table of results of some outputs.
func stored(d Dialect, now, table, key string, outputs []plan.Output, b *beside) (c Columns, err error) {
	c.Select, c.Places, err = selectList(d, now, table, key, outputs, b, &bitStore{})
	column := sqltext.Ident(key)
	c.list = []Item{{column, column}}
	for _, o := range outputs {
		c.list = append(c.list, Item{c.Places[o.Name].SQL(""), sqltext.Ident(o.Name)})
	}
	return c, err
}

// selectList is the one pass that computes some outputs, and where each is found:
// by its name, or among the bits where these are wanted.
func selectList(d Dialect, now, table, key string, outputs []plan.Output, b *beside, bits *bitStore) (string, map[string]Place, error) {
	wanted := make([]*plan.Expr, len(outputs))
	for i, o := range outputs {
		wanted[i] = o.Expr
	}
	r := newRelations(d, now, wanted, b)
	source, names := r.scan(table, wanted)
	l := newLayers(d, now, source, key, withOperands(wanted), 1)
	l.names = names
	w := l.writer()
	var list []string
	if key != "" {
		list = append(list, sqltext.Ident(key))
	}
	places := map[string]Place{}
	for _, o := range outputs {
		if bits != nil && inBits(o) {
			places[o.Name] = bits.add(w.truth(o.Expr), o.Expr.Decided())
			continue
		}
		places[o.Name] = Place{Column: o.Name}
		value := w.value(o.Expr)
		if o.Expr.Type.Kind != catalog.Bool || o.Expr.IsConst() {
			value = d.Typed(o.Expr, value)
		}
		list = append(list, value+" AS "+sqltext.Ident(o.Name))
	}
	if bits != nil {
		list = append(list, bits.columns(d)...)
	}
	sql := r.with() + "SELECT " + strings.Join(list, ",\n  ") + "\nFROM " + l.from()
	if r.joins && key != "" {
		sql += "\nORDER BY " + sqltext.Ident(key) // a join keeps no order
	}
	return sql, places, errors.Join(r.err, l.err)
}

// withOperands drops constants and columns, which no layer has to compute.
func withOperands(list []*plan.Expr) []*plan.Expr {
	var out []*plan.Expr
	for _, e := range list {
		if len(e.Args) > 0 {
			out = append(out, e)
		}
	}
	return out
}
