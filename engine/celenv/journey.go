package celenv

import (
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// Reached is the overload id of reached('journey', 'stage'), which has a third
// argument in the checked AST: the variable reached.<journey>.<stage>.
const Reached = "reached_string_string_bool"

var reachedFunction = Function{Name: "reached", Overload: Reached, Args: args(tString, tString, tBool), Result: tBool,
	Impl: func(_ *time.Location, a []ref.Val) ref.Val { return a[2] },
	Doc:  "Whether a stage of a journey, or a later one, was entered: reached('purchase', 'aware')."}

// journeys are the variables of journeys and of their stages.
func journeys(list map[string][]string) []cel.EnvOption {
	opts := []cel.EnvOption{cel.Macros(withStage())}
	for _, name := range keys(list) {
		opts = append(opts, cel.Variable("journey."+name, types.NewNullableType(tString)))
		for _, stage := range sorted(list[name]) {
			opts = append(opts, cel.Variable("reached."+name+"."+stage, tBool))
		}
	}
	return opts
}

// withStage makes reached('j', 's') into reached('j', 's', reached.j.s).
func withStage() cel.Macro {
	const form = "The names of a journey and of a stage have to stand here as text: reached('purchase', 'aware')"
	return cel.GlobalVarArgMacro("reached", func(f cel.MacroExprFactory, _ ast.Expr, a []ast.Expr) (ast.Expr, *cel.Error) {
		if len(a) != 2 {
			return nil, f.NewError(0, form)
		}
		journey, ok1 := literal[types.String](a[0])
		stage, ok2 := literal[types.String](a[1])
		if !ok1 || !ok2 {
			return nil, f.NewError(a[0].ID(), form)
		}
		return f.NewCall("reached", a[0], a[1], f.NewSelect(f.NewSelect(f.NewIdent("reached"), string(journey)), string(stage))), nil
	})
}
