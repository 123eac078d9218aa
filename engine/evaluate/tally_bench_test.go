package evaluate

import (
	"math/rand"
	"testing"

	"personae/engine/duckdb"
)

// BenchmarkTally counts chunks by 500 groups and 100 attributes of 9 bins, and by
// 50 and 40: the time of one row is what ten million rows cost, times ten million.
func BenchmarkTally(b *testing.B) {
	for _, c := range []struct {
		name               string
		groups, attributes int
		share              float64 // of rows that are in a group
	}{{"50x40", 50, 40, 0.1}, {"500x100", 500, 100, 0.1}, {"500x100 small groups", 500, 100, 0.01}} {
		b.Run(c.name, func(b *testing.B) {
			r := rand.New(rand.NewSource(1))
			groups := make([][]uint64, c.groups)
			for g := range groups {
				groups[g] = make([]uint64, chunkRows/64)
				for k := range chunkRows {
					if r.Float64() < c.share {
						groups[g][k/64] |= 1 << (k % 64)
					}
				}
			}
			chunk := &duckdb.Chunk{Rows: chunkRows, Valid: make([][]uint64, c.attributes)}
			for range c.attributes {
				column := make([]byte, chunkRows)
				for k := range column {
					column[k] = byte(1 + r.Intn(8))
				}
				chunk.Columns = append(chunk.Columns, column)
			}
			bins := make([]int, c.attributes)
			for i := range bins {
				bins[i] = 9
			}
			t := newTally(groups, bins)
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				t.at(0)
				t.add(chunk)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/chunkRows, "ns/row")
		})
	}
}
