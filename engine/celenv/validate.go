package celenv

import (
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
)

// findings are what CEL's types cannot see, in one walk over the expression:
// dates that are none, and records that are written. Such rules would be false,
// or ⊥, for everyone.
type findings struct{}

func (findings) Name() string { return "personae.validator" }

func (findings) Validate(_ *cel.Env, _ cel.ValidatorConfig, a *ast.AST, iss *cel.Issues) {
	ast.PostOrderVisit(a.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		switch e.Kind() {
		case ast.StructKind:
			iss.ReportErrorAtID(e.ID(), "a rule reads records and cannot write them")
		case ast.CallKind:
			if call := e.AsCall(); call.FunctionName() == "date" {
				checkDate(call.Args(), iss)
			}
		}
	}))
}

// checkDate refuses date('2026-02-30') before any row is read.
func checkDate(args []ast.Expr, iss *cel.Issues) {
	for _, arg := range args {
		if text, ok := literal[types.String](arg); ok {
			if _, err := ParseDate(string(text), time.UTC); err != nil || yearless(string(text)) {
				iss.ReportErrorAtID(arg.ID(), "%q is no date; write it as 2026-01-31", string(text))
			}
		}
	}
}
