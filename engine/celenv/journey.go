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

// ReachedForm is what is said of reached() where it is not written with two texts.
const ReachedForm = "reached() takes the name of a journey and of a stage, each in quotes"

// withStage makes reached('j', 's') into reached('j', 's', reached.j.s).
func withStage() cel.Macro {
	return cel.GlobalVarArgMacro("reached", func(f cel.MacroExprFactory, _ ast.Expr, a []ast.Expr) (ast.Expr, *cel.Error) {
		if len(a) != 2 {
			return nil, f.NewError(0, ReachedForm)
		}
		journey, ok := literal[types.String](a[0])
		if !ok {
			return nil, f.NewError(a[0].ID(), ReachedForm)
		}
		stage, ok := literal[types.String](a[1])
		if !ok {
			return nil, f.NewError(a[1].ID(), ReachedForm)
		}
		return f.NewCall("reached", a[0], a[1], f.NewSelect(f.NewSelect(f.NewIdent("reached"), string(journey)), string(stage))), nil
	})
}
