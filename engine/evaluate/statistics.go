package evaluate

import (
	"context"

	"personae/engine/duckdb"
	"personae/engine/results"
	"personae/engine/sqlgen"
)

// statistics runs the one query of all statistics.
func (s *Snapshot) statistics(ctx context.Context, m *memory, e sqlgen.Questions) (map[results.StatKey]results.Statistic, error) {
	out := map[results.StatKey]results.Statistic{}
	if len(e.Statistics.Items) == 0 {
		return out, nil
	}
	row, err := s.row(ctx, m, e.Statistics)
	if err != nil {
		return nil, err
	}
	for _, c := range e.Stats {
		out[results.StatKey{Persona: c.Persona, Stat: c.Stat}] = statisticOf(row, c)
	}
	return out, nil
}

// statisticOf reads one statistic.
func statisticOf(row duckdb.Row, c sqlgen.StatColumns) results.Statistic {
	st := results.Statistic{
		N: row.Whole(c.N), Unknown: row.Whole(c.Unknown), Skipped: row.Whole(c.Skipped), True: row.Whole(c.True),
		EveryoneN: row.Whole(c.EveryoneN), EveryoneTrue: row.Whole(c.EveryoneTrue),
	}
	st.Value, st.Everyone = statistic(c.Func, row[c.Value], st.N), statistic(c.Func, row[c.Everyone], st.EveryoneN)
	return st
}

// statistic gives the value as formulas read it: the items of top, the one
// value of mode.
func statistic(function string, v any, n int64) any {
	list, ok := v.([]any)
	if !ok {
		return v
	}
	items := make([]results.TopItem, 0, len(list))
	for _, entry := range list {
		fields, _ := entry.(map[string]any)
		count, _ := fields["n"].(int64)
		item := results.TopItem{Value: fields["value"], Count: count}
		if n > 0 {
			item.Share = float64(count) / float64(n)
		}
		items = append(items, item)
	}
	if function != "mode" {
		return items
	}
	if len(items) == 0 {
		return nil
	}
	return items[0].Value
}
