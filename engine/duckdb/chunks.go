package duckdb

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"unsafe"

	"github.com/duckdb/duckdb-go/v2/mapping"

	duckdb "github.com/duckdb/duckdb-go/v2"
)

// Chunk is some rows of a query whose columns are one byte wide each. It is
// memory of the database: nothing of it may be kept.
type Chunk struct {
	Rows    int
	Columns [][]byte
	Valid   [][]uint64 // a bit a row, 1 for a value; nil where all have one
}

// EachChunk runs a query of one-byte columns and hands out its vectors as the
// database holds them. A row of the driver costs about 40 ns a cell; this costs
// nothing, which is what makes counting ten million rows by hundreds of
// attributes possible. The driver has no such call, so its connection is taken
// from it: a field that is not exported, looked up by name and type.
func (db *DB) EachChunk(ctx context.Context, query string, width int, f func(*Chunk)) error {
	conn, err := db.sql.Conn(ctx)
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
		out := &Chunk{Columns: make([][]byte, width), Valid: make([][]uint64, width)}
		for {
			chunk := mapping.FetchChunk(result)
			if chunk.Ptr == nil {
				return ctx.Err()
			}
			out.Rows = int(mapping.DataChunkGetSize(chunk))
			for i := range width {
				vector := mapping.DataChunkGetVector(chunk, mapping.IdxT(i))
				out.Columns[i] = unsafe.Slice((*byte)(mapping.VectorGetData(vector)), out.Rows)
				out.Valid[i] = nil
				if mask := mapping.VectorGetValidity(vector); mask != nil {
					out.Valid[i] = unsafe.Slice((*uint64)(mask), (out.Rows+63)/64)
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
