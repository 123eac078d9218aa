package compile

import (
	"fmt"

	"cel.dev/cel-go/common/ast"
	celops "cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"personae/engine/celenv"
	"personae/engine/diag"
)

// arguments says what is odd about the constants that a call is given: bounds in
// the wrong order, a time that goes forward, an hour that no clock shows.
func (c *constantFinder) arguments(e ast.Expr) {
	call := e.AsCall()
	args := call.Args()
	rows := call.IsMemberFunction() && c.tree.GetType(call.Target().ID()).Kind() == types.ListKind
	switch name := call.FunctionName(); {
	case name == "between" && len(args) == 2:
		c.bounds(e, args[0], args[1], rows)
	case name == "within" && rows && len(args) == 1:
		if d, ok := c.known(args[0]).(types.Duration); ok && d.Duration <= 0 {
			c.odd(e, "%s takes no rows", c.slice(e)).Detail = "The length of time counts back from now: write one above 0, as in within(days(90))."
		}
	case name == "weeksActive" && len(args) == 1:
		if n, ok := c.known(args[0]).(types.Int); ok && (n < 1 || n > celenv.MaxWeeks) {
			c.fails(e, fmt.Sprintf("it looks at 1 to %d weeks", celenv.MaxWeeks))
		}
	case name == "percentile" && rows && len(args) == 1:
		if p, ok := number(c.known(args[0])); ok && (p < 0 || p > 100) {
			c.fails(e, "a percentile is from 0 to 100")
		}
	case name == "atLeast" && len(args) > 1:
		c.atLeast(e, args)
	case name == celops.Equals && len(args) == 2:
		c.onClock(e, args[0], args[1])
		c.onClock(e, args[1], args[0])
	}
}

// bounds looks at the two ends of between: of rows, how long ago, the longer
// first; of values, the smaller first.
func (c *constantFinder) bounds(e, first, second ast.Expr, rows bool) {
	from, to := c.known(first), c.known(second)
	comparer, ok := from.(interface{ Compare(ref.Val) ref.Val })
	if !ok || to == nil {
		return
	}
	order := comparer.Compare(to)
	swap := fmt.Sprintf("%s, %s", c.slice(second), c.slice(first))
	var d *diag.Diagnostic
	switch {
	case rows && (order == types.IntNegOne || order == types.IntZero):
		d = c.odd(e, "%s takes no rows: it begins no earlier than it ends", c.slice(e))
		d.Detail = fmt.Sprintf("The longer time comes first: between(%s).", swap)
		if order == types.IntZero {
			d.Detail = "The longer time comes first, as in between(days(90), days(30))."
		}
	case !rows && order == types.IntOne:
		d = c.odd(e, "%s is true for nothing: it ends before it begins", c.slice(e))
		d.Detail = fmt.Sprintf("The smaller comes first: between(%s).", swap)
	default:
		return
	}
	if order != types.IntZero {
		span := c.code.extent(c.tree, first)
		span.end = c.code.extent(c.tree, second).end
		d.Fix = replace(c.code.at(span), swap)
	}
}

func (c *constantFinder) atLeast(e ast.Expr, args []ast.Expr) {
	n, ok := c.known(args[0]).(types.Int)
	switch conditions := len(args) - 1; {
	case !ok:
	case n < 1:
		c.odd(e, "%s is true for everyone: none of the conditions has to hold", c.slice(e)).Detail = "Write how many of them have to be true, from 1."
	case int(n) > conditions:
		c.odd(e, "%s is true for nobody: there are only %d conditions", c.slice(e), conditions).Detail =
			fmt.Sprintf("Write a number up to %d, or more conditions.", conditions)
	}
}

// clocks are what our functions of a time can give, and how the last differs
// from what people expect.
var clocks = map[string]struct {
	low, high int
	say       string
}{
	"hourOf":    {0, 23, "Hours are 0 to 23: midnight is 0."},
	"weekdayOf": {1, 7, "Weekdays are 1 to 7: Monday is 1, Sunday is 7."},
}

// onClock looks at a comparison of an hour or a weekday with one that there is not.
func (c *constantFinder) onClock(e, asked, with ast.Expr) {
	if asked.Kind() != ast.CallKind {
		return
	}
	clock, ours := clocks[asked.AsCall().FunctionName()]
	n, ok := c.known(with).(types.Int)
	if ours && ok && (int(n) < clock.low || int(n) > clock.high) {
		c.odd(e, "%s is never true", c.slice(e)).Detail = clock.say
	}
}

// known is the value of what reads no column; nil where it does, or fails.
func (c *constantFinder) known(e ast.Expr) ref.Val {
	if isConst, _ := c.constant(e); !isConst {
		return nil
	}
	v := evalConstant(c.scope.env, c.tree, e)
	if types.IsUnknownOrError(v) {
		return nil
	}
	return v
}

func number(v ref.Val) (float64, bool) {
	switch v := v.(type) {
	case types.Int:
		return float64(v), true
	case types.Double:
		return float64(v), true
	}
	return 0, false
}

func (c *constantFinder) slice(e ast.Expr) string { return c.code.slice(c.code.extent(c.tree, e)) }

// odd warns of a call that has one answer for everyone.
func (c *constantFinder) odd(e ast.Expr, format string, args ...any) *diag.Diagnostic {
	return c.diags.Warnf("constant-condition", c.code.at(c.code.extent(c.tree, e)), format, args...)
}

// fails reports a call that no row makes succeed.
func (c *constantFinder) fails(e ast.Expr, why string) {
	c.diags.Errorf("always-fails", c.code.at(c.code.extent(c.tree, e)), "%s fails for every row: %s", quote(c.slice(e)), why).
		Detail = "What fails decides nothing: everyone would be counted as unknown."
}
