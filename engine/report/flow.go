package report

import (
	"personae/engine/results"
)

// Flows are the moves between the groups of a segmentation since an earlier
// version. They are no part of a version: the front page shows them.
type Flows struct {
	Entity, Segmentation string
	Moves                []Move
	Hidden               bool // some are hidden
}

// Move is how many went from one group to another. From and To are names of
// groups, or what results says of those who are in none.
type Move struct {
	From, To string
	People   Number
}

// FlowsBetween decides what may be shown of the moves between two reports. A reader
// knows the sizes of groups in both: they are what rows and columns of the table add
// up to.
func FlowsBetween(before, after *Report, found []results.Flow, words Words) []Flows {
	b := &builder{Input: Input{Words: words}, min: max(before.MinGroup, after.MinGroup)}
	var out []Flows
	for _, now := range after.Segmentations {
		for _, old := range before.Segmentations {
			if old.Name != now.Name || old.Entity != now.Entity {
				continue
			}
			f := Flows{Entity: now.Entity, Segmentation: now.Name}
			cells := flowTable(old, now, found)
			suppressFlows(cells, b.min)
			for _, c := range cells {
				if c.state == shown {
					f.Moves = append(f.Moves, Move{c.from, c.to, b.count(c.people, c.state)})
				}
				f.Hidden = f.Hidden || c.state != shown && c.people > 0
			}
			if len(f.Moves) > 0 {
				out = append(out, f)
			}
		}
	}
	return out
}

// flowTable is every move that there could be. What nobody did is not shown, as
// what few did: a reader cannot tell them apart.
func flowTable(old, now Segmentation, found []results.Flow) []flowCell {
	people := map[[2]string]int64{}
	for _, x := range found {
		if x.Entity == now.Entity && x.Segmentation == now.Name {
			people[[2]string{x.From, x.To}] += x.People
		}
	}
	var out []flowCell
	hiddenBefore, from := flowGroups(old)
	hiddenNow, to := flowGroups(now)
	for _, f := range from {
		for _, t := range to {
			c := flowCell{from: f, to: t, people: people[[2]string{f, t}]}
			if c.people == 0 || hiddenBefore[f] || hiddenNow[t] {
				c.state = secondary
			}
			out = append(out, c)
		}
	}
	return out
}

// flowGroups are where somebody can be, and which of these sizes are hidden.
func flowGroups(s Segmentation) (hides map[string]bool, names []string) {
	hides = map[string]bool{results.Undecided: s.Unknown.Hidden}
	for _, g := range s.Groups {
		hides[g.Name] = g.Size.Members.Hidden
		names = append(names, g.Name)
	}
	return hides, append(names, results.Undecided, results.NotThere)
}

// flowCell is a cell of a table whose rows and columns add up to known sizes.
type flowCell struct {
	from, to string
	people   int64
	state    hidden
}

// suppressFlows hides small moves, and others until no hidden one can be worked
// out: what is hidden of a row or a column is never one cell alone and never a small
// sum, and no small one is all that joins two parts of what is hidden, since it
// would be the difference of their sums.
func suppressFlows(cells []flowCell, min int64) {
	for i := range cells {
		if cells[i].people > 0 && cells[i].people < min {
			cells[i].state = tooFew
		}
	}
	for {
		line := openLine(cells, min)
		if line == nil {
			line = openBridge(cells, min)
		}
		next := -1
		for _, i := range line {
			if cells[i].state == shown && (next < 0 || cells[i].people < cells[next].people) {
				next = i
			}
		}
		if next < 0 {
			return
		}
		cells[next].state = secondary
	}
}

// openLine finds a row or a column of which hidden cells can be worked out, and
// that has another cell to hide; nil where there is none.
func openLine(cells []flowCell, min int64) []int {
	empty := nobody(cells)
	for _, line := range flowLines(cells) {
		var gone, left int
		var sum int64
		for _, i := range line {
			switch {
			case cells[i].state == shown:
				left++
			case !empty[i]:
				gone, sum = gone+1, sum+cells[i].people
			}
		}
		if left > 0 && sum > 0 && (gone == 1 || sum < min) {
			return line
		}
	}
	return nil
}

// flowLines are the rows and the columns, as places of cells.
func flowLines(cells []flowCell) [][]int {
	var out [][]int
	for _, of := range []func(flowCell) string{func(c flowCell) string { return c.from }, func(c flowCell) string { return c.to }} {
		at := map[string]int{}
		for i, c := range cells {
			if _, known := at[of(c)]; !known {
				at[of(c)] = len(out)
				out = append(out, nil)
			}
			out[at[of(c)]] = append(out[at[of(c)]], i)
		}
	}
	return out
}

// nobody marks hidden cells that must be empty: what is shown of their row or
// column is all of it.
func nobody(cells []flowCell) []bool {
	out := make([]bool, len(cells))
	for _, line := range flowLines(cells) {
		var sum int64
		for _, i := range line {
			if cells[i].state != shown {
				sum += cells[i].people
			}
		}
		for _, i := range line {
			out[i] = out[i] || sum == 0 && cells[i].state != shown
		}
	}
	return out
}

// openBridge finds a small hidden cell without which its row and its column would
// not be joined by hidden cells: all cells around it, to hide one more.
func openBridge(cells []flowCell, min int64) []int {
	empty := nobody(cells)
	for i, c := range cells {
		if c.state == shown || c.people == 0 || c.people >= min || linked(cells, empty, i) {
			continue
		}
		var around []int
		left := 0
		for k, x := range cells {
			if x.from == c.from || x.to == c.to {
				around = append(around, k)
				if x.state == shown {
					left++
				}
			}
		}
		if left > 0 {
			return around
		}
	}
	return nil
}

// linked says whether hidden cells lead from a cell's row to its column without it.
func linked(cells []flowCell, empty []bool, without int) bool {
	rows, columns := map[string]bool{cells[without].from: true}, map[string]bool{}
	for grown := true; grown; {
		grown = false
		for i, c := range cells {
			if i == without || empty[i] || c.state == shown || rows[c.from] == columns[c.to] {
				continue
			}
			rows[c.from], columns[c.to], grown = true, true, true
		}
	}
	return columns[cells[without].to]
}
