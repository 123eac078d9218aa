package report

import (
	"cmp"
	"slices"

	"personae/engine/results"
)

// mostValues is how many values a chart of texts shows; the rest is one bar.
const mostValues = 10

// cell is one bar of an attribute for one group: members with that value, and
// everyone with it.
type cell struct {
	bin      int   // of the attribute; restBin for all that have no bar of their own
	members  int64 // who of the group
	everyone int64
	state    hidden // of members
	all      hidden // of everyone
}

const restBin = -1

// cells are the bars of one attribute for one group, with what may be shown of
// them. unknown stands for those without a value. They add up to the group, and
// to everyone.
type cells struct {
	bars     []cell
	unknown  cell
	members  int64 // who has a value
	everyone int64
}

// cells works out the bars of an attribute for a group. Both counts of a bar may
// be known to a reader: who is in it, and who of the others is. Neither may be a
// small group.
func (b *builder) cells(a *results.Binned, counts []int64) cells {
	c := cells{members: results.Known(counts), everyone: results.Known(a.Everyone)}
	c.unknown = cell{members: counts[0], everyone: a.Everyone[0]}
	atoms := make([]cell, len(counts)-1)
	table := make([]*cell, 0, len(counts))
	for i := range atoms {
		atoms[i] = cell{bin: i + 1, members: counts[i+1], everyone: a.Everyone[i+1]}
		table = append(table, &atoms[i])
	}
	suppress(append(table, &c.unknown), b.min)
	if a.Kind != results.Values {
		c.bars = atoms
		return c
	}
	c.bars = topBars(a, atoms, c.unknown)
	return c
}

// topBars are the most frequent values of a group, and one bar for all others.
// What is hidden is decided for every value, whether it has a bar or not, and so
// it is the same for a group and its opposite, though their bars are not. The
// others together are shown where nothing is hidden among them, or nothing
// elsewhere: else their sum would tell what is hidden on each side.
func topBars(a *results.Binned, atoms []cell, unknown cell) []cell {
	own := slices.Clone(atoms[:len(atoms)-1]) // the last one holds what is rare everywhere
	slices.SortStableFunc(own, func(x, y cell) int {
		return cmp.Or(cmp.Compare(y.members, x.members), cmp.Compare(a.Values[x.bin-1], a.Values[y.bin-1]))
	})
	var bars []cell
	rest := cell{bin: restBin}
	outside, inside := [2]bool{unknown.state != shown, unknown.all != shown}, [2]bool{}
	for i, x := range append(own, atoms[len(atoms)-1]) {
		if i < mostValues && i < len(own) {
			if x.everyone > 0 {
				bars = append(bars, x)
			}
			outside = [2]bool{outside[0] || x.state != shown, outside[1] || x.all != shown}
			continue
		}
		rest.members, rest.everyone = rest.members+x.members, rest.everyone+x.everyone
		inside = [2]bool{inside[0] || x.state != shown, inside[1] || x.all != shown}
	}
	if inside[1] && outside[1] {
		rest.all = secondary
	}
	if inside[0] && outside[0] {
		rest.state = secondary
	}
	if rest.everyone > 0 {
		bars = append(bars, rest)
	}
	return bars
}

// suppress decides what is shown of cells that add up to a shown group and to
// everyone. A cell of everyone is hidden where it is small; a cell of the group
// too, and where few of the others are in it, since both are what the shown ones
// leave. None at all names nobody. Then further cells are hidden, until those
// that are hidden hold no small group together: of everyone, of the group and of
// the others. What is hidden next is the same for a group and for its opposite.
func suppress(table []*cell, min int64) {
	small := func(n int64) bool { return n > 0 && n < min }
	for _, c := range table {
		if small(c.everyone) {
			c.all = tooFew
		}
	}
	more(table, func(c *cell) *hidden { return &c.all }, func(c *cell) []int64 { return []int64{c.everyone} }, min)
	for _, c := range table {
		switch {
		case small(c.members):
			c.state = tooFew
		case c.all != shown || small(c.everyone-c.members):
			c.state = secondary
		}
	}
	more(table, func(c *cell) *hidden { return &c.state }, func(c *cell) []int64 { return []int64{c.members, c.everyone - c.members} }, min)
}

// more hides the smallest cells of everyone until every sum over hidden cells
// is nobody or no small group.
func more(table []*cell, state func(*cell) *hidden, counts func(*cell) []int64, min int64) {
	for {
		var sums []int64
		hiddenCells := 0
		for _, c := range table {
			if *state(c) == shown {
				continue
			}
			hiddenCells++
			for i, n := range counts(c) {
				if len(sums) <= i {
					sums = append(sums, 0)
				}
				sums[i] += n
			}
		}
		enough := hiddenCells != 1 // one alone is what the others leave
		for _, n := range sums {
			enough = enough && (n == 0 || n >= min)
		}
		if enough {
			return
		}
		var next *cell
		for _, c := range table {
			if *state(c) == shown && (next == nil || before(c, next)) {
				next = c
			}
		}
		if next == nil {
			return
		}
		*state(next) = secondary
	}
}

// before says which cell is hidden first: one that has both members and others,
// since one of them alone protects half, then the smaller one.
func before(x, y *cell) bool {
	mixed := func(c *cell) bool { return c.members > 0 && c.members < c.everyone }
	if mixed(x) != mixed(y) {
		return mixed(x)
	}
	if x.everyone == 0 || y.everyone == 0 {
		return x.everyone > 0 && y.everyone == 0
	}
	return x.everyone < y.everyone
}
