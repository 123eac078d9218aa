package plan

import (
	"cel.dev/cel-go/common/ast"
)

// field is a column or trait of a row.
func (l *lowerer) field(e, operand ast.Expr, name string) *Expr {
	l.beside = false
	row := l.row(operand)
	if row == nil {
		return l.hole(e, l.missing("fields of fields"))
	}
	return l.fieldOf(e, row, name)
}

// fieldOf is what stands in a row under a name.
func (l *lowerer) fieldOf(e ast.Expr, row *rowRef, name string) *Expr {
	if x, ok := l.scope.Traits[name]; ok && row.tables[0] == l.scope.Table && len(row.via) == 0 {
		return x
	}
	for _, c := range row.tables[0].Columns {
		if c.Name == name && c.References == "" || c.References != "" && c.Name+"_key" == name {
			return l.from(row, l.b.Column(row.tables[0], c))
		}
	}
	return l.hole(e, "whole rows")
}

func (l *lowerer) selectField(e ast.Expr) *Expr {
	s := e.AsSelect()
	if l.holdsParts(s.Operand()) {
		return l.selectPart(e, s)
	}
	if s.IsTestOnly() {
		if row := l.row(s.Operand()); row != nil {
			if there := l.reference(row, s.FieldName()); there != nil {
				return l.present(there)
			}
		}
	}
	x := l.field(e, s.Operand(), s.FieldName())
	if s.IsTestOnly() {
		if x.Op == OpHole {
			return l.b.Hole(x.Name, boolean)
		}
		return l.b.Not(l.b.NullTest(x))
	}
	switch {
	case x.Op == OpHole || scalar(x.Type.Kind):
		return x
	case stored(x.Type):
		return l.b.whole(x)
	}
	return l.hole(e, "columns of type "+x.Type.String())
}

// selectPart is a.b or has(a.b) where a is a value that has parts, or optional.
func (l *lowerer) selectPart(e ast.Expr, s ast.SelectExpr) *Expr {
	if !s.IsTestOnly() {
		if x := l.partValue(e); x != nil {
			return x
		}
		return l.hole(e, l.missing("fields of fields"))
	}
	t := l.selected(e, s.Operand(), l.b.Const(s.FieldName()), true)
	switch {
	case t == nil || t.hole() == nil && t.option == nil:
		return l.hole(e, l.missing("fields of fields"))
	case t.hole() != nil:
		return l.b.Hole(t.hole().Name, boolean)
	}
	return t.option.some
}
