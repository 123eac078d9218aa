package eval

import (
	"fmt"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"personae/engine/celenv"
)

// Row holds the values that expressions read: the columns and traits of one
// row, now, segments and segmentations. It is filled again for each row, so
// that a million rows need one. It is for one goroutine at a time.
type Row struct {
	env    *cel.Env
	entity string
	typ    *celenv.RecordType
	record *celenv.Record
	values []ref.Val
	vars   map[string]ref.Val // now, segment.x, segmentation.x, score.x
}

// NewRow makes an empty row of an entity: all columns are null, all else is ⊥.
func NewRow(env *cel.Env, entity string) (*Row, error) {
	typ := celenv.RecordOf(env, entity)
	if typ == nil {
		return nil, fmt.Errorf("the environment has no entity %q", entity)
	}
	r := &Row{env: env, entity: entity, typ: typ, values: make([]ref.Val, len(typ.Fields())), vars: map[string]ref.Val{}}
	r.record = celenv.NewRecord(typ, r.values)
	r.Clear()
	return r, nil
}

// Clear empties the row: columns are null; traits, segments and segmentations
// are ⊥, because nobody has calculated them. Now stays.
func (r *Row) Clear() {
	for i, f := range r.typ.Fields() {
		switch f.Kind {
		case celenv.ColumnField:
			r.values[i] = nil
		case celenv.RelationField:
			r.values[i] = types.NewErr("a row of %s.%s cannot be decided", r.entity, f.Name)
		case celenv.ReferenceField:
			r.values[i] = types.NewErr("the row of %s.%s cannot be decided", r.entity, f.Name)
		default:
			r.values[i] = types.NewErr("%s was not calculated", f.Name)
		}
	}
	for name := range r.vars {
		if name != "now" {
			delete(r.vars, name)
		}
	}
}

// SetNow sets the as-of instant.
func (r *Row) SetNow(now time.Time) { r.vars["now"] = types.Timestamp{Time: now.UTC()} }

// Set gives a column or trait its value: nil is null, an error is ⊥. See Value
// for the Go types. It is an error to set a field that there is not.
func (r *Row) Set(field string, value any) error {
	i, ok := r.typ.Field(field)
	if !ok {
		return fmt.Errorf("%s has no %s", r.entity, field)
	}
	r.SetAt(i, value)
	return nil
}

// SetAt is Set by the field's position in RecordType.Fields, for loops over
// many rows.
func (r *Row) SetAt(i int, value any) { r.values[i] = FieldValue(r.typ.Fields()[i], value) }

// SetValue is SetAt with a CEL value, for callers that keep them.
func (r *Row) SetValue(i int, value ref.Val) { r.values[i] = value }

// Position returns the position of a field for SetAt.
func (r *Row) Position(field string) (int, bool) { return r.typ.Field(field) }

// SetSegment gives membership: a bool, nil or an error for can't tell.
func (r *Row) SetSegment(name string, member any) { r.vars["segment."+name] = decided(name, member) }

// SetSegmentation gives the group: a string, nil or an error for can't tell.
func (r *Row) SetSegmentation(name string, group any) {
	r.vars["segmentation."+name] = decided(name, group)
}

// SetScore gives points: a double, nil or an error for can't tell.
func (r *Row) SetScore(name string, points any) { r.vars["score."+name] = decided(name, points) }

// SetJourney gives the stage: a string, nil for none, or an error for can't tell.
func (r *Row) SetJourney(name string, stage any) {
	if r.vars["journey."+name] = toCEL(stage); stage == nil {
		r.vars["journey."+name] = types.NullValue
	}
}

// SetReached says whether a stage, or a later one, was entered: a bool, nil or
// an error for can't tell.
func (r *Row) SetReached(journey, stage string, reached any) {
	r.vars["reached."+journey+"."+stage] = decided(journey, reached)
}

// decided turns what decides nothing into ⊥.
func decided(name string, value any) ref.Val {
	if v := toCEL(value); v != nil {
		return v
	}
	return types.NewErr("can't tell %s", name)
}

// ResolveName finds a variable, for cel-go.
func (r *Row) ResolveName(name string) (any, bool) {
	if name == r.entity {
		return r.record, true
	}
	v, ok := r.vars[name]
	return v, ok
}

// Parent is nil: a row stands alone.
func (r *Row) Parent() cel.Activation { return nil }

// toCEL makes a CEL value; nil for null, *types.Err for an error. Lists may
// hold nil for null.
func toCEL(value any) ref.Val {
	switch v := value.(type) {
	case nil:
		return nil
	case ref.Val:
		return v
	case bool:
		return types.Bool(v)
	case int64:
		return types.Int(v)
	case int:
		return types.Int(v)
	case int32:
		return types.Int(v)
	case uint64:
		return types.Uint(v)
	case float64:
		return types.Double(v)
	case string:
		return types.String(v)
	case []byte:
		return types.Bytes(v)
	case time.Time:
		return types.Timestamp{Time: v.UTC()}
	case time.Duration:
		return types.Duration{Duration: v}
	case error:
		return types.WrapErr(v)
	case []any, map[any]any:
		return FieldValue(celenv.Field{}, v)
	}
	return types.DefaultTypeAdapter.NativeToValue(value)
}

// fromCEL makes a Go value of a result.
func fromCEL(v ref.Val) any {
	switch x := v.(type) {
	case types.Bool:
		return bool(x)
	case types.Int:
		return int64(x)
	case types.Uint:
		return uint64(x)
	case types.Double:
		return float64(x)
	case types.String:
		return string(x)
	case types.Bytes:
		return []byte(x)
	case types.Timestamp:
		return x.Time.UTC()
	case types.Duration:
		return x.Duration
	case types.Null:
		return nil
	}
	return composite(v)
}
