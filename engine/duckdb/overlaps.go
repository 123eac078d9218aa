package duckdb

import (
	"context"
	"runtime"
	"sort"
	"strings"
	"sync"

	"personae/engine/results"
	"personae/engine/sqlgen"
	"personae/engine/sqltext"
)

// overlaps counts the customers in each pair of segments, from who is in which:
// a bit a customer. Bits and counts of segments that stand are those of before,
// so a segment that changed costs reading its own column.
func (s *Snapshot) overlaps(ctx context.Context, m *memory, entity string, o sqlgen.Overlap, rows int64) ([]results.Overlap, error) {
	if o.SQL == "" {
		return nil, nil
	}
	bits, fresh := make([][]uint64, len(o.Names)), make([]bool, len(o.Names))
	var columns []string
	var read [][]uint64
	for i, name := range o.Names {
		if v, stands := m.recalled(m.pair(name, name)); stands {
			bits[i] = v.([]uint64)
			continue
		}
		fresh[i], bits[i] = true, make([]uint64, (rows+63)/64)
		columns, read = append(columns, sqltext.Ident("in_"+name)), append(read, bits[i])
		if key := m.pair(name, name); key != "" {
			m.now[key] = bits[i]
		}
	}
	if len(columns) > 0 && rows > 0 {
		_, err := eachBlock(ctx, s, rows, len(columns), func(first, last int64) string {
			return "SELECT " + strings.Join(columns, ", ") + " FROM " + sqlgen.Rows(entity, first, last)
		}, func() *packer { return &packer{into: read} })
		if err != nil {
			return nil, err
		}
	}
	return pairsOf(o.Names, bits, fresh, m), nil
}

// pair is the key of how many are in both segments, and of one and itself of who
// is in it; "" where one has no digest.
func (m *memory) pair(one, other string) string {
	a, b := m.digests["in_"+one], m.digests["in_"+other]
	if a == "" || b == "" {
		return ""
	}
	return m.rows + " both " + min(a, b) + " " + max(a, b)
}

// packer makes bits of BOOLEANs; those without a value are in no segment. Blocks
// are whole words, so that no two cores write into one.
type packer struct {
	into [][]uint64
	next int64 // the row that comes
	word []uint64
}

func (p *packer) at(first int64) { p.next = first }

func (p *packer) add(c *bytesChunk) {
	if p.word == nil {
		p.word = make([]uint64, chunkRows/64)
	}
	words, shift := (c.rows+63)/64, p.next%64
	for i, bits := range p.into {
		word := p.word[:words]
		pack(word, c.columns[i][:c.rows])
		for w := range word {
			if c.valid[i] != nil {
				word[w] &= c.valid[i][w]
			}
			at := p.next/64 + int64(w)
			bits[at] |= word[w] << shift
			if over := word[w] >> (64 - shift); shift > 0 && over != 0 {
				bits[at+1] |= over
			}
		}
	}
	p.next += int64(c.rows)
}

// pairsOf counts the pairs of which a segment is fresh, takes the others from
// before, keeps all, and sorts them by name.
func pairsOf(names []string, bits [][]uint64, fresh []bool, m *memory) []results.Overlap {
	var out []results.Overlap
	var wait sync.WaitGroup
	cores := runtime.GOMAXPROCS(0)
	parts := countPairs(bits, fresh, cores, &wait)
	wait.Wait()
	for i, a := range names {
		for j := i + 1; j < len(names); j++ {
			pair := results.Overlap{A: min(a, names[j]), B: max(a, names[j])}
			key := m.pair(a, names[j])
			if known, stands := m.recalled(key); stands {
				pair.Both = known.(int64)
			} else {
				for _, part := range parts {
					pair.Both += part[i][j]
				}
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

// stripe is how many words of all segments are looked at together: 2 kB each stay
// near the core that counts them.
const stripe = 256

// countPairs counts on every core, each in stripes of its own; the sum over cores
// at [i][j], i < j, is how many are in both.
func countPairs(bits [][]uint64, fresh []bool, cores int, wait *sync.WaitGroup) [][][]int64 {
	parts := make([][][]int64, cores)
	for core := range parts {
		for range bits {
			parts[core] = append(parts[core], make([]int64, len(bits)))
		}
		wait.Go(func() { countStripes(bits, fresh, core, cores, parts[core]) })
	}
	return parts
}

func countStripes(bits [][]uint64, fresh []bool, core, cores int, out [][]int64) {
	if len(bits) == 0 {
		return
	}
	for from := core * stripe; from < len(bits[0]); from += cores * stripe {
		to := min(from+stripe, len(bits[0]))
		for i := range bits {
			a := bits[i][from:to]
			if ones(a) == 0 {
				continue
			}
			for j := i + 1; j < len(bits); j++ {
				if fresh[i] || fresh[j] {
					out[i][j] += int64(both(a, bits[j][from:to]))
				}
			}
		}
	}
}
