package evaluate

import (
	"context"
	"runtime"
	"sync"

	"personae/engine/duckdb"
)

// blockBytes is how much of a query's result is held at a time, on each core.
// A block is a query of its own, which has to be planned: with hundreds of
// columns that costs as much as reading a hundred thousand rows.
const blockBytes = 64 << 20

// eachBlock runs a query of one-byte columns over all rows, a block at a time on
// every core. Each core has a counter of its own; their sums do not depend on who
// counted what. One that has to know where it is has a method at.
func eachBlock[T interface{ add(*duckdb.Chunk) }](ctx context.Context, s *Snapshot, rows int64, width int, query func(first, last int64) string, counter func() T) ([]T, error) {
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
				if err := s.db.EachChunk(ctx, query(first, first+size-1), width, counters[i].add); err != nil {
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
