package eval

import (
	"bytes"
	"cmp"
	"fmt"
	"sort"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"personae/engine/catalog"
	"personae/engine/celenv"
)

// SetRelated gives a relation its rows: columns by name, nil for null, an error
// for ⊥, and for a relation of the relation a []map[string]any of its own. The
// order of the rows does not matter: the list is in order of time, key and all
// columns. SetNow comes first: the rows know the instant as of which they were
// read.
func (r *Row) SetRelated(field string, rows []map[string]any) error {
	i, ok := r.typ.Field(field)
	if !ok || r.typ.Fields()[i].Kind != celenv.RelationField {
		return fmt.Errorf("%s has no related rows %s", r.entity, field)
	}
	list, err := Related(r.env, r.typ.Fields()[i].Table, rows, r.vars["now"])
	if err != nil {
		return err
	}
	r.values[i] = list
	return nil
}

// Related makes the list of a relation's rows; see Row.SetRelated.
func Related(env *cel.Env, table *catalog.Table, rows []map[string]any, now ref.Val) (ref.Val, error) {
	typ := celenv.RecordOf(env, table.Entity)
	if typ == nil {
		return nil, fmt.Errorf("the environment has no entity %q", table.Entity)
	}
	sorted := append([]map[string]any(nil), rows...)
	order := table.Order()
	sort.SliceStable(sorted, func(a, b int) bool {
		for _, column := range order {
			if c := compareCells(sorted[a][column], sorted[b][column]); c != 0 {
				return c < 0
			}
		}
		return false
	})
	list := make([]ref.Val, len(sorted))
	for i, row := range sorted {
		record, err := related(env, typ, table, row, now)
		if err != nil {
			return nil, err
		}
		list[i] = record
	}
	return types.NewRefValList(types.DefaultTypeAdapter, list), nil
}

func related(env *cel.Env, typ *celenv.RecordType, table *catalog.Table, row map[string]any, now ref.Val) (*celenv.Record, error) {
	values := make([]ref.Val, len(typ.Fields()))
	for i, f := range typ.Fields() {
		var err error
		switch f.Kind {
		case celenv.ColumnField:
			values[i] = FieldValue(f, row[f.Column])
		case celenv.RelationField:
			below, _ := row[f.Name].([]map[string]any)
			values[i], err = Related(env, f.Table, below, now)
		case celenv.ReferenceField:
			to, _ := row[ReferenceName(f.Name)].(map[string]any)
			values[i], err = referenced(env, f.Table, to, now)
		default:
			values[i] = types.NewErr("%s of another %s cannot be read", f.Name, typ.Name())
		}
		if err != nil {
			return nil, err
		}
	}
	return celenv.NewRelated(typ, values, toCEL(row[table.Time]), now), nil
}

// ReferenceName is where the row that a column references stands in a row given
// as a map: its own name is taken by the key.
func ReferenceName(column string) string { return column + " row" }

// SetReference gives the row that a column references, as SetRelated takes rows;
// nil where there is none.
func (r *Row) SetReference(field string, row map[string]any) error {
	i, ok := r.typ.Field(field)
	if !ok || r.typ.Fields()[i].Kind != celenv.ReferenceField {
		return fmt.Errorf("%s has no reference %s", r.entity, field)
	}
	value, err := referenced(r.env, r.typ.Fields()[i].Table, row, r.vars["now"])
	r.values[i] = value
	return err
}

// referenced makes the row that a reference leads to; nil for none.
func referenced(env *cel.Env, table *catalog.Table, row map[string]any, now ref.Val) (ref.Val, error) {
	if row == nil {
		return nil, nil
	}
	typ := celenv.RecordOf(env, table.Entity)
	if typ == nil {
		return nil, fmt.Errorf("the environment has no entity %q", table.Entity)
	}
	return related(env, typ, table, row, now)
}

// compareCells orders two cells of a column as DuckDB does: nulls last, NaN
// after all numbers.
func compareCells(a, b any) int {
	if a == nil || b == nil {
		return cmp.Compare(rank(a), rank(b))
	}
	switch x := a.(type) {
	case bool:
		y, _ := b.(bool)
		return cmp.Compare(rankBool(x), rankBool(y))
	case int64:
		y, _ := b.(int64)
		return cmp.Compare(x, y)
	case float64:
		y, _ := b.(float64)
		if x != x || y != y {
			return cmp.Compare(rankBool(x != x), rankBool(y != y))
		}
		return cmp.Compare(x, y)
	case string:
		y, _ := b.(string)
		return strings.Compare(x, y)
	case []byte:
		y, _ := b.([]byte)
		return bytes.Compare(x, y)
	case time.Time:
		y, _ := b.(time.Time)
		return x.Compare(y)
	}
	return 0
}

func rank(v any) int { return rankBool(v == nil) }

func rankBool(b bool) int {
	if b {
		return 1
	}
	return 0
}
