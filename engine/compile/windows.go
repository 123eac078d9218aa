package compile

import (
	"fmt"

	"cel.dev/cel-go/common/ast"
)

// lengthError says what is wrong where a stretch of time is written as a number
// of something, as in rows.within(90).
func (d *draft) lengthError(tree *ast.AST, function string, operands []ast.Expr, types []string) bool {
	switch function {
	case "within", "before", "between":
	default:
		return false
	}
	if len(operands) < 2 || len(types) != len(operands) || !isListType(types[0]) {
		return false
	}
	wrong := false
	for i, o := range operands[1:] {
		if bare(types[i+1]) != "int" {
			continue
		}
		wrong = true
		at := d.code.extent(tree, o)
		dg := d.diags.Report("cel-type", d.code.at(at), "%s() wants a length of time, and %s is a whole number", function, d.code.slice(at))
		with := fmt.Sprintf("days(%s)", d.code.slice(at))
		dg.Detail, dg.Fix = "Write "+with+", or hours() or weeks().", replace(d.code.at(at), with)
	}
	return wrong
}
