package duckdb

import (
	"context"
	"database/sql/driver"
	"fmt"
	"strings"

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
	where, unexplained := "r."+sqltext.Ident(o.Name)+" IS NULL", sqltext.Ident(o.Name)+" IS NULL"
	for _, c := range s.emptyReasons(e, o) {
		where += " AND s." + sqltext.Ident(c) + " IS NOT NULL"
		unexplained += " AND NOT " + emptyFlag(c)
	}
	row, err := s.one(ctx, "SELECT count(*) AS n, coalesce(max(\"#\"), -1) AS last FROM "+sqltext.Path(sqlgen.ResultSchema, undecidedTable)+" WHERE "+unexplained)
	if err != nil || row.whole("n") == 0 || o.Related() {
		return 0, err
	}
	d, err := env.Decider(o.Name)
	if err != nil {
		return 0, err
	}
	columns, err := s.loaded(ctx, e, d.Columns())
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
	explain := func(ctx context.Context, row *byrow.Row, b *rowBatch) error {
		b.answers = make([]driver.Value, len(b.ids))
		for n := range b.ids {
			row.Fill(b.row(n))
			result, err := row.Decide(ctx, at)
			if err != nil {
				return err
			}
			b.answers[n], b.rows[n] = publicReason(result), nil
		}
		return nil
	}
	for from := int64(0); from <= row.whole("last"); from += blockRows {
		query := rowQuery(e, d, columns, blockOf(from)+" AND "+where) + " ORDER BY r.rowid"
		batches, err := s.parallel(ctx, conn, d, query, true, explain)
		if err != nil {
			return 0, err
		}
		if err := appendAnswers(conn, becauseTable, 1, batches); err != nil {
			return 0, err
		}
	}
	return row.whole("n"), nil
}

// blockOf is the condition on the rows of a block.
func blockOf(from int64) string {
	return fmt.Sprintf("r.rowid >= %d AND r.rowid < %d AND s.rowid >= %[1]d AND s.rowid < %[2]d", from, from+blockRows)
}

// undecidedTable holds the rows of an entity that any of its segments cannot
// decide: number, key, every segment, and which columns are empty.
const undecidedTable = "undecided rows"

func emptyFlag(column string) string { return sqltext.Ident("empty:" + column) }

// setUndecided fills undecidedTable. Results and rows are put beside each other
// once for all segments: for each of 50 it took 28 s of 36 at a million
// customers (measured).
func (s *Snapshot) setUndecided(ctx context.Context, e *plan.EntityPlan, segments []plan.Output) error {
	list := []string{"r.rowid AS \"#\"", "r." + sqltext.Ident(e.Entity.Table.Key)}
	var open []string
	flags := map[string]bool{}
	for _, o := range segments {
		if o.Expr.Decided() {
			continue
		}
		list = append(list, "r."+sqltext.Ident(o.Name))
		open = append(open, "r."+sqltext.Ident(o.Name)+" IS NULL")
		for _, c := range s.emptyReasons(e, o) {
			if !flags[c] {
				flags[c] = true
				list = append(list, "s."+sqltext.Ident(c)+" IS NULL AS "+emptyFlag(c))
			}
		}
	}
	if len(open) == 0 {
		return nil
	}
	_, err := s.db.sql.ExecContext(ctx, "CREATE OR REPLACE TABLE "+sqltext.Path(sqlgen.ResultSchema, undecidedTable)+
		" AS SELECT "+strings.Join(list, ", ")+" FROM "+s.joined(e)+" WHERE "+strings.Join(open, " OR "))
	return err
}

// members selects the rows that are in a segment; their reason is the rule.
func (s *Snapshot) members(e *plan.EntityPlan, o plan.Output) string {
	return fmt.Sprintf("SELECT %s, %s, %s::VARCHAR, 'in', %s, %s FROM %s WHERE %s",
		sqltext.Literal(e.Entity.Name), sqltext.Literal(o.Rule.Name), sqltext.Ident(e.Entity.Table.Key), sqltext.Literal(o.Rule.Expr.Text.Value()),
		s.asOf(), sqltext.Path(sqlgen.ResultSchema, e.Entity.Name), sqltext.Ident(o.Name))
}

// unknownMembers selects the rows that a segment cannot decide; their reason is
// the columns that are empty, or what cel-go says of the row.
func (s *Snapshot) unknownMembers(e *plan.EntityPlan, o plan.Output, asked bool) string {
	because, from := sqltext.Literal("it could not be calculated"), sqltext.Path(sqlgen.ResultSchema, undecidedTable)+" u"
	if asked {
		because = "coalesce(w.because, " + because + ")"
		from += " LEFT JOIN " + sqltext.Path(sqlgen.ResultSchema, becauseTable) + " w ON w.\"#\" = u.\"#\""
	}
	var empty []string
	for _, c := range s.emptyReasons(e, o) {
		empty = append(empty, "CASE WHEN u."+emptyFlag(c)+" THEN "+sqltext.Literal(c+" is empty")+" END")
	}
	if len(empty) > 0 {
		because = "coalesce(nullif(concat_ws(', ', " + strings.Join(empty, ", ") + "), ''), " + because + ")"
	}
	return fmt.Sprintf("SELECT %s, %s, u.%s::VARCHAR, 'unknown', %s, %s FROM %s WHERE u.%s IS NULL ORDER BY u.\"#\"",
		sqltext.Literal(e.Entity.Name), sqltext.Literal(o.Rule.Name), sqltext.Ident(e.Entity.Table.Key), because, s.asOf(), from, sqltext.Ident(o.Name))
}
