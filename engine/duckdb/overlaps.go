package duckdb

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"strings"
	"sync"

	"personae/engine/results"
	"personae/engine/sqlgen"
	"personae/engine/sqltext"
)

// pairs are how many customers are in both of two segments, and what that is
// counted from: who is in which, a bit a customer. Nothing changes them once
// they are counted.
type pairs struct {
	at   map[string]int // segments that can be known again, by digest
	bits [][]uint64
	both [][]int64 // at [i][j], j < i
}

// overlaps counts the customers in each pair of segments. Bits and counts of
// segments that stand are those of before, so a segment that changed costs
// reading its own column and comparing it with the others.
func (s *Snapshot) overlaps(ctx context.Context, m *memory, entity string, o sqlgen.Overlap, rows int64) ([]results.Overlap, error) {
	if o.SQL == "" {
		return nil, nil
	}
	key := "pairs of segments " + m.rows
	before := &pairs{}
	if known, stands := m.recalled(key); stands {
		before = known.(*pairs)
	}
	now, was := m.pairs(o.Names, before)
	var columns []string
	var read [][]uint64
	for i, name := range o.Names {
		if was[i] < 0 {
			now.bits[i] = make([]uint64, (rows+63)/64)
			columns, read = append(columns, sqltext.Ident("in_"+name)), append(read, now.bits[i])
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
	now.count(was, before)
	m.now[key] = now
	return now.byName(o.Names), nil
}

// pairs begins the pairs of some segments with what stands of those before. was
// says where each segment stood, -1 where it is fresh.
func (m *memory) pairs(names []string, before *pairs) (now *pairs, was []int) {
	now = &pairs{at: map[string]int{}, bits: make([][]uint64, len(names)), both: make([][]int64, len(names))}
	was = make([]int, len(names))
	for i, name := range names {
		was[i] = -1
		digest := m.digests["in_"+name]
		if at, stands := before.at[digest]; stands {
			was[i], now.bits[i] = at, before.bits[at]
		}
		if digest != "" {
			now.at[digest] = i
		}
		now.both[i] = make([]int64, i)
	}
	return now, was
}

// count counts the pairs of which a segment is fresh, on every core, and takes
// the others from before.
func (p *pairs) count(was []int, before *pairs) {
	var fresh [][2]int
	for i := range p.both {
		for j := range i {
			if was[i] < 0 || was[j] < 0 {
				fresh = append(fresh, [2]int{i, j})
			} else {
				p.both[i][j] = before.both[max(was[i], was[j])][min(was[i], was[j])]
			}
		}
	}
	if len(fresh) == 0 {
		return
	}
	parts := make([][]int64, runtime.GOMAXPROCS(0))
	var wait sync.WaitGroup
	for core := range parts {
		parts[core] = make([]int64, len(fresh))
		wait.Go(func() { countStripes(p.bits, fresh, core, len(parts), parts[core]) })
	}
	wait.Wait()
	for _, part := range parts {
		for n, both := range part {
			p.both[fresh[n][0]][fresh[n][1]] += both
		}
	}
}

// stripe is how many words of all segments are looked at together: 2 kB each stay
// near the core that counts them.
const stripe = 256

// countStripes counts some pairs, in order of the first, in every so many-th
// stripe. Stripes that nobody of the first is in are passed over.
func countStripes(bits [][]uint64, fresh [][2]int, core, cores int, out []int64) {
	words := len(bits[0])
	for from := core * stripe; from < words; from += cores * stripe {
		to := min(from+stripe, words)
		first, nobody := -1, false
		for n, pair := range fresh {
			if pair[0] != first {
				first, nobody = pair[0], ones(bits[pair[0]][from:to]) == 0
			}
			if nobody {
				continue
			}
			out[n] += int64(both(bits[pair[0]][from:to], bits[pair[1]][from:to]))
		}
	}
}

// byName lists the pairs by name.
func (p *pairs) byName(names []string) []results.Overlap {
	order := make([]int, len(names))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(names[i], names[j]) })
	out := make([]results.Overlap, 0, len(names)*(len(names)-1)/2)
	for n, i := range order {
		for _, j := range order[n+1:] {
			out = append(out, results.Overlap{A: names[i], B: names[j], Both: p.both[max(i, j)][min(i, j)]})
		}
	}
	return out
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
