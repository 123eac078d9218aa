package eval

import (
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"personae/engine/celenv"
)

// FieldValue makes a CEL value of a field; structs are maps by field name, and
// maps are by any key.
func FieldValue(f celenv.Field, value any) ref.Val {
	switch v := value.(type) {
	case map[string]any:
		if f.Record == nil {
			break
		}
		fields := f.Record.Fields()
		values := make([]ref.Val, len(fields))
		for i, inner := range fields {
			values[i] = FieldValue(inner, v[inner.Name])
		}
		return celenv.NewRecord(f.Record, values)
	case map[any]any:
		entries := make(map[ref.Val]ref.Val, len(v))
		for key, e := range v {
			entries[toCEL(key)] = orNull(FieldValue(f, e))
		}
		return types.NewRefValMap(types.DefaultTypeAdapter, entries)
	case []any:
		list := make([]ref.Val, len(v))
		for i, e := range v {
			list[i] = orNull(FieldValue(f, e))
		}
		return types.NewRefValList(types.DefaultTypeAdapter, list)
	}
	return toCEL(value)
}

// orNull is the value of an element that there is.
func orNull(v ref.Val) ref.Val {
	if v == nil {
		return types.NullValue
	}
	return v
}

// composite makes a Go value of a list, a map or an optional.
func composite(v ref.Val) any {
	switch x := v.(type) {
	case *types.Optional:
		if !x.HasValue() {
			return nil
		}
		return fromCEL(x.GetValue())
	case traits.Mapper:
		m := map[any]any{}
		for it := x.Iterator(); it.HasNext() == types.True; {
			key := it.Next()
			m[fromCEL(key)] = fromCEL(x.Get(key))
		}
		return m
	case traits.Lister:
		list := []any{}
		for it := x.Iterator(); it.HasNext() == types.True; {
			list = append(list, fromCEL(it.Next()))
		}
		return list
	}
	return v.Value()
}

// firstError finds a ⊥ inside a list: such a list is ⊥ as a whole.
func firstError(v ref.Val) *types.Err {
	list, ok := v.(traits.Lister)
	if !ok {
		return nil
	}
	for it := list.Iterator(); it.HasNext() == types.True; {
		e := it.Next()
		if err, ok := e.(*types.Err); ok {
			return err
		}
		if err := firstError(e); err != nil {
			return err
		}
	}
	return nil
}
