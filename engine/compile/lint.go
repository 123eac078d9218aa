package compile

import (
	"fmt"

	"cel.dev/cel-go/common/ast"
	celops "cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/overloads"
	"cel.dev/cel-go/common/types"
)

// lint warns of expressions that are right for CEL and rarely what is meant.
func (d *draft) lint(tree *ast.AST) {
	known := nullTests(tree)
	root := tree.Expr()
	ast.PreOrderVisit(root, ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() != ast.CallKind {
			return
		}
		switch e.AsCall().FunctionName() {
		case celops.NotEquals, celops.LogicalNot:
			d.emptyIsNotEqual(tree, e, known, e.ID() == root.ID())
		case celops.Divide:
			d.intDivision(tree, e, e.ID() == root.ID())
		}
	}))
}

// path gives customer.city for a chain of selections from a variable, "" else.
func path(e ast.Expr) string {
	switch e.Kind() {
	case ast.IdentKind:
		return e.AsIdent()
	case ast.SelectKind:
		if base := path(e.AsSelect().Operand()); base != "" {
			return base + "." + e.AsSelect().FieldName()
		}
	}
	return ""
}

// nullTests lists the paths that the expression asks for a value: has(x), x == null, x != null.
func nullTests(tree *ast.AST) map[string]bool {
	out := map[string]bool{}
	ast.PreOrderVisit(tree.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		switch {
		case e.Kind() == ast.SelectKind && e.AsSelect().IsTestOnly():
			out[path(e.AsSelect().Operand())+"."+e.AsSelect().FieldName()] = true
		case e.Kind() == ast.CallKind && (e.AsCall().FunctionName() == celops.Equals || e.AsCall().FunctionName() == celops.NotEquals):
			args := e.AsCall().Args()
			for i, x := range args {
				if x.Kind() == ast.LiteralKind && x.AsLiteral() == types.NullValue {
					out[path(args[1-i])] = true
				}
			}
		}
	}))
	return out
}

// emptyIsNotEqual warns of x != 'a', !(x == 'a') and !(x in ['a', 'b']) where x
// may be empty.
func (d *draft) emptyIsNotEqual(tree *ast.AST, e ast.Expr, known map[string]bool, root bool) {
	x, list := other(e)
	if x == nil {
		return
	}
	p, t := path(x), tree.GetType(x.ID())
	if p == "" || known[p] || t.Kind() != types.StringKind || !t.IsAssignableType(types.NullType) {
		return
	}
	s := d.code.extent(tree, e)
	dg := d.diags.Report("empty-is-not-equal", d.code.at(s), "Where %s is empty, this is true", p)
	with := fmt.Sprintf("has(%s) && %s", p, d.code.slice(s))
	why := fmt.Sprintf("An empty value is not equal to '%s' either.", list[0])
	if len(list) > 1 {
		why = "An empty value is not in the list either."
	}
	dg.Detail = fmt.Sprintf("%s If only others are meant, write %s.", why, with)
	if !root {
		with = "(" + with + ")"
	}
	dg.Fix = replace(d.code.at(s), with)
}

// other takes apart what says that a text is none of some constants; nil for
// what does not.
func other(e ast.Expr) (x ast.Expr, constants []string) {
	equal := e.AsCall()
	if equal.FunctionName() == celops.LogicalNot {
		if e = equal.Args()[0]; e.Kind() != ast.CallKind {
			return nil, nil
		}
		equal = e.AsCall()
		switch equal.FunctionName() {
		case celops.Equals:
		case celops.In:
			if equal.Args()[1].Kind() != ast.ListKind {
				return nil, nil
			}
			for _, el := range equal.Args()[1].AsList().Elements() {
				text, ok := literalText(el)
				if !ok {
					return nil, nil
				}
				constants = append(constants, text)
			}
			if constants != nil {
				x = equal.Args()[0]
			}
			return x, constants
		default:
			return nil, nil
		}
	}
	for i, arg := range equal.Args() {
		if text, ok := literalText(arg); ok {
			return equal.Args()[1-i], []string{text}
		}
	}
	return nil, nil
}

// intDivision warns of 7 / 2 == 3, but not where the whole value is a division
// by a constant: customer.age / 10 is a decade, and may be meant. A share of
// one count in another never is: it is 0, or 1.
func (d *draft) intDivision(tree *ast.AST, e ast.Expr, root bool) {
	ids := tree.GetOverloadIDs(e.ID())
	args := e.AsCall().Args()
	byConstant := args[1].Kind() == ast.LiteralKind
	if len(ids) != 1 || ids[0] != overloads.DivideInt64 || root && byConstant && (d.want == aValue || d.want == aList) {
		return
	}
	s := d.code.extent(tree, e)
	dg := d.diags.Report("int-division", d.code.at(s), "The division of whole numbers drops what is left: 7 / 2 is 3")
	left, right := d.code.slice(d.code.extent(tree, args[0])), d.code.slice(d.code.extent(tree, args[1]))
	with := fmt.Sprintf("double(%s) / double(%s)", left, right)
	if byConstant {
		with = fmt.Sprintf("double(%s) / %s.0", left, right)
	}
	dg.Detail = "For the exact result, write " + with + "."
	dg.Fix = replace(d.code.at(s), with)
}
