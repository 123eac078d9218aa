package duckdb

import (
	"context"
	"fmt"
	"sort"

	"personae/engine/results"
	"personae/engine/sqlgen"
)

// overlaps counts the customers in each pair of segments: a block of rows at a
// time on every core, as bits. Pairs of segments that stand are not counted again.
func (s *Snapshot) overlaps(ctx context.Context, m *memory, o sqlgen.Overlap, rows int64) ([]results.Overlap, error) {
	if o.SQL == "" {
		return nil, nil
	}
	fresh, any := make([]bool, len(o.Names)), false
	for i, name := range o.Names {
		_, stands := m.recalled(m.pair(name, name))
		fresh[i] = !stands
		any = any || fresh[i]
	}
	counted := newPairs(fresh)
	if any {
		parts, err := eachBlock(ctx, s, rows, len(o.Names), func(first, last int64) string {
			return fmt.Sprintf("%s WHERE rowid BETWEEN %d AND %d", o.SQL, first, last)
		}, func() *pairs { return newPairs(fresh) })
		if err != nil {
			return nil, err
		}
		for _, p := range parts {
			counted.merge(p)
		}
	}
	return counted.named(o.Names, m), nil
}

// pair is the key of how many are in both segments; "" where one has no digest.
func (m *memory) pair(one, other string) string {
	a, b := m.digests["in_"+one], m.digests["in_"+other]
	if a == "" || b == "" {
		return ""
	}
	return m.rows + " both " + min(a, b) + " " + max(a, b)
}

// pairs counts rows that are in two segments at once.
type pairs struct {
	fresh   []bool    // segments whose pairs are counted
	both    [][]int64 // [i][j] for i < j
	members [][]uint64
	some    []int // segments with members in the chunk
}

func newPairs(fresh []bool) *pairs {
	p := &pairs{fresh: fresh}
	for range fresh {
		p.both = append(p.both, make([]int64, len(fresh)))
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
			if p.fresh[i] || p.fresh[j] {
				counts[j] += int64(both(m, p.members[j][:words]))
			}
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

// named completes the pairs with those that stand, keeps them, and sorts them by
// name.
func (p *pairs) named(names []string, m *memory) []results.Overlap {
	var out []results.Overlap
	for i, a := range names {
		if self := m.pair(a, a); self != "" {
			m.now[self] = true
		}
		for j := i + 1; j < len(names); j++ {
			pair := results.Overlap{A: min(a, names[j]), B: max(a, names[j]), Both: p.both[i][j]}
			key := m.pair(a, names[j])
			if known, stands := m.recalled(key); stands && !p.fresh[i] && !p.fresh[j] {
				pair.Both = known.(int64)
			}
			if key != "" {
				m.now[key] = pair.Both
			}
			out = append(out, pair)
		}
	}
	sort.Slice(out, func(i, j int) bool {
		return out[i].A < out[j].A || out[i].A == out[j].A && out[i].B < out[j].B
	})
	return out
}
