package duckdb

import (
	"context"
	"fmt"
	"sort"

	"personae/engine/results"
	"personae/engine/sqlgen"
)

// overlaps counts the customers in each pair of segments: a block of rows at a
// time on every core, as bits.
func (s *Snapshot) overlaps(ctx context.Context, o sqlgen.Overlap, rows int64) ([]results.Overlap, error) {
	if o.SQL == "" {
		return nil, nil
	}
	counts, err := eachBlock(ctx, s, rows, len(o.Names), func(first, last int64) string {
		return fmt.Sprintf("%s WHERE rowid BETWEEN %d AND %d", o.SQL, first, last)
	}, func() *pairs { return newPairs(len(o.Names)) })
	if err != nil {
		return nil, err
	}
	for _, p := range counts[1:] {
		counts[0].merge(p)
	}
	return counts[0].named(o.Names), nil
}

// pairs counts rows that are in two segments at once.
type pairs struct {
	both    [][]int64 // [i][j] for i < j
	members [][]uint64
	some    []int // segments with members in the chunk
}

func newPairs(n int) *pairs {
	p := &pairs{}
	for range n {
		p.both = append(p.both, make([]int64, n))
		p.members = append(p.members, make([]uint64, chunkRows/64))
	}
	return p
}

// add counts a chunk of BOOLEANs; those without a value are in no segment.
func (p *pairs) add(c *bytesChunk) {
	words := (c.rows + 63) / 64
	p.some = p.some[:0]
	for i := range p.members {
		m := p.members[i][:words]
		pack(m, c.columns[i][:c.rows])
		any := uint64(0)
		for w := range m {
			if c.valid[i] != nil {
				m[w] &= c.valid[i][w]
			}
			any |= m[w]
		}
		if any != 0 {
			p.some = append(p.some, i)
		}
	}
	for a, i := range p.some {
		m, counts := p.members[i][:words], p.both[i]
		for _, j := range p.some[a+1:] {
			counts[j] += int64(both(m, p.members[j][:words]))
		}
	}
}

// merge adds the counts of others of the same segments.
func (p *pairs) merge(o *pairs) {
	for i := range p.both {
		for j, n := range o.both[i] {
			p.both[i][j] += n
		}
	}
}

// named sorts the pairs by name.
func (p *pairs) named(names []string) []results.Overlap {
	var out []results.Overlap
	for i, a := range names {
		for j := i + 1; j < len(names); j++ {
			pair := results.Overlap{A: a, B: names[j], Both: p.both[i][j]}
			if pair.B < pair.A {
				pair.A, pair.B = pair.B, pair.A
			}
			out = append(out, pair)
		}
	}
	sort.Slice(out, func(i, j int) bool {
		return out[i].A < out[j].A || out[i].A == out[j].A && out[i].B < out[j].B
	})
	return out
}
