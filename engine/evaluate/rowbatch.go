package evaluate

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"runtime"
	"sync"

	"personae/engine/byrow"
	"personae/engine/duckdb"
	"personae/engine/sqlgen"
)

// batchRows is how many rows a goroutine decides at a time.
const batchRows = 512

// rowBatch is some rows on their way to cel-go.
type rowBatch struct {
	ids     []int64
	rows    [][]any              // what SQL found, then columns
	related [][][]map[string]any // rows that belong to each, by relation; nil where none are read
	source  rowSource
	answers []driver.Value
	asked   []int64 // by output: rows that cel-go was asked for, and answered
	decided []int64
}

// fill gives cel-go a row of the batch, and returns what SQL found for it.
func (b *rowBatch) fill(row *byrow.Row, n int) ([]any, error) {
	found := b.rows[n][:b.source.found]
	row.Fill(b.rows[n][b.source.found:], found)
	if len(b.source.relations) == 0 {
		return found, nil
	}
	return found, row.Relate(b.source.relations, b.related[n])
}

// done lets go of a row.
func (b *rowBatch) done(n int) {
	b.rows[n] = nil
	if len(b.source.relations) > 0 {
		b.related[n] = nil
	}
}

// parallel runs a query of rows through cel-go, on all cores, and returns the
// batches in the order of the query.
func (s *Snapshot) parallel(ctx context.Context, conn *sql.Conn, d *byrow.Decider, source rowSource, explain bool, work func(context.Context, *byrow.Row, *rowBatch) error) ([]*rowBatch, error) {
	var batches []*rowBatch
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	queue := make(chan *rowBatch)
	var wait sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		row, err := d.NewRow(s.AsOf, explain)
		if err != nil {
			cancel(err)
			break
		}
		wait.Go(func() {
			for b := range queue {
				if err := work(ctx, row, b); err != nil {
					cancel(err)
				}
			}
		})
	}
	err := s.readBatches(ctx, conn, source, func(b *rowBatch) {
		batches = append(batches, b)
		select {
		case queue <- b:
		case <-ctx.Done():
		}
	})
	close(queue)
	wait.Wait()
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	return batches, err
}

// appendAnswers writes answers, a number of them for each row, into a table of
// the results, in the order of rows.
func appendAnswers(conn *sql.Conn, table string, width int, batches []*rowBatch) error {
	return duckdb.Append(conn, sqlgen.ResultSchema, "", table, func(yield func([]driver.Value) bool) {
		values := make([]driver.Value, 1+width)
		for _, b := range batches {
			for i, id := range b.ids {
				values[0] = id
				copy(values[1:], b.answers[i*width:])
				if !yield(values) {
					return
				}
			}
		}
	})
}

// readBatches runs a query whose first column is a row's number and hands its
// rows on in batches. It reads with the driver's own rows, which costs a third
// of database/sql (no conversion of each cell).
func (s *Snapshot) readBatches(ctx context.Context, conn *sql.Conn, source rowSource, take func(*rowBatch)) (err error) {
	related, err := s.openRelated(ctx, source.related)
	defer func() { err = errors.Join(err, closeRelated(related)) }()
	if err != nil {
		return err
	}
	return conn.Raw(func(c any) error {
		rows, err := c.(driver.QueryerContext).QueryContext(ctx, source.query, nil)
		if err != nil {
			return err
		}
		cells := make([]driver.Value, len(rows.Columns()))
		b := &rowBatch{source: source}
		for {
			err := rows.Next(cells)
			if err == nil {
				values := make([]any, len(cells)-1)
				for i, v := range cells[1:] {
					values[i] = duckdb.Plain(v)
				}
				id, _ := cells[0].(int64)
				b.ids, b.rows = append(b.ids, id), append(b.rows, values)
				if len(related) > 0 {
					var below [][]map[string]any
					below, err = relatedOf(related, id)
					b.related = append(b.related, below)
				}
			}
			if len(b.ids) == batchRows || err != nil && len(b.ids) > 0 {
				take(b)
				b = &rowBatch{source: source}
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
