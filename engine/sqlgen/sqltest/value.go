// Package sqltest writes hostile values for the tests that hold SQL against
// cel-go. No other code uses it.
package sqltest

import (
	"slices"
	"strings"

	"personae/engine/catalog"
	"personae/engine/sqlgen"
	"personae/engine/sqltext"
)

// Value writes a value of a type, and what it holds inside: structs are
// map[string]any, maps map[any]any, lists []any.
func Value(t catalog.Type, v any) string {
	var items []string
	typ := catalog.SnapshotType(t)
	switch x := v.(type) {
	case map[string]any:
		for _, f := range t.Fields {
			items = append(items, sqltext.Literal(f.Name)+": "+Value(f.Type, x[f.Name]))
		}
		return "{" + strings.Join(items, ", ") + "}::" + typ
	case map[any]any:
		for k, e := range x {
			items = append(items, sqlgen.DuckDB{}.Constant(k)+": "+Value(*t.Elem, e))
		}
		slices.Sort(items)
		return "(MAP {" + strings.Join(items, ", ") + "})::" + typ
	case []any:
		for _, e := range x {
			items = append(items, Value(*t.Elem, e))
		}
		return "[" + strings.Join(items, ", ") + "]::" + typ
	}
	return sqlgen.DuckDB{}.Constant(v) + "::" + typ
}
