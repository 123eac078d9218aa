package sqlgen

import (
	"errors"
	"fmt"
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

// EntityScript is the SQL of one entity. Select is to be made the table
// result.<entity>; Counts, Overlap and Statistics read that table. ScanCounts
// is Counts straight from the snapshot, for where no table is wanted and no
// output is left open.
type EntityScript struct {
	Entity     string
	Strata     []StratumScript // before Select, in order
	Select     string          // key first, then every output by its name
	Groups     []Group
	Counts     Row // one row: rows, value, and the columns that Groups name
	ScanCounts string
	Overlap    Overlap
	Statistics Row // no items where there are none
	Stats      []StatColumns
	Scores     []ScoreScript
	Journeys   []JourneyScript
	Exports    []ExportScript
}

// Generate writes the SQL of a plan for one as-of instant, over tables of
// canonical types.
func Generate(p *plan.Plan, d Dialect, asOf time.Time) (*Script, error) {
	return GenerateStored(p, d, asOf, nil)
}

// GenerateStored is Generate over tables as they are stored.
func GenerateStored(p *plan.Plan, d Dialect, asOf time.Time, storage Storage) (*Script, error) {
	if us := asOf.UnixMicro(); us < plan.NowMin || us > plan.NowMax {
		return nil, fmt.Errorf("the results cannot be calculated for %s: only for the years 1900 to 2199", asOf.Format(time.DateOnly))
	}
	s := &Script{}
	for _, e := range p.Entities {
		g := &generator{d: d, now: d.Constant(asOf.Truncate(time.Microsecond)), entity: e.Entity, outputs: e.Outputs(), storage: storage[e.Entity.Table.Name],
			beside: &beside{table: e.Entity.Table, folds: map[*plan.Expr]string{}}}
		if p.Rules != nil {
			g.personas = p.Rules.Personas
		}
		script, err := g.script(e)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.Entity.Name, err)
		}
		s.Entities = append(s.Entities, script)
	}
	return s, nil
}

// generator writes for one entity.
type generator struct {
	d        Dialect
	now      string
	entity   *compile.Entity
	outputs  []plan.Output
	storage  TableStorage
	beside   *beside // what the strata so far keep
	personas []*compile.Persona
}

func (g *generator) script(e *plan.EntityPlan) (*EntityScript, error) {
	s := &EntityScript{Entity: g.entity.Name}
	var err error
	if s.Strata, err = g.strata(e.Strata[:len(e.Strata)-1]); err != nil {
		return nil, err
	}
	if s.Select, err = g.selectOutputs(); err != nil {
		return nil, err
	}
	if s.ScanCounts, _, err = g.scanCounts(); err != nil {
		return nil, err
	}
	s.Counts, s.Groups = g.resultCounts()
	s.Overlap = g.overlap()
	s.Statistics, s.Stats = g.statistics(e.Aggregates)
	s.Scores = g.scores()
	s.Journeys, s.Exports = g.journeys(g.personas), g.exports()
	return s, nil
}

// source is the table that the rules read, as it is stored.
func (g *generator) source() string {
	if g.storage.Path != "" {
		return g.storage.Path
	}
	return sqltext.Path(SnapshotSchema, g.entity.Table.Name)
}

func (g *generator) result() string { return sqltext.Path(ResultSchema, g.entity.Name) }

// selectOutputs is the one pass that computes every output.
func (g *generator) selectOutputs() (string, error) {
	return selectList(g.d, g.now, g.source(), g.entity.Table.Key, g.outputs, g.storage, g.beside)
}

// SelectSQL writes the SELECT of some outputs over a table: key first where
// there is one, then each output by its name.
func SelectSQL(d Dialect, asOf time.Time, table, key string, outputs []plan.Output) (string, error) {
	return selectList(d, d.Constant(asOf.Truncate(time.Microsecond)), table, key, outputs, TableStorage{}, nil)
}

func selectList(d Dialect, now, table, key string, outputs []plan.Output, storage TableStorage, b *beside) (string, error) {
	wanted := make([]*plan.Expr, len(outputs))
	for i, o := range outputs {
		wanted[i] = o.Expr
	}
	r := newRelations(d, now, wanted, b)
	source, names := r.scan(table, wanted)
	l := newLayers(d, now, source, key, withOperands(wanted), 1)
	l.names = names
	l.storage = storage
	w := l.writer()
	sql := "SELECT "
	if key != "" {
		sql += sqltext.Ident(key)
	}
	for i, o := range outputs {
		if i > 0 || key != "" {
			sql += ",\n  "
		}
		value := w.value(o.Expr)
		if o.Expr.Type.Kind != catalog.Bool || o.Expr.IsConst() {
			value = d.Typed(o.Expr, value)
		}
		sql += value + " AS " + sqltext.Ident(o.Name)
	}
	sql = r.with() + sql + "\nFROM " + l.from()
	if r.joins && key != "" {
		sql += "\nORDER BY " + sqltext.Ident(key) // a join keeps no order
	}
	return sql, errors.Join(r.err, l.err)
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
