package evaluate

import (
	"context"
	"fmt"

	"personae/engine/byrow"
	"personae/engine/catalog"
	"personae/engine/compile"
	"personae/engine/duckdb"
	"personae/engine/eval"
	"personae/engine/plan"
	"personae/engine/sqlgen"
	"personae/engine/sqltext"
)

// Truth counts the rows of a condition by outcome.
type Truth struct{ True, False, Null int64 }

// CountTruth counts the outcomes of a condition over all rows of a dataset. The
// rows that SQL leaves open are decided by cel-go.
func (s *Snapshot) CountTruth(ctx context.Context, rules *compile.RuleSet, table *catalog.Table, condition plan.Output) (Truth, error) {
	const number = "rowid"
	holds := sqltext.Ident(condition.Name)
	query, err := sqlgen.SelectSQL(sqlgen.DuckDB{}, s.AsOf, sqltext.Path(sqlgen.SnapshotSchema, table.Name), number, []plan.Output{condition})
	if err != nil {
		return Truth{}, err
	}
	row, err := s.db.One(ctx, fmt.Sprintf("SELECT count_if(%s) AS yes, count_if(NOT %[1]s) AS no, count(*) - count(%[1]s) AS unknown, max(%s) AS last FROM (%s)", holds, number, query))
	if err != nil {
		return Truth{}, duckdb.PlainError(err)
	}
	found := Truth{True: row.Whole("yes"), False: row.Whole("no"), Null: row.Whole("unknown")}
	if found.Null == 0 || !condition.Open() {
		return found, nil
	}
	d, err := byrow.Check(rules, table, condition)
	if err != nil {
		return Truth{}, err
	}
	more, err := s.truthByRow(ctx, d, query, holds, row.Whole("last"))
	return Truth{True: found.True + more.True, False: found.False + more.False, Null: more.Null}, err
}

// truthByRow has cel-go decide the rows of a query of numbers and conditions
// that are NULL there, in blocks.
func (s *Snapshot) truthByRow(ctx context.Context, d *byrow.Decider, query, holds string, last int64) (Truth, error) {
	table := d.Table().Name
	columns, err := s.loaded(ctx, table, "s", d.Columns())
	if err != nil {
		return Truth{}, err
	}
	list := "q.rowid, q." + holds
	for _, c := range columns {
		list += ", " + c
	}
	conn, err := s.db.sql.Conn(ctx)
	if err != nil {
		return Truth{}, err
	}
	defer conn.Close()
	var found Truth
	for from := int64(0); from <= last; from += blockRows {
		source := rowSource{found: 1, query: fmt.Sprintf("SELECT %s FROM (%s) q JOIN %s s ON s.rowid = q.rowid WHERE q.%s IS NULL AND q.rowid >= %d AND q.rowid < %d ORDER BY q.rowid",
			list, query, sqltext.Path(sqlgen.SnapshotSchema, table), holds, from, from+blockRows)}
		batches, err := s.parallel(ctx, conn, d, source, false, tellTruth)
		if err != nil {
			return Truth{}, err
		}
		for _, b := range batches {
			found.True, found.False = found.True+b.decided[0], found.False+b.decided[1]
			found.Null += b.asked[0] - b.decided[0] - b.decided[1]
		}
	}
	return found, nil
}

// tellTruth counts what a decider's one output says of a batch: how many rows
// were asked for, and how many were TRUE and FALSE.
func tellTruth(ctx context.Context, row *byrow.Row, b *rowBatch) error {
	b.asked, b.decided = []int64{int64(len(b.ids))}, make([]int64, 2)
	for n := range b.ids {
		if _, err := b.fill(row, n); err != nil {
			return err
		}
		result, err := row.Decide(ctx, 0)
		if err != nil {
			return err
		}
		switch result.Outcome {
		case eval.True:
			b.decided[0]++
		case eval.False:
			b.decided[1]++
		}
		b.done(n)
	}
	return nil
}
