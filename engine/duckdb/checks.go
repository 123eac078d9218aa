package duckdb

import (
	"context"
	"fmt"

	"personae/engine/sqltext"
)

// RuleCount says how many rows of a table make a condition true, false and
// neither. First is the number of the first row (from 1, in the order of the
// snapshot) that does not make it true; 0 where all do.
type RuleCount struct {
	True, False, Null int64
	First             int64
}

// CountRule counts the rows of a snapshot table by a condition: a boolean SQL
// expression that the engine generated over the table's columns.
func (s *Snapshot) CountRule(ctx context.Context, dataset, condition string) (RuleCount, error) {
	var r RuleCount
	query := "SELECT count(*) FILTER (p), count(*) FILTER (NOT p), count(*) - count(p), coalesce(min(n) FILTER (p IS NOT TRUE), 0) FROM (SELECT (" +
		condition + ") AS p, rowid + 1 AS n FROM " + sqltext.Path(snapshotSchema, dataset) + ")"
	if err := s.db.sql.QueryRowContext(ctx, query).Scan(&r.True, &r.False, &r.Null, &r.First); err != nil {
		return RuleCount{}, fmt.Errorf("the check on dataset %s cannot be calculated: %w", dataset, err)
	}
	return r, nil
}
