package evaluate

import (
	"context"
	"database/sql/driver"
	"fmt"

	"personae/engine/byrow"
	"personae/engine/plan"
	"personae/engine/sqlgen"
	"personae/engine/sqltext"
)

// becauseTable holds the reasons of the rows of one segment that no empty
// column explains.
const becauseTable = "reasons by row"

// emptyReasons lists the columns whose emptiness is why an output cannot decide:
// those that cel-go named, where it was asked; else all that it reads.
func (s *Snapshot) emptyReasons(e *plan.EntityPlan, o plan.Output) []string {
	if columns, ok := s.why[e.Entity.Name][o.Name]; ok {
		return columns
	}
	return s.emptyColumns(e, o)
}

// because asks cel-go about the undecided rows of a segment that no empty column
// explains, and leaves the reasons in becauseTable. None are there where it
// returns 0.
func (s *Snapshot) because(ctx context.Context, env *byrow.Env, e *plan.EntityPlan, o plan.Output) (int64, error) {
	unexplained := sqltext.Ident(o.Name) + " IS NULL"
	for _, c := range s.emptyReasons(e, o) {
		unexplained += " AND NOT " + emptyFlag(c)
	}
	row, err := s.db.One(ctx, "SELECT count(*) AS n, coalesce(max(\"#\"), -1) AS last FROM "+undecidedTable(e)+" WHERE "+unexplained)
	if err != nil || row.Whole("n") == 0 {
		return 0, err
	}
	d, err := env.Decider(o.Name)
	if err != nil {
		return 0, err
	}
	conn, err := s.db.sql.Conn(ctx)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "CREATE OR REPLACE TABLE "+sqltext.Path(sqlgen.ResultSchema, becauseTable)+" (\"#\" BIGINT, because VARCHAR)"); err != nil {
		return 0, err
	}
	at := d.Position(o.Name)
	where := "r.rowid IN (SELECT \"#\" FROM " + undecidedTable(e) + " WHERE " + unexplained + ")"
	explain := func(ctx context.Context, row *byrow.Row, b *rowBatch) error {
		b.answers = make([]driver.Value, len(b.ids))
		for n := range b.ids {
			if _, err := b.fill(row, n); err != nil {
				return err
			}
			result, err := row.Decide(ctx, at)
			if err != nil {
				return err
			}
			b.answers[n] = publicReason(result)
			b.done(n)
		}
		return nil
	}
	for from := int64(0); from <= row.Whole("last"); from += blockRows {
		source, err := s.source(ctx, e, s.some(e, namesOf(d.Outputs())), d, blockOf(from)+" AND "+where, true)
		if err != nil {
			return 0, err
		}
		batches, err := s.parallel(ctx, conn, d, source, true, explain)
		if err != nil {
			return 0, err
		}
		if err := appendAnswers(conn, becauseTable, 1, batches); err != nil {
			return 0, err
		}
	}
	return row.Whole("n"), nil
}

// blockOf is the condition on the rows of a block.
func blockOf(from int64) string {
	return fmt.Sprintf("r.rowid >= %d AND r.rowid < %d AND s.rowid >= %[1]d AND s.rowid < %[2]d", from, from+blockRows)
}
