package compile

import (
	"fmt"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	celops "cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// constants works out the parts of an expression that read no column: one that
// fails is an error for every row, and a condition that is always true or
// always false decides nothing.
func (d *draft) constants(tree *ast.AST) {
	c := &constantFinder{draft: d, tree: tree}
	c.visit(tree.Expr(), d.want == aCondition)
}

type constantFinder struct {
	*draft
	tree *ast.AST
}

// visit looks at a node; clause says that it stands where a condition decides.
func (c *constantFinder) visit(e ast.Expr, clause bool) {
	isConst, byParam := c.constant(e)
	if isConst {
		if e.Kind() == ast.CallKind || e.Kind() == ast.ComprehensionKind || clause {
			c.evaluate(e, clause && !byParam)
		}
		return
	}
	switch e.Kind() {
	case ast.SelectKind:
		c.visit(e.AsSelect().Operand(), false)
	case ast.CallKind:
		c.arguments(e)
		call := e.AsCall()
		joins := call.FunctionName() == celops.LogicalAnd || call.FunctionName() == celops.LogicalOr || call.FunctionName() == celops.LogicalNot
		if call.IsMemberFunction() {
			c.visit(call.Target(), false)
		}
		for i, x := range call.Args() {
			c.visit(x, clause && joins || i == 0 && call.FunctionName() == celops.Conditional)
		}
	case ast.ListKind:
		for _, x := range e.AsList().Elements() {
			c.visit(x, false)
		}
	case ast.ComprehensionKind:
		c.visit(e.AsComprehension().IterRange(), false)
	}
}

// constant says whether a node reads nothing but literals and parameters, and
// whether it reads parameters.
func (c *constantFinder) constant(e ast.Expr) (isConst, byParam bool) {
	isConst = true
	bound := map[string]int{}
	var walk func(e ast.Expr)
	walk = func(e ast.Expr) {
		switch {
		case !isConst:
		case e.Kind() == ast.IdentKind:
			if bound[e.AsIdent()] > 0 {
				return
			}
			r := c.tree.ReferenceMap()[e.ID()]
			isConst = r != nil && r.Value != nil
			byParam = true
		case e.Kind() == ast.ComprehensionKind:
			x := e.AsComprehension()
			walk(x.IterRange())
			walk(x.AccuInit())
			names := []string{x.AccuVar(), x.IterVar(), x.IterVar2()}
			for _, n := range names {
				bound[n]++
			}
			walk(x.LoopCondition())
			walk(x.LoopStep())
			walk(x.Result())
			for _, n := range names {
				bound[n]--
			}
		default:
			for _, x := range children(e) {
				walk(x)
			}
		}
	}
	walk(e)
	return isConst, byParam
}

// children lists the operands of a node that is no comprehension.
func children(e ast.Expr) []ast.Expr {
	switch e.Kind() {
	case ast.SelectKind:
		return []ast.Expr{e.AsSelect().Operand()}
	case ast.CallKind:
		if call := e.AsCall(); call.IsMemberFunction() {
			return append([]ast.Expr{call.Target()}, call.Args()...)
		}
		return e.AsCall().Args()
	case ast.ListKind:
		return e.AsList().Elements()
	case ast.MapKind:
		var out []ast.Expr
		for _, x := range e.AsMap().Entries() {
			out = append(out, x.AsMapEntry().Key(), x.AsMapEntry().Value())
		}
		return out
	case ast.StructKind:
		var out []ast.Expr
		for _, x := range e.AsStruct().Fields() {
			out = append(out, x.AsStructField().Value())
		}
		return out
	case ast.ComprehensionKind:
		c := e.AsComprehension()
		return []ast.Expr{c.IterRange(), c.AccuInit(), c.LoopCondition(), c.LoopStep(), c.Result()}
	}
	return nil
}

func (c *constantFinder) evaluate(e ast.Expr, clause bool) {
	v := evalConstant(c.scope.env, c.tree, e)
	s := c.code.extent(c.tree, e)
	switch {
	case types.IsError(v):
		c.diags.Errorf("always-fails", c.code.at(s), "%s fails for every row: %s", quote(c.code.slice(s)), plainFailure(v)).
			Detail = "A condition that fails decides nothing: everyone would be counted as unknown."
	case clause && v == types.True:
		c.diags.Warnf("constant-condition", c.code.at(s), "%s is always true", quote(c.code.slice(s))).
			Detail = "It decides nothing. Delete it, or compare a column."
	case clause && v == types.False:
		c.diags.Warnf("constant-condition", c.code.at(s), "%s is always false", quote(c.code.slice(s))).
			Detail = "Nobody can be in. Delete it, or compare a column."
	}
}

// evalConstant gives the value of a checked node that reads no variable.
func evalConstant(env *cel.Env, tree *ast.AST, e ast.Expr) ref.Val {
	sub := ast.NewCheckedAST(ast.NewAST(e, tree.SourceInfo()), tree.TypeMap(), tree.ReferenceMap())
	program, err := env.PlanProgram(sub)
	if err != nil {
		return types.NewErr("%s", err.Error())
	}
	v, _, err := program.Eval(cel.NoVars())
	if err != nil {
		return types.WrapErr(err)
	}
	return v
}

var failures = map[string]string{
	"division by zero": "it divides by zero", "modulus by zero": "it divides by zero", "divide by zero": "it divides by zero",
	"integer overflow":          "the number is too large",
	"return error for overflow": "the number is too large", "unsigned integer overflow": "the number is too large",
}

func plainFailure(v ref.Val) string {
	m := fmt.Sprint(v.(*types.Err).Unwrap())
	if e, ok := v.(*types.Err); ok && e.Unwrap() == nil {
		m = e.String()
	}
	if plain, ok := failures[m]; ok {
		return plain
	}
	return m
}
