package plan

import (
	"cel.dev/cel-go/common/ast"

	"personae/engine/catalog"
)

// A choice is one of two things, which need not be of one type: what
// math.greatest of a whole number and one with decimals is. What is asked of it
// is asked of both.
type choice struct {
	cond    *Expr // TRUE: yes, FALSE: no, else ⊥
	yes, no *thing
}

// extremes are math.greatest and math.least, by the name of their function.
var extremes = map[string]bool{"math.@max": true, "math.@min": false}

// mixedOverloads are those of two numbers of different types.
var mixedOverloads = []string{
	"math_@max_int_double", "math_@max_int_uint", "math_@max_double_int", "math_@max_double_uint", "math_@max_uint_int", "math_@max_uint_double",
	"math_@min_int_double", "math_@min_int_uint", "math_@min_double_int", "math_@min_double_uint", "math_@min_uint_int", "math_@min_uint_double",
}

// mostExtremes bounds the numbers that are compared one by one.
const mostExtremes = 12

// mixedExtreme is math.greatest or math.least of numbers of several types, that
// stand side by side or in a list; nil for others.
func (l *lowerer) mixedExtreme(c ast.CallExpr) *thing {
	operands := l.things(c.Args())
	if len(operands) == 1 && operands[0].list != nil && len(operands[0].list.needs) == 0 {
		operands = operands[0].list.elements
	}
	if len(operands) < 2 || len(operands) > mostExtremes {
		return nil
	}
	kinds := map[catalog.Kind]bool{}
	for _, t := range operands {
		if t.value == nil || t.value.Op == OpHole || !number(t.value.Type.Kind) {
			return nil
		}
		kinds[t.value.Type.Kind] = true
	}
	if len(kinds) < 2 {
		return nil
	}
	best := operands[0]
	for _, t := range operands[1:] {
		best = &thing{choice: &choice{cond: l.exceeds(extremes[c.FunctionName()], best, t.value), yes: valued(l.b.Decide(t.value)), no: best}}
	}
	return best
}

func number(k catalog.Kind) bool {
	return k == catalog.Int || k == catalog.Uint || k == catalog.Double
}

// exceeds says whether a number is beyond the best one so far; ⊥ where one of the
// two is no number.
func (l *lowerer) exceeds(greatest bool, best *thing, x *Expr) *Expr {
	if c := best.choice; c != nil {
		return l.b.If(c.cond, l.exceeds(greatest, c.yes, x), l.exceeds(greatest, c.no, x))
	}
	a, b := l.sameNumbers(best.value, x)
	if !greatest {
		a, b = b, a
	}
	return l.ordered(a, b, l.b.Strict(OpLt, "", a, b))
}

// inPlaceOf lowers something twice: with what a choice is in one case for an
// operand, and with what it is in the other; a hole where the two are of
// different types.
func (l *lowerer) inPlaceOf(e, operand ast.Expr, c *choice, lower func() *Expr) *Expr {
	with := func(t *thing) *Expr {
		old, had := l.instead[operand.ID()]
		l.instead[operand.ID()] = t
		x := lower()
		if delete(l.instead, operand.ID()); had {
			l.instead[operand.ID()] = old
		}
		return x
	}
	yes, no := with(c.yes), with(c.no)
	switch {
	case yes.Op == OpHole:
		return yes
	case no.Op == OpHole:
		return no
	case yes.Op != OpBottom && no.Op != OpBottom && yes.Type.Kind != no.Type.Kind:
		return l.hole(e, "values whose type is only known row by row")
	}
	return l.b.If(c.cond, yes, no)
}
