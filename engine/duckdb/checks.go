package duckdb

import "context"

// Truth counts the rows of a condition by outcome.
type Truth struct{ True, False, Null int64 }

// CountTruth counts the outcomes of a query whose one column, holds, is a BOOLEAN.
func (s *Snapshot) CountTruth(ctx context.Context, query string) (Truth, error) {
	row, err := s.one(ctx, "SELECT count_if(holds) AS yes, count_if(NOT holds) AS no, count(*) - count(holds) AS unknown FROM ("+query+")")
	if err != nil {
		return Truth{}, plainError(err)
	}
	return Truth{True: row.whole("yes"), False: row.whole("no"), Null: row.whole("unknown")}, nil
}
