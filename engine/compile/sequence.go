package compile

import (
	"strings"

	"cel.dev/cel-go/common/ast"

	"personae/engine/celenv"
)

// sequenceError says what is wrong with a part of rows.sequence(...), which is
// a macro: the checker complains of functions that nobody wrote.
func (d *draft) sequenceError(tree *ast.AST, function string, operands []ast.Expr, types []string) bool {
	if len(operands) == 0 || len(types) != len(operands) {
		return false
	}
	first := d.code.at(d.code.extent(tree, operands[0]))
	switch function {
	case celenv.TruthFunction:
		d.diags.Report("cel-type", first, "step() and never() take a condition, and this is %s", plainType(types[0])).Detail = "Compare it with something, as in step(o.total > 50.0)."
	case celenv.EventFunction:
		d.diags.Report("cel-type", first, "sequence() is for rows that have a time, and this is %s", plainType(types[0])).Detail = "Give the dataset a `time`, or write exists()."
	case "sequence":
		limits := operands[len(operands)-1]
		limit := limits
		if limits.Kind() == ast.ListKind && limits.AsList().Size() > 0 {
			limit = limits.AsList().Elements()[0]
		}
		at := d.code.at(d.code.extent(tree, limit))
		dg := d.diags.Report("cel-type", at, "The limit of a step is a length of time")
		dg.Detail = "Write days(7), hours(12) or weeks(2)."
		if n := strings.TrimSpace(d.code.slice(d.code.extent(tree, limit))); isWhole(n) {
			dg.Fix = replace(at, "days("+n+")")
		}
	default:
		return false
	}
	return true
}
