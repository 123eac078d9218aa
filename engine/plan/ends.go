package plan

import (
	"cel.dev/cel-go/common/ast"

	"personae/engine/catalog"
)

// ends lowers first() and last() of related rows: whether there is a row, and
// its value. nil for other lists.
func (l *lowerer) ends(id string, operand ast.Expr) (some, value *Expr) {
	list := l.list(operand)
	if list == nil || list.elem == nil || list.distinct || !ordered(list.path[0]) {
		return nil, nil
	}
	some = l.b.Strict(OpLt, "", l.b.Const(int64(0)), l.folded(list, FoldSize, 0))
	f := map[string]FoldFunc{"list_first": FoldFirst, "list_last": FoldLast}[id]
	return some, l.folded(list, f, 0)
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
	if t := l.thing(e); t.value == nil {
		return binding{thing: t, frame: len(l.frames) - 1}
	} else {
		return binding{value: t.value, frame: len(l.frames) - 1}
	}
}
