package duckdb

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"sync"
	"unsafe"

	"github.com/duckdb/duckdb-go/v2/mapping"

	duckdb "github.com/duckdb/duckdb-go/v2"
)

// bytesChunk is some rows of a query whose columns are one byte wide each. It is
// memory of the database: nothing of it may be kept.
type bytesChunk struct {
	rows    int
	columns [][]byte
	valid   [][]uint64 // a bit a row, 1 for a value; nil where all have one
}

// eachChunk runs a query of one-byte columns and hands out its vectors as the
// database holds them. A row of the driver costs about 40 ns a cell; this costs
// nothing, which is what makes counting ten million rows by hundreds of
// attributes possible. The driver has no such call, so its connection is taken
// from it: a field that is not exported, looked up by name and type.
func (s *Snapshot) eachChunk(ctx context.Context, query string, width int, f func(*bytesChunk)) error {
	conn, err := s.db.sql.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Raw(func(c any) error {
		inner, err := innerConnection(c)
		if err != nil {
			return err
		}
		stop := context.AfterFunc(ctx, func() { mapping.Interrupt(inner) })
		defer stop()
		var statement mapping.PreparedStatement
		defer mapping.DestroyPrepare(&statement)
		if mapping.Prepare(inner, query, &statement) == mapping.StateError {
			return errors.New(mapping.PrepareError(statement))
		}
		var result mapping.Result
		defer mapping.DestroyResult(&result)
		if mapping.ExecutePrepared(statement, &result) == mapping.StateError {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return errors.New(mapping.ResultError(&result))
		}
		out := &bytesChunk{columns: make([][]byte, width), valid: make([][]uint64, width)}
		for {
			chunk := mapping.FetchChunk(result)
			if chunk.Ptr == nil {
				return ctx.Err()
			}
			out.rows = int(mapping.DataChunkGetSize(chunk))
			for i := range width {
				vector := mapping.DataChunkGetVector(chunk, mapping.IdxT(i))
				out.columns[i] = unsafe.Slice((*byte)(mapping.VectorGetData(vector)), out.rows)
				out.valid[i] = nil
				if mask := mapping.VectorGetValidity(vector); mask != nil {
					out.valid[i] = unsafe.Slice((*uint64)(mask), (out.rows+63)/64)
				}
			}
			f(out)
			mapping.DestroyDataChunk(&chunk)
		}
	})
}

// innerConnection is the connection below the driver's.
func innerConnection(c any) (mapping.Connection, error) {
	conn, ok := c.(*duckdb.Conn)
	if !ok {
		return mapping.Connection{}, fmt.Errorf("the driver's connection is a %T", c)
	}
	field := reflect.ValueOf(conn).Elem().FieldByName("conn")
	if !field.IsValid() || field.Type() != reflect.TypeFor[mapping.Connection]() {
		return mapping.Connection{}, errors.New("this version of the driver has no connection of that name")
	}
	return *(*mapping.Connection)(unsafe.Pointer(field.UnsafeAddr())), nil
}

// blockBytes is how much of a query's result is held at a time, on each core.
// A block is a query of its own, which has to be planned: with hundreds of
// columns that costs as much as reading a hundred thousand rows.
const blockBytes = 64 << 20

// eachBlock runs a query of one-byte columns over all rows, a block at a time on
// every core. Each core has a counter of its own; their sums do not depend on who
// counted what. One that has to know where it is has a method at.
func eachBlock[T interface{ add(*bytesChunk) }](ctx context.Context, s *Snapshot, rows int64, width int, query func(first, last int64) string, counter func() T) ([]T, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	cores := int64(runtime.GOMAXPROCS(0))
	size := max(blockRows, min(blockBytes/int64(width), (rows+cores-1)/cores))
	size = (size + blockRows - 1) / blockRows * blockRows // whole row groups
	blocks := make(chan int64)
	counters := make([]T, min(cores, (rows-1)/size+1))
	var wait sync.WaitGroup
	for i := range counters {
		counters[i] = counter()
		wait.Go(func() {
			for first := range blocks {
				if placed, ok := any(counters[i]).(interface{ at(first int64) }); ok {
					placed.at(first)
				}
				if err := s.eachChunk(ctx, query(first, first+size-1), width, counters[i].add); err != nil {
					cancel(err)
				}
			}
		})
	}
feed:
	for first := int64(0); first < rows; first += size {
		select {
		case blocks <- first:
		case <-ctx.Done():
			break feed
		}
	}
	close(blocks)
	wait.Wait()
	return counters, context.Cause(ctx)
}
