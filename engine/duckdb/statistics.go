package duckdb

import (
	"context"
	"math/big"

	duckdb "github.com/duckdb/duckdb-go/v2"

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
func statisticOf(row foundRow, c sqlgen.StatColumns) results.Statistic {
	st := results.Statistic{
		N: row.whole(c.N), Unknown: row.whole(c.Unknown), Skipped: row.whole(c.Skipped), True: row.whole(c.True),
		EveryoneN: row.whole(c.EveryoneN), EveryoneTrue: row.whole(c.EveryoneTrue),
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

// plainValue turns the driver's types into those of package results.
func plainValue(v any) any {
	switch x := v.(type) {
	case *big.Int:
		if x != nil && x.IsInt64() {
			return x.Int64()
		}
		return nil
	case int8:
		return int64(x)
	case int16:
		return int64(x)
	case int32:
		return int64(x)
	case uint8:
		return int64(x)
	case uint16:
		return int64(x)
	case uint32:
		return int64(x)
	case float32:
		return float64(x)
	case duckdb.Decimal:
		return x.Float64()
	case []any:
		out := make([]any, len(x))
		for i := range x {
			out[i] = plainValue(x[i])
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(x))
		for k := range x {
			out[k] = plainValue(x[k])
		}
		return out
	}
	return v
}
