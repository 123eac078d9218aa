package catalog

import (
	"strings"

	"cel.dev/cel-go/common/types"
)

// CEL returns the CEL type that the checker uses. A nullable bool, int, uint,
// double, string or bytes is its wrapper type; timestamps and durations are
// nullable in CEL as they are; lists and maps are tested by has().
func (t Type) CEL() *types.Type {
	base := t.celBase()
	if !t.Nullable {
		return base
	}
	switch t.Kind {
	case Bool, Int, Uint, Double, String, Bytes:
		return types.NewNullableType(base)
	}
	return base
}

func (t Type) celBase() *types.Type {
	switch t.Kind {
	case Null:
		return types.NullType
	case Bool:
		return types.BoolType
	case Int:
		return types.IntType
	case Uint:
		return types.UintType
	case Double:
		return types.DoubleType
	case String:
		return types.StringType
	case Bytes:
		return types.BytesType
	case Timestamp:
		return types.TimestampType
	case Duration:
		return types.DurationType
	case List:
		return types.NewListType(t.Elem.CEL())
	case Map:
		return types.NewMapType(t.Key.CEL(), t.Elem.CEL())
	}
	return types.DynType
}

// FromCEL returns the catalog type of a checked CEL type; Dyn where SQL has no
// such type.
func FromCEL(t *types.Type) Type { return FromCELWith(t, nil) }

// FromCELWith is FromCEL where structs have names.
func FromCELWith(t *types.Type, structs map[string]Type) Type {
	switch t.Kind() {
	case types.NullTypeKind:
		return Type{Kind: Null, Nullable: true}
	case types.BoolKind, types.IntKind, types.UintKind, types.DoubleKind, types.StringKind, types.BytesKind:
		return Type{Kind: primitives[t.Kind()], Nullable: t.IsAssignableType(types.NullType)}
	case types.TimestampKind:
		return Type{Kind: Timestamp}
	case types.DurationKind:
		return Type{Kind: Duration}
	case types.ListKind:
		elem := FromCELWith(t.Parameters()[0], structs)
		return Type{Kind: List, Elem: &elem}
	case types.MapKind:
		key, elem := FromCELWith(t.Parameters()[0], structs), FromCELWith(t.Parameters()[1], structs)
		return Type{Kind: Map, Key: &key, Elem: &elem}
	case types.StructKind:
		if s, ok := structs[t.TypeName()]; ok {
			return s
		}
	}
	return Type{Kind: Dyn}
}

var primitives = map[types.Kind]Kind{
	types.BoolKind: Bool, types.IntKind: Int, types.UintKind: Uint,
	types.DoubleKind: Double, types.StringKind: String, types.BytesKind: Bytes,
}

// String names the type as users write it in `type:`, with `?` where it may be null.
func (t Type) String() string {
	name := kindNames[t.Kind]
	switch t.Kind {
	case List:
		name = "list<" + t.Elem.String() + ">"
	case Map:
		name = "map<" + t.Key.String() + ", " + t.Elem.String() + ">"
	case Struct:
		var b strings.Builder
		b.WriteString("struct<")
		for i, f := range t.Fields {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(f.Name + " " + f.Type.String())
		}
		b.WriteString(">")
		name = b.String()
	}
	if t.Nullable {
		name += "?"
	}
	return name
}

var kindNames = map[Kind]string{
	Invalid: "invalid", Null: "null", Bool: "bool", Int: "int", Uint: "uint", Double: "double",
	String: "string", Bytes: "bytes", Timestamp: "timestamp", Duration: "duration", Dyn: "dyn",
}
