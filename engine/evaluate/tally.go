package evaluate

import (
	"math/bits"

	"personae/engine/duckdb"
)

// tally counts who is in which group and in which bin. Counting a group by a
// bin is an AND of two rows of bits and a count of ones: for groups of few
// members it is cheaper to look at each of them. Measured on one core: 0.6 µs a
// row for 50 groups and 40 attributes of eight bins, about 10 µs for 500 and 100.
type tally struct {
	groups [][]uint64 // who is in which, a bit a row
	bins   []int      // of each attribute, the one of no value included
	counts [][]int64  // by attribute: group*bins + bin; after the groups, everyone
	codes  [][]byte   // by attribute: where the bin of each row is kept; may be nil
	few    int        // members in a chunk that are counted one by one

	next    int64      // the row that comes
	chunk   [][]byte   // bins of the chunk, by attribute
	members [][]uint64 // of the chunk, by group
	size    []int      // members in the chunk
	in      [][]uint64 // by bin of one attribute
	rows    []int32
}

// chunkRows is the most rows of a chunk of the database.
const chunkRows = 2048

// fewMembers in a chunk are counted one by one.
const fewMembers = 96

func newTally(groups [][]uint64, bins []int) *tally {
	t := &tally{groups: groups, bins: bins, few: fewMembers, codes: make([][]byte, len(bins)), size: make([]int, len(groups))}
	most := 0
	for _, n := range bins {
		t.counts = append(t.counts, make([]int64, (len(groups)+1)*n))
		t.chunk = append(t.chunk, make([]byte, chunkRows))
		most = max(most, n)
	}
	for range groups {
		t.members = append(t.members, make([]uint64, chunkRows/64))
	}
	for range most {
		t.in = append(t.in, make([]uint64, chunkRows/64))
	}
	return t
}

func (t *tally) at(first int64) { t.next = first }

// add counts a chunk: a column for each attribute.
func (t *tally) add(c *duckdb.Chunk) {
	words := (c.Rows + 63) / 64
	t.enter(words, c.Rows)
	for a := range t.bins {
		code := t.chunk[a][:c.Rows]
		copy(code, c.Columns[a])
		if mask := c.Valid[a]; mask != nil {
			for i := range code {
				if mask[i/64]>>(i%64)&1 == 0 {
					code[i] = 0
				}
			}
		}
		if t.codes[a] != nil {
			copy(t.codes[a][t.next:], code)
		}
	}
	t.count(words, c.Rows)
	t.next += int64(c.Rows)
}

// again counts rows whose bins are kept, where everyone is counted already.
func (t *tally) again(codes [][]byte, first, last int64) {
	if len(t.groups) <= fewGroups {
		t.few = chunkRows
	}
	for t.next = first; t.next < last; t.next += chunkRows {
		rows := int(min(chunkRows, last-t.next))
		words := (rows + 63) / 64
		t.enter(words, rows)
		for a := range t.bins {
			t.chunk[a] = codes[a][t.next : t.next+int64(rows)]
		}
		t.count(words, rows)
	}
}

// fewGroups are counted row by row where nothing else is to be counted: to make
// bits of bins would cost more.
const fewGroups = 2

// count counts a chunk.
func (t *tally) count(words, rows int) {
	if t.few < chunkRows {
		for a := range t.bins {
			t.many(a, t.chunk[a][:rows], words)
		}
	}
	for g := range t.groups {
		t.each(g, words)
	}
}

// enter finds the members in the rows that come.
func (t *tally) enter(words, rows int) {
	for g, all := range t.groups {
		unpack(t.members[g][:words], all, t.next, rows)
		t.size[g] = ones(t.members[g][:words])
	}
}

// each counts a group of few members in all attributes, row by row.
func (t *tally) each(g, words int) {
	if t.size[g] == 0 || t.size[g] > t.few {
		return
	}
	t.rows = t.rows[:0]
	for w, word := range t.members[g][:words] {
		for word != 0 {
			t.rows = append(t.rows, int32(w*64+bits.TrailingZeros64(word)))
			word &= word - 1
		}
	}
	for a, n := range t.bins {
		counts, code := t.counts[a][g*n:(g+1)*n], t.chunk[a]
		for _, r := range t.rows {
			counts[code[r]]++
		}
	}
}

// many counts everyone and all groups of many members in one attribute.
func (t *tally) many(a int, code []byte, words int) {
	n := t.bins[a]
	for b := range n {
		clear(t.in[b][:words])
	}
	for i, c := range code {
		t.in[c][i/64] |= 1 << (i % 64)
	}
	counts := t.counts[a]
	for b := range n {
		counts[len(t.groups)*n+b] += int64(ones(t.in[b][:words]))
	}
	for g := range t.groups {
		if t.size[g] <= t.few {
			continue
		}
		m := t.members[g][:words]
		for b := range n {
			counts[g*n+b] += int64(both(m, t.in[b][:words]))
		}
	}
}

// group gives the counts of a group in an attribute; of everyone after the last.
func (t *tally) group(a, g int) []int64 { return t.counts[a][g*t.bins[a] : (g+1)*t.bins[a]] }

func ones(a []uint64) int {
	n := 0
	for _, w := range a {
		n += bits.OnesCount64(w)
	}
	return n
}

func both(a, b []uint64) int {
	n := 0
	b = b[:len(a)]
	for i, w := range a {
		n += bits.OnesCount64(w & b[i])
	}
	return n
}

// without counts what is in a and not in b.
func without(a, b []uint64) int64 {
	n := 0
	b = b[:len(a)]
	for i, w := range a {
		n += bits.OnesCount64(w &^ b[i])
	}
	return int64(n)
}

// merge adds the counts of another tally of the same shape.
func (t *tally) merge(o *tally) {
	for a, counts := range o.counts {
		for i, n := range counts {
			t.counts[a][i] += n
		}
	}
}
