package celenv

import (
	"math"
	"testing"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"personae/engine/catalog"
)

// Two structs of one type are equal where their fields are; rows are themselves.
func TestStructsAreComparedByTheirFields(t *testing.T) {
	inner := catalog.Type{Kind: catalog.Struct, Fields: []catalog.Field{{Name: "s", Type: catalog.Type{Kind: catalog.String, Nullable: true}}}}
	of := catalog.Type{Kind: catalog.Struct, Fields: []catalog.Field{{Name: "d", Type: catalog.Type{Kind: catalog.Double, Nullable: true}}, {Name: "g", Type: inner}}}
	typ := structType("address of customer", of)
	g := typ.Fields()[1].Record
	value := func(d ref.Val, s ref.Val) *Record { return NewRecord(typ, []ref.Val{d, NewRecord(g, []ref.Val{s})}) }
	one := value(types.Double(1), types.String("a"))
	for name, c := range map[string]struct {
		x, y *Record
		want bool
	}{
		"itself":              {one, one, true},
		"the same values":     {one, value(types.Double(1), types.String("a")), true},
		"another field":       {one, value(types.Double(2), types.String("a")), false},
		"a field in a field":  {one, value(types.Double(1), types.String("b")), false},
		"empty and empty":     {value(nil, nil), value(types.NullValue, nil), true},
		"empty and not empty": {value(nil, types.String("a")), one, false},
		"no number":           {value(types.Double(math.NaN()), nil), value(types.Double(math.NaN()), nil), false},
		"no struct":           {NewRecord(typ, []ref.Val{types.Double(1), nil}), one, false},
		"another type":        {one, NewRecord(structType("home of customer", of), one.values), false},
		"rows":                {NewRecord(newRecordType("customer", nil), nil), NewRecord(newRecordType("customer", nil), nil), false},
	} {
		if got := c.x.Equal(c.y) == types.True; got != c.want {
			t.Errorf("%s: %v", name, got)
		}
		if got := c.y.Equal(c.x) == types.True; got != c.want {
			t.Errorf("%s, the other way round: %v", name, got)
		}
	}
}
