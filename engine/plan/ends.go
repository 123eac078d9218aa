package plan

import (
	"cel.dev/cel-go/common/ast"

	"personae/engine/catalog"
)

// ends lowers first() and last(): whether there is a row, and its value.
func (l *lowerer) ends(e ast.Expr) (some, value *Expr) {
	if e.Kind() != ast.CallKind || !e.AsCall().IsMemberFunction() {
		return nil, nil
	}
	ids := l.ast.GetOverloadIDs(e.ID())
	f := map[string]FoldFunc{"list_first": FoldFirst, "list_last": FoldLast}
	if len(ids) != 1 || f[ids[0]] == "" {
		return nil, nil
	}
	list := l.list(e.AsCall().Target())
	if list == nil || list.elem == nil || list.distinct || !ordered(list.path[0]) {
		return nil, nil
	}
	some = l.b.Strict(OpLt, "", l.b.Const(int64(0)), l.folded(list, FoldSize, 0))
	return some, l.folded(list, f[ids[0]], 0)
}

// ordered says whether the rows of a table have an order: by key, or by columns
// that all have one.
func ordered(t *catalog.Table) bool {
	if t.Key != "" {
		return true
	}
	for _, c := range t.Columns {
		if !scalar(c.Type.Kind) {
			return false
		}
	}
	return true
}

// inList is x in a list of values of related rows.
func (l *lowerer) inList(x *Expr, list *rowList) *Expr {
	a, element := l.sameNumbers(x, list.elem)
	out := *list
	if x.MayBottom {
		out.needs = append(append([]*Expr{}, list.needs...), x)
	}
	return l.exists(&out, l.b.Eq(a, element))
}

// endValue is first() or last() with what follows it.
func (l *lowerer) endValue(c ast.CallExpr, some, value *Expr) *Expr {
	switch c.FunctionName() {
	case "hasValue":
		return some
	case "value":
		return l.b.If(some, value, l.b.Bottom("there is no value", value.Type))
	}
	d := l.expr(c.Args()[0])
	if d.Op == OpHole {
		return d
	}
	return l.b.If(some, value, d)
}

// binding is what cel.bind gives its name.
func (l *lowerer) binding(e ast.Expr) binding {
	if row := l.row(e); row != nil {
		return binding{row: row, frame: row.frame}
	}
	if l.typeOf(e).Kind == catalog.List {
		if list := l.list(e); list != nil {
			return binding{list: list}
		}
	}
	return binding{value: l.expr(e), frame: len(l.frames) - 1}
}
