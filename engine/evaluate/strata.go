package evaluate

import (
	"context"
	"database/sql"
	"slices"

	"personae/engine/duckdb"
	"personae/engine/plan"
	"personae/engine/results"
	"personae/engine/sqlgen"
	"personae/engine/sqltext"
)

// evaluate makes the table of results of an entity, stratum by stratum. Each is
// decided before the next reads it. Cut points are variables of a connection,
// so one makes all tables.
func (s *Snapshot) evaluate(ctx context.Context, whole *plan.Plan, p *plan.EntityPlan, e sqlgen.Columns, o Options, out *results.EntityResults) error {
	if err := s.before(ctx, p, o.Before[p.Entity.Name]); err != nil {
		return err
	}
	conn, err := s.db.sql.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	kept := ""
	for i, stratum := range e.Strata {
		if stratum.Table != "" {
			path := sqltext.Path(sqlgen.ResultSchema, stratum.Table)
			if err := s.stratum(ctx, conn, whole, p.UpTo(i), stratum.Select, path, o, out); err != nil {
				return err
			}
			// What later strata read of the one before is in this one.
			if kept != "" {
				if _, err := conn.ExecContext(ctx, "DROP TABLE "+sqltext.Path(sqlgen.ResultSchema, kept)); err != nil {
					return err
				}
			}
			kept = stratum.Table
		}
		for _, statement := range stratum.CutPoints {
			if _, err := conn.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		if len(stratum.Ranks) == 0 {
			continue
		}
		found, err := ranks(ctx, conn, stratum)
		if err != nil {
			return err
		}
		out.Ranks = append(out.Ranks, found...)
	}
	named := "(" + e.Named(sqltext.Path(sqlgen.ResultSchema, p.Table()), "rowid") + ")"
	return s.stratum(ctx, conn, whole, p, e.Select, named, o, out)
}

// stratum makes the table of one stratum, the last of p, and has decided what
// SQL left open in it. named is the table with every output by its name.
func (s *Snapshot) stratum(ctx context.Context, conn *sql.Conn, whole *plan.Plan, p *plan.EntityPlan, query, named string, o Options, out *results.EntityResults) error {
	if _, err := conn.ExecContext(ctx, "CREATE TABLE "+sqltext.Path(sqlgen.ResultSchema, p.Table())+" AS "+query); err != nil {
		return err
	}
	byRow, err := s.decide(ctx, whole, p, named, o.Progress)
	for _, r := range byRow {
		// What a lower stratum did not have to decide for good is asked for again.
		out.ByRow = slices.DeleteFunc(out.ByRow, func(earlier results.ByRow) bool { return earlier.Kind == r.Kind && earlier.Name == r.Name })
	}
	out.ByRow = append(out.ByRow, byRow...)
	return err
}

// ranks reads the cut points of a stratum.
func ranks(ctx context.Context, conn *sql.Conn, stratum sqlgen.StratumScript) ([]results.Rank, error) {
	var kept any
	if err := conn.QueryRowContext(ctx, "SELECT "+stratum.Found).Scan(&kept); err != nil {
		return nil, err
	}
	record, _ := duckdb.Plain(kept).(map[string]any)
	var out []results.Rank
	for _, r := range stratum.Ranks {
		found := results.Rank{Name: r.Name, Buckets: r.Buckets, BestLow: r.BestLow, Among: r.Segment}
		one, _ := record[r.Name].(map[string]any)
		found.Ranked, _ = one[sqlgen.RankedPart].(int64)
		found.Cuts, _ = one[sqlgen.CutsPart].([]any)
		if r.BestLow {
			found.Cuts = slices.Clone(found.Cuts)
			slices.Reverse(found.Cuts)
		}
		out = append(out, found)
	}
	return out, nil
}
