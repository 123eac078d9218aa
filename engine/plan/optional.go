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
