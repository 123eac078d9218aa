package conformance

import (
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// Lists in both engines: []any in rows, []ref.Val out of cel-go, []any out of SQL.

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
