package evaluate

import (
	"context"
	"fmt"

	"personae/engine/duckdb"
	"personae/engine/plan"
	"personae/engine/results"
	"personae/engine/sqlgen"
)

// evidence adds the statistics over rows that belong to nobody. They have no
// everyone to be held against.
func (s *Snapshot) evidence(ctx context.Context, list []plan.Evidence, out map[results.StatKey]results.Statistic) error {
	for _, e := range list {
		query, stats, err := sqlgen.NewEvidence(e, sqlgen.DuckDB{}, s.AsOf)
		if err != nil {
			return err
		}
		row, err := s.db.One(ctx, query.SQL())
		if err != nil {
			return fmt.Errorf("the statistics of %s cannot be calculated: %w", e.Table.Name, duckdb.PlainError(err))
		}
		for _, c := range stats {
			st := statisticOf(row, c)
			st.Everyone, st.EveryoneN, st.EveryoneTrue = nil, 0, 0
			out[results.StatKey{Persona: c.Persona, Stat: c.Stat}] = st
		}
	}
	return nil
}
