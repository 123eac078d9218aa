package evaluate

import (
	"context"
	"slices"

	"personae/engine/duckdb"
	"personae/engine/results"
	"personae/engine/sqlgen"
	"personae/engine/sqltext"
)

// sized are ranks with the sizes of their buckets.
func (s *Snapshot) sized(ctx context.Context, m *memory, entity string, ranks []results.Rank) ([]results.Rank, error) {
	out := slices.Clone(ranks)
	for i, r := range out {
		var err error
		if out[i].Sizes, err = s.bucketSizes(ctx, m, entity, r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// bucketSizes counts who is in each bucket of a rank, from bucket 1 on.
func (s *Snapshot) bucketSizes(ctx context.Context, m *memory, entity string, r results.Rank) ([]int64, error) {
	column := sqltext.Ident(r.Name)
	query := "SELECT " + column + "::BIGINT AS bucket, count(*) AS n FROM " + sqltext.Path(sqlgen.ResultSchema, entity) + " WHERE " + column + " IS NOT NULL GROUP BY 1"
	key, ok := m.key(query)
	if !ok {
		key = ""
	}
	return answer(m, key, func() ([]int64, error) {
		sizes := make([]int64, r.Buckets)
		err := s.db.Each(ctx, query, func(row duckdb.Row) error {
			sizes[row.Whole("bucket")-1] = row.Whole("n")
			return nil
		})
		return sizes, err
	})
}
