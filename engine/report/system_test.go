package report

import (
	"math"
	"math/big"
)

// system is what somebody knows who reads all that is published: sums over counts
// that are not published. It is solved exactly.
type system struct {
	variables int
	rows      [][]*big.Rat // the last column is the sum
}

func (a *system) know(sum int64, variables ...int) {
	row := make([]*big.Rat, a.variables+1)
	for i := range row {
		row[i] = new(big.Rat)
	}
	one := big.NewRat(1, 1)
	for _, v := range variables {
		row[v].Add(row[v], one)
	}
	row[a.variables].SetInt64(sum)
	a.rows = append(a.rows, row)
}

// reduce brings the rows to reduced echelon form, and gives the column of each
// row's pivot.
func (a *system) reduce() []int {
	at := 0
	pivots := []int{}
	for column := 0; column < a.variables && at < len(a.rows); column++ {
		found := -1
		for r := at; r < len(a.rows); r++ {
			if a.rows[r][column].Sign() != 0 {
				found = r
				break
			}
		}
		if found < 0 {
			continue
		}
		a.rows[at], a.rows[found] = a.rows[found], a.rows[at]
		scale := new(big.Rat).Inv(a.rows[at][column])
		for c := range a.rows[at] {
			a.rows[at][c].Mul(a.rows[at][c], scale)
		}
		for r := range a.rows {
			if r != at && a.rows[r][column].Sign() != 0 {
				subtract(a.rows[r], a.rows[at], new(big.Rat).Set(a.rows[r][column]))
			}
		}
		pivots = append(pivots, column)
		at++
	}
	a.rows = a.rows[:at]
	return pivots
}

func subtract(row, other []*big.Rat, factor *big.Rat) {
	for c := range row {
		if other[c].Sign() != 0 {
			row[c].Sub(row[c], new(big.Rat).Mul(factor, other[c]))
		}
	}
}

// determined gives the variables of which one value alone is possible.
func (a *system) determined() map[int]int64 {
	out := map[int]int64{}
	for r, column := range a.reduce() {
		alone := true
		for c := 0; c < a.variables; c++ {
			alone = alone && (c == column || a.rows[r][c].Sign() == 0)
		}
		if f, _ := a.rows[r][a.variables].Float64(); alone {
			out[column] = int64(math.Round(f))
		}
	}
	return out
}

// tells says whether a sum over variables can be worked out, and what it is. The
// rows have to be reduced.
func (a *system) tells(pivots []int, variables ...int) (int64, bool) {
	row := make([]*big.Rat, a.variables+1)
	for i := range row {
		row[i] = new(big.Rat)
	}
	for _, v := range variables {
		row[v].SetInt64(1)
	}
	for r, column := range pivots {
		if row[column].Sign() != 0 {
			subtract(row, a.rows[r], new(big.Rat).Set(row[column]))
		}
	}
	for _, x := range row[:a.variables] {
		if x.Sign() != 0 {
			return 0, false
		}
	}
	f, _ := row[a.variables].Float64()
	return -int64(math.Round(f)), true
}
