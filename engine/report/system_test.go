package report

// system is what somebody knows who reads all that is published: sums over counts
// that are not published. It is solved modulo a prime, exactly but for what is
// divisible by it, and unlike the audit's reckoning knows nothing of groups and rules.
type system struct {
	variables int
	rows      [][]uint64 // the last column is the sum
}

func (a *system) know(sum int64, variables ...int) {
	a.rows = append(a.rows, a.row(sum, variables))
}

func (a *system) row(sum int64, variables []int) []uint64 {
	row := make([]uint64, a.variables+1)
	for _, v := range variables {
		row[v]++
	}
	row[a.variables] = modulo(sum)
	return row
}

// reduce brings the rows to reduced echelon form, and gives the column of each
// row's pivot.
func (a *system) reduce() []int {
	at := 0
	pivots := []int{}
	for column := 0; column < a.variables && at < len(a.rows); column++ {
		found := -1
		for r := at; r < len(a.rows); r++ {
			if a.rows[r][column] != 0 {
				found = r
				break
			}
		}
		if found < 0 {
			continue
		}
		a.rows[at], a.rows[found] = a.rows[found], a.rows[at]
		scale := inverse(a.rows[at][column])
		for c := range a.rows[at] {
			a.rows[at][c] = mulMod(a.rows[at][c], scale)
		}
		for r := range a.rows {
			if r != at && a.rows[r][column] != 0 {
				subtract(a.rows[r], a.rows[at], a.rows[r][column])
			}
		}
		pivots = append(pivots, column)
		at++
	}
	a.rows = a.rows[:at]
	return pivots
}

func subtract(row, other []uint64, factor uint64) {
	factor = negative(factor)
	for c := range row {
		if other[c] != 0 {
			row[c] = (row[c] + mulMod(other[c], factor)) % prime
		}
	}
}

// determined gives the variables of which one value alone is possible.
func (a *system) determined() map[int]int64 {
	out := map[int]int64{}
	for r, column := range a.reduce() {
		alone := true
		for c := range a.variables {
			alone = alone && (c == column || a.rows[r][c] == 0)
		}
		if alone {
			out[column] = signed(a.rows[r][a.variables])
		}
	}
	return out
}

// tells says whether a sum over variables can be worked out, and what it is. The
// rows have to be reduced.
func (a *system) tells(pivots []int, variables ...int) (int64, bool) {
	row := a.row(0, variables)
	for r, column := range pivots {
		if row[column] != 0 {
			subtract(row, a.rows[r], row[column])
		}
	}
	for _, x := range row[:a.variables] {
		if x != 0 {
			return 0, false
		}
	}
	return -signed(row[a.variables]), true
}
