package celenv

import (
	"sort"
	"strconv"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"

	"personae/engine/diag"
)

// findings are what CEL's types cannot see, in one walk over the expression:
// dates that are none, records that are written, and groups that a
// segmentation does not have. Such rules would be false, or ⊥, for everyone.
type findings struct {
	groups map[string][]string // closed set of values by segmentation
}

func (findings) Name() string { return "personae.validator" }

func (v findings) Validate(_ *cel.Env, _ cel.ValidatorConfig, a *ast.AST, iss *cel.Issues) {
	ast.PostOrderVisit(a.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		switch e.Kind() {
		case ast.StructKind:
			iss.ReportErrorAtID(e.ID(), "a rule reads records and cannot write them")
		case ast.CallKind:
			call := e.AsCall()
			switch call.FunctionName() {
			case "date":
				checkDate(call.Args(), iss)
			case operators.Equals, operators.NotEquals, operators.In:
				v.checkGroup(call.Args()[0], call.Args()[1], iss)
				v.checkGroup(call.Args()[1], call.Args()[0], iss)
			}
		}
	}))
}

// checkDate refuses date('2026-02-30') before any row is read.
func checkDate(args []ast.Expr, iss *cel.Issues) {
	for _, arg := range args {
		if text, ok := literalString(arg); ok {
			if _, err := ParseDate(text, time.UTC); err != nil {
				iss.ReportErrorAtID(arg.ID(), "%q is no date; write it as 2026-01-31", text)
			}
		}
	}
}

// checkGroup looks at one side as the segmentation, the other as the literals.
func (v findings) checkGroup(side, other ast.Expr, iss *cel.Issues) {
	const prefix = "segmentation."
	if side.Kind() != ast.IdentKind || len(side.AsIdent()) <= len(prefix) || side.AsIdent()[:len(prefix)] != prefix {
		return
	}
	name := side.AsIdent()[len(prefix):]
	values := v.groups[name]
	if len(values) == 0 {
		return
	}
	literals := []ast.Expr{other}
	if other.Kind() == ast.ListKind {
		literals = other.AsList().Elements()
	}
	for _, l := range literals {
		text, ok := literalString(l)
		if !ok || contains(values, text) {
			continue
		}
		known := append([]string(nil), values...)
		sort.Strings(known)
		hint := didYouMean(text, known)
		iss.ReportErrorAtID(l.ID(), "segmentation %s has no group %q%s", name, text, hint)
	}
}

func literalString(e ast.Expr) (string, bool) {
	if e.Kind() != ast.LiteralKind {
		return "", false
	}
	s, ok := e.AsLiteral().(types.String)
	return string(s), ok
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func didYouMean(name string, known []string) string {
	if s := diag.Suggest(name, known); s != "" {
		return "; did you mean " + strconv.Quote(s) + "?"
	}
	return ""
}
