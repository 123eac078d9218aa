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

// dateLiterals refuses date('2026-02-30') before any row is read.
type dateLiterals struct{}

func (dateLiterals) Name() string { return "personae.validator.date" }

func (dateLiterals) Validate(_ *cel.Env, _ cel.ValidatorConfig, a *ast.AST, iss *cel.Issues) {
	for _, call := range ast.MatchDescendants(ast.NavigateAST(a), ast.FunctionMatcher("date")) {
		for _, arg := range call.AsCall().Args() {
			if text, ok := literalString(arg); ok {
				if _, err := ParseDate(text, time.UTC); err != nil {
					iss.ReportErrorAtID(arg.ID(), "%q is no date; write it as 2026-01-31", text)
				}
			}
		}
	}
}

// noRecords refuses to write records: rules read rows and never make them.
type noRecords struct{}

func (noRecords) Name() string { return "personae.validator.record" }

func (noRecords) Validate(_ *cel.Env, _ cel.ValidatorConfig, a *ast.AST, iss *cel.Issues) {
	for _, e := range ast.MatchDescendants(ast.NavigateAST(a), ast.KindMatcher(ast.StructKind)) {
		iss.ReportErrorAtID(e.ID(), "a rule reads records and cannot write them")
	}
}

// closedSets refuses to compare a segmentation with a group that it does not
// have: such a rule would be false for everyone.
type closedSets struct{ values map[string][]string }

func (closedSets) Name() string { return "personae.validator.segmentation" }

func (v closedSets) Validate(_ *cel.Env, _ cel.ValidatorConfig, a *ast.AST, iss *cel.Issues) {
	for _, op := range []string{operators.Equals, operators.NotEquals, operators.In} {
		for _, call := range ast.MatchDescendants(ast.NavigateAST(a), ast.FunctionMatcher(op)) {
			args := call.AsCall().Args()
			v.check(args[0], args[1], iss)
			v.check(args[1], args[0], iss)
		}
	}
}

// check looks at one side as the segmentation, the other as the literals.
func (v closedSets) check(side, other ast.Expr, iss *cel.Issues) {
	const prefix = "segmentation."
	if side.Kind() != ast.IdentKind || len(side.AsIdent()) <= len(prefix) || side.AsIdent()[:len(prefix)] != prefix {
		return
	}
	name := side.AsIdent()[len(prefix):]
	values := v.values[name]
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
