package conformance

import (
	"strings"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"personae/engine/catalog"
	"personae/engine/sqlgen"
)

// Lists in both engines: []any in rows, []ref.Val out of cel-go, []any out of SQL.

func sqlType(t catalog.Type) string {
	if t.Kind == catalog.List {
		return sqlType(*t.Elem) + "[]"
	}
	return sqlTypes[t.Kind]
}

func cellText(v any) string {
	list, ok := v.([]any)
	if !ok {
		return sqlgen.DuckDB{}.Constant(v)
	}
	items := make([]string, len(list))
	for i, x := range list {
		items[i] = cellText(x)
	}
	return "[" + strings.Join(items, ", ") + "]"
}

func celList(v []any) ref.Val {
	list := make([]ref.Val, len(v))
	for i, x := range v {
		list[i] = celValue(x)
	}
	return types.NewRefValList(types.DefaultTypeAdapter, list)
}

// goValue is a CEL value as same compares it.
func goValue(v ref.Val) any {
	list, ok := v.(traits.Lister)
	if !ok {
		return v.Value()
	}
	elements := []ref.Val{}
	for it := list.Iterator(); it.HasNext() == types.True; {
		elements = append(elements, it.Next())
	}
	return elements
}

func sameList(want []ref.Val, got any) bool {
	g, ok := got.([]any)
	ok = ok && len(g) == len(want)
	for i := 0; ok && i < len(want); i++ {
		null := want[i] == types.NullValue
		ok = null && g[i] == nil || !null && same(want[i].Value(), g[i])
	}
	return ok
}
