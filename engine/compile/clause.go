package compile

import (
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"

	"personae/engine/source"
)

// Clause is a condition, or conditions that are joined by && or ||.
type Clause struct {
	Op    string // && or ||; "" for one condition
	Parts []*Clause
	Text  source.Text // as written, with its place
	// AST is what is calculated, by itself; Written is the same as it is written.
	AST, Written *cel.Ast
}

// Clauses takes a condition apart. Its expression must have a tree.
func Clauses(x *Expr) *Clause {
	c := newCode(x.Text)
	tree := x.Written.NativeRep()
	var split func(e, what ast.Expr) *Clause
	split = func(e, what ast.Expr) *Clause {
		out := &Clause{Text: c.text, AST: partOf(x.AST, what), Written: partOf(x.Written, e)}
		if s := c.extent(tree, e); s.ok() {
			out.Text = c.text.Slice(s.start, s.end)
			if op := joiner(e); op != "" {
				out.Op = op
				whats := joined(what, what.AsCall().FunctionName())
				for i, part := range joined(e, e.AsCall().FunctionName()) {
					out.Parts = append(out.Parts, split(part, whats[i]))
				}
			}
		}
		return out
	}
	return split(tree.Expr(), x.AST.NativeRep().Expr())
}

// partOf is a part of a checked expression as one of its own.
func partOf(x *cel.Ast, part ast.Expr) *cel.Ast {
	tree := x.NativeRep()
	if part == tree.Expr() {
		return x
	}
	return astOf(ast.NewCheckedAST(ast.NewAST(part, tree.SourceInfo()), tree.TypeMap(), tree.ReferenceMap()), x.Source())
}

// Leaves are the single conditions, in order.
func (c *Clause) Leaves() []*Clause {
	if c.Op == "" {
		return []*Clause{c}
	}
	var out []*Clause
	for _, p := range c.Parts {
		out = append(out, p.Leaves()...)
	}
	return out
}

// OneLine is a clause as written, in one line.
func (c *Clause) OneLine() string { return strings.Join(strings.Fields(c.Text.Value()), " ") }

func joiner(e ast.Expr) string {
	if e.Kind() != ast.CallKind {
		return ""
	}
	switch e.AsCall().FunctionName() {
	case operators.LogicalAnd:
		return "&&"
	case operators.LogicalOr:
		return "||"
	}
	return ""
}

// joined lists what an operator joins, however it is nested.
func joined(e ast.Expr, function string) []ast.Expr {
	if e.Kind() != ast.CallKind || e.AsCall().FunctionName() != function {
		return []ast.Expr{e}
	}
	var out []ast.Expr
	for _, a := range e.AsCall().Args() {
		out = append(out, joined(a, function)...)
	}
	return out
}
