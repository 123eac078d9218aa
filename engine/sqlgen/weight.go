package sqlgen

import (
	"strings"

	"personae/engine/plan"
)

// maxRepeated is how large an operand may be, in nodes, that is written more
// than once. Guards name their operands up to four times, so that a sum of 30
// columns would be written a billion times over.
const maxRepeated = 12

// repeated adds to uses the operands that are too large to be written as often
// as their operator names them: they become columns of a layer. Order has
// operands first.
func repeated(d Dialect, order []*plan.Expr, uses map[*plan.Expr]int) {
	weight := map[*plan.Expr]int{}
	for _, e := range order {
		w := 1
		times := timesWritten(d, e)
		for i, a := range e.Args {
			inner := weight[a]
			if len(a.Args) > 0 && times[i] > 1 && (inner > maxRepeated || e.Op == plan.OpRank) {
				uses[a] += 2
			}
			if uses[a] > 1 {
				inner = 1
			}
			w += times[i] * inner
		}
		weight[e] = w
	}
}

// timesWritten says how often the SQL of a node names each of its operands.
func timesWritten(d Dialect, e *plan.Expr) []int {
	times := make([]int, len(e.Args))
	switch e.Op {
	case plan.OpAnd, plan.OpOr, plan.OpIf, plan.OpPoints:
		for i, a := range e.Args {
			times[i] = 1
			if !a.Decided() && (e.Op != plan.OpIf || i == 0) {
				times[i] = 2 // is it TRUE, and is it ⊥
			}
		}
		return times
	case plan.OpRank:
		return []int{int(e.Rank.Buckets)}
	}
	const mark = "\x00"
	operands := make([]string, len(e.Args))
	for i := range operands {
		operands[i] = mark + string(rune('a'+i%26)) + strings.Repeat("'", i/26) + mark
	}
	sql, err := d.Operator(e, operands)
	for i := range times {
		times[i] = 1
		if err == nil {
			times[i] = strings.Count(sql, operands[i])
		}
	}
	return times
}
