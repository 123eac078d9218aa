package evaluate

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strings"

	"personae/engine/byrow"
	"personae/engine/duckdb"
	"personae/engine/eval"
	"personae/engine/plan"
	"personae/engine/results"
	"personae/engine/sqlgen"
	"personae/engine/sqltext"
)

// blockRows is how many rows of a table are looked through at once: it bounds
// what is held in memory. A row group is 122,880 rows.
const blockRows = 2 * 122_880

// decidedTable holds what cel-go decided until it is written back.
const decidedTable = "decided by row"

// decide has cel-go decide the rows that SQL left open, and writes the answers
// into the table of results before anything counts in it. One pass over the
// open rows is enough for all outputs: they are decided in the order of
// evaluation. What SQL decided is not asked again: it is read from named, the
// table with every output by its name.
func (s *Snapshot) decide(ctx context.Context, p *plan.Plan, e *plan.EntityPlan, named string, progress func(done, all int64)) ([]results.ByRow, error) {
	var open []string
	for _, o := range e.Outputs() {
		if o.Open() {
			open = append(open, o.Name)
		}
	}
	if len(open) == 0 {
		return nil, nil
	}
	env, err := byrow.NewEnv(p, e)
	if err != nil {
		return nil, err
	}
	decider, err := env.Decider(open...)
	if err != nil {
		return nil, err
	}
	w := &rowDecider{s: s, e: e, named: named, decider: decider}
	for i, o := range decider.Outputs() {
		if o.Open() {
			w.open = append(w.open, i)
			w.names = append(w.names, o.Name)
			w.where = append(w.where, "r."+sqltext.Ident(o.Name)+" IS NULL")
		}
	}
	if progress == nil {
		progress = func(done, all int64) {}
	}
	if err := w.run(ctx, progress); err != nil {
		return nil, err
	}
	return w.counts(), nil
}

// rowDecider decides the open rows of one entity.
type rowDecider struct {
	s       *Snapshot
	e       *plan.EntityPlan
	named   string
	decider *byrow.Decider
	open    []int    // positions of open outputs among the decider's
	names   []string // of open outputs
	where   []string // that each of them is NULL
	asked   []int64  // rows by open output
	decided []int64
}

// loaded writes how each column is read: what was not loaded is NULL.
func (s *Snapshot) loaded(ctx context.Context, table, alias string, columns []string) ([]string, error) {
	there := map[any]bool{}
	err := s.db.Each(ctx, "SELECT column_name AS name FROM duckdb_columns() WHERE schema_name = "+sqltext.Literal(sqlgen.SnapshotSchema)+
		" AND table_name = "+sqltext.Literal(table), func(r duckdb.Row) error {
		there[r["name"]] = true
		return nil
	})
	out := make([]string, len(columns))
	for i, name := range columns {
		out[i] = "NULL"
		if there[name] {
			out[i] = alias + "." + sqltext.Ident(name)
		}
	}
	return out, err
}

func (w *rowDecider) run(ctx context.Context, progress func(done, all int64)) error {
	w.asked, w.decided = make([]int64, len(w.open)), make([]int64, len(w.open))
	result := sqltext.Path(sqlgen.ResultSchema, w.e.Table())
	anyOpen := "(" + strings.Join(w.where, " OR ") + ")"
	row, err := w.s.db.One(ctx, "SELECT count(*) AS n, coalesce(max(r.rowid), -1) AS last FROM "+result+" r WHERE "+anyOpen)
	if err != nil {
		return err
	}
	all, last := row.Whole("n"), row.Whole("last")
	if all == 0 {
		return nil
	}
	conn, err := w.s.db.sql.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	table := sqltext.Path(sqlgen.ResultSchema, decidedTable)
	var list string
	for _, name := range w.names {
		list += ", " + sqltext.Ident(name)
	}
	if _, err := conn.ExecContext(ctx, "CREATE OR REPLACE TABLE "+table+" AS SELECT rowid AS \"#\""+list+" FROM "+result+" LIMIT 0"); err != nil {
		return err
	}
	done := int64(0)
	for from := int64(0); from <= last; from += blockRows {
		progress(done, all)
		n, err := w.block(ctx, conn, blockOf(from)+" AND "+anyOpen)
		if err != nil {
			return err
		}
		done += n
	}
	if done != all {
		return fmt.Errorf("%d rows were left open and %d were decided", all, done)
	}
	progress(done, all)
	if err := w.write(ctx, conn, result, table); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, "DROP TABLE "+table)
	return err
}

// write puts the answers into the table of results. An update in place keeps
// the order of rows, by which results stand beside the snapshot.
func (w *rowDecider) write(ctx context.Context, conn *sql.Conn, result, table string) error {
	set := make([]string, len(w.names))
	for i, name := range w.names {
		set[i] = sqltext.Ident(name) + " = d." + sqltext.Ident(name)
	}
	_, err := conn.ExecContext(ctx, "UPDATE "+result+" AS r SET "+strings.Join(set, ", ")+" FROM "+table+" d WHERE r.rowid = d.\"#\"")
	return err
}

// block decides one block of rows and returns how many it had.
func (w *rowDecider) block(ctx context.Context, conn *sql.Conn, where string) (int64, error) {
	source, err := w.s.source(ctx, w.e, w.named, w.decider, where, false)
	if err != nil {
		return 0, err
	}
	batches, err := w.s.parallel(ctx, conn, w.decider, source, false, w.batch)
	if err != nil {
		return 0, err
	}
	n := int64(0)
	for _, b := range batches {
		n += int64(len(b.ids))
		for k := range w.open {
			w.asked[k] += b.asked[k]
			w.decided[k] += b.decided[k]
		}
	}
	return n, appendAnswers(conn, decidedTable, len(w.open), batches)
}

// batch decides the open outputs of some rows.
func (w *rowDecider) batch(ctx context.Context, row *byrow.Row, b *rowBatch) error {
	b.answers = make([]driver.Value, len(b.ids)*len(w.open))
	b.asked, b.decided = make([]int64, len(w.open)), make([]int64, len(w.open))
	list := w.decider.Outputs()
	never := context.WithoutCancel(ctx) // looked at once a row: cel-go looks far too often
	for n := range b.ids {
		if err := ctx.Err(); err != nil {
			return err
		}
		found, err := b.fill(row, n)
		if err != nil {
			return err
		}
		for k, i := range w.open {
			answer := &b.answers[n*len(w.open)+k]
			if *answer = found[i]; found[i] != nil {
				continue
			}
			result, err := row.Decide(never, i)
			if err != nil {
				return err
			}
			b.asked[k]++
			v, ok := byrow.Stored(result, list[i].Expr.Type.Kind)
			if ok && result.Outcome != eval.Bottom {
				b.decided[k]++
			}
			*answer = v
		}
		b.done(n)
	}
	return nil
}

// counts says how many rows were decided by row, for rules and personas.
func (w *rowDecider) counts() []results.ByRow {
	var out []results.ByRow
	list := w.decider.Outputs()
	for k, i := range w.open {
		switch o := list[i]; o.Kind {
		case plan.TraitOutput, plan.SegmentOutput, plan.SegmentationOutput, plan.BandOutput, plan.PersonaOutput:
			out = append(out, results.ByRow{Kind: groupKinds[o.Kind], Name: ruleName(o), Asked: w.asked[k], Decided: w.decided[k]})
		}
	}
	return out
}

// ruleName is the name of an output's rule or persona.
func ruleName(o plan.Output) string {
	if o.Rule != nil {
		return o.Rule.Name
	}
	if o.Kind == plan.ExportOutput {
		return strings.TrimPrefix(o.Name, plan.ExportOutputName("", false))
	}
	return strings.TrimPrefix(o.Name, "persona_")
}
