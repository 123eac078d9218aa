package duckdb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"

	duckdb "github.com/duckdb/duckdb-go/v2"
)

// batchRows is how many rows a goroutine decides at a time.
const batchRows = 512

// rowBatch is some rows on their way to cel-go.
type rowBatch struct {
	ids     []int64
	rows    [][]any // what SQL found, then columns
	found   int     // how many of a row's values SQL found
	answers []driver.Value
}

// row gives the columns of a row and what SQL found for it.
func (b *rowBatch) row(n int) (columns, found []any) { return b.rows[n][b.found:], b.rows[n][:b.found] }

// readBatches runs a query whose first column is a row's number and hands its
// rows on in batches. It reads with the driver's own rows, which costs a third
// of database/sql (no conversion of each cell).
func (s *Snapshot) readBatches(ctx context.Context, conn *sql.Conn, query string, found int, take func(*rowBatch)) error {
	return conn.Raw(func(c any) error {
		rows, err := c.(driver.QueryerContext).QueryContext(ctx, query, nil)
		if err != nil {
			return err
		}
		cells := make([]driver.Value, len(rows.Columns()))
		b := &rowBatch{found: found}
		for {
			err := rows.Next(cells)
			if err == nil {
				values := make([]any, len(cells)-1)
				for i, v := range cells[1:] {
					values[i] = rowValue(v)
				}
				id, _ := cells[0].(int64)
				b.ids, b.rows = append(b.ids, id), append(b.rows, values)
			}
			if len(b.ids) == batchRows || err != nil && len(b.ids) > 0 {
				take(b)
				b = &rowBatch{found: found}
			}
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				if errors.Is(err, io.EOF) {
					err = nil
				}
				return errors.Join(err, rows.Close())
			}
		}
	})
}

// rowValue turns the driver's types into those that eval reads.
func rowValue(v any) any {
	switch x := v.(type) {
	case nil, int64, float64, string, bool:
		return v
	case duckdb.Map:
		out := make(map[any]any, len(x))
		for k, e := range x {
			out[rowValue(k)] = rowValue(e)
		}
		return out
	case []any:
		out := make([]any, len(x))
		for i := range x {
			out[i] = rowValue(x[i])
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(x))
		for k := range x {
			out[k] = rowValue(x[k])
		}
		return out
	}
	return plainValue(v)
}
