package plan

import (
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
)

// optionalSelect takes a.?b apart, and a.b.
func optionalSelect(e ast.Expr) (operand ast.Expr, field string, ok bool) {
	switch {
	case e == nil:
	case e.Kind() == ast.SelectKind && !e.AsSelect().IsTestOnly():
		return e.AsSelect().Operand(), e.AsSelect().FieldName(), true
	case e.Kind() == ast.CallKind && e.AsCall().FunctionName() == operators.OptSelect:
		name, isText := e.AsCall().Args()[1].AsLiteral().(types.String)
		return e.AsCall().Args()[0], string(name), isText
	}
	return nil, "", false
}

// optionalRow is the row of customer.?home_store, and whether it is there; nil
// where the expression is another.
func (l *lowerer) optionalRow(e ast.Expr) (there *Expr, row *rowRef) {
	operand, field, ok := optionalSelect(e)
	if !ok {
		return nil, nil
	}
	if before, from := l.optionalRow(operand); before != nil {
		if row = l.reference(from, field); row == nil {
			return nil, nil
		}
		return l.b.If(before, l.present(row), l.b.Const(false)), row
	}
	if e.Kind() != ast.CallKind {
		return nil, nil
	}
	if from := l.row(operand); from != nil {
		if row = l.reference(from, field); row != nil {
			return l.present(row), row
		}
	}
	return nil, nil
}

// optionalField is customer.?home_store itself, with a nil value, or a field of
// it: whether it has a value, and that. nil where the expression is another.
func (l *lowerer) optionalField(e ast.Expr) (some, value *Expr) {
	if there, _ := l.optionalRow(e); there != nil {
		return there, nil
	}
	operand, field, ok := optionalSelect(e)
	if !ok {
		return nil, nil
	}
	there, row := l.optionalRow(operand)
	if there == nil {
		return nil, nil
	}
	for _, c := range row.tables[0].Columns {
		if c.Name == field && c.References == "" || c.References != "" && c.Name+"_key" == field {
			if !scalar(c.Type.Kind) {
				return nil, nil
			}
			value = l.from(row, l.b.Column(row.tables[0], c))
			return l.b.If(there, l.b.Not(l.b.NullTest(value)), l.b.Const(false)), value
		}
	}
	return nil, nil
}

// optionalValue is an optional field with what follows it.
func (l *lowerer) optionalValue(c ast.CallExpr, some, value *Expr) *Expr {
	if c.FunctionName() != "hasValue" && value == nil {
		return l.b.Hole("whole rows", boolean)
	}
	return l.endValue(c, some, value)
}

// optional recognises customer.?x.orValue(d), .hasValue() and .value().
func (l *lowerer) optional(e ast.Expr, c ast.CallExpr) *Expr {
	t := c.Target()
	if t != nil {
		if some, value := l.ends(t); some != nil {
			return l.endValue(c, some, value)
		}
	}
	if t != nil {
		if there, x := l.optionalField(t); there != nil {
			return l.optionalValue(c, there, x)
		}
	}
	if t != nil {
		if some, value := l.optionalElement(t); some != nil {
			return l.endValue(c, some, value)
		}
	}
	operand, field, ok := optionalSelect(t)
	if !ok || t.Kind() != ast.CallKind {
		return l.hole(e, "optional values beyond customer.?column")
	}
	x := l.field(t, operand, field)
	if x.Op == OpHole {
		return l.b.Hole(x.Name, l.typeOf(e))
	}
	switch {
	case c.FunctionName() == "hasValue":
		return l.b.Not(l.b.NullTest(x))
	case held(x.Type) && c.FunctionName() == "value":
		return l.b.listColumn(x)
	case held(x.Type):
		return l.orList(x, l.expr(c.Args()[0]))
	case !scalar(x.Type.Kind):
		return l.hole(e, "columns of type "+x.Type.String())
	case c.FunctionName() == "value":
		return l.b.Decide(x)
	}
	return l.b.OrValue(x, l.expr(c.Args()[0]))
}
