package catalog

import (
	"strings"

	"personae/engine/sqltext"
)

// SQLType is a type as the database names it, taken apart.
type SQLType struct {
	Name   string     // upper case, without parameters: BIGINT, DECIMAL, LIST, STRUCT, MAP, TIMESTAMP WITH TIME ZONE
	Text   string     // as the database wrote it
	Elem   *SQLType   // of LIST and MAP
	Key    *SQLType   // of MAP
	Fields []SQLField // of STRUCT, in order
}

// SQLField is a field of a STRUCT.
type SQLField struct {
	Name string
	Type SQLType
}

// column describes how a SQL type appears in rules and in snapshots.
type column struct {
	kind Kind
	snap string
}

// sqlKinds is the one mapping from SQL types to CEL kinds and to the canonical
// types of snapshot tables.
var sqlKinds = map[string]column{
	"BOOLEAN": {Bool, "BOOLEAN"},
	"TINYINT": {Int, "BIGINT"}, "SMALLINT": {Int, "BIGINT"}, "INTEGER": {Int, "BIGINT"}, "BIGINT": {Int, "BIGINT"},
	"HUGEINT": {Int, "BIGINT"}, "UTINYINT": {Int, "BIGINT"}, "USMALLINT": {Int, "BIGINT"}, "UINTEGER": {Int, "BIGINT"},
	"UBIGINT": {Int, "BIGINT"}, "UHUGEINT": {Int, "BIGINT"},
	"FLOAT": {Double, "DOUBLE"}, "DOUBLE": {Double, "DOUBLE"}, "DECIMAL": {Double, "DOUBLE"},
	"VARCHAR": {String, "VARCHAR"}, "ENUM": {String, "VARCHAR"}, "UUID": {String, "VARCHAR"}, "JSON": {String, "VARCHAR"},
	"DATE": {Timestamp, "TIMESTAMP WITH TIME ZONE"}, "TIMESTAMP": {Timestamp, "TIMESTAMP WITH TIME ZONE"},
	"TIMESTAMP_S": {Timestamp, "TIMESTAMP WITH TIME ZONE"}, "TIMESTAMP_MS": {Timestamp, "TIMESTAMP WITH TIME ZONE"},
	"TIMESTAMP_NS": {Timestamp, "TIMESTAMP WITH TIME ZONE"}, "TIMESTAMP WITH TIME ZONE": {Timestamp, "TIMESTAMP WITH TIME ZONE"},
	"BLOB": {Bytes, "BLOB"},
}

// hiddenTypes are the SQL types that rules cannot see, with their names for people.
var hiddenTypes = map[string]string{
	"TIME": "a time of day without a date", "TIME WITH TIME ZONE": "a time of day without a date", "TIME_NS": "a time of day without a date",
	"INTERVAL": "a calendar interval", "UNION": "a union", "BIT": "a string of bits",
}

// FromSQL gives the type that rules see, never nullable at the top, and the
// canonical snapshot type. Where rules cannot see it, reason says why and the
// type is Invalid.
func FromSQL(t SQLType) (typ Type, snapshot, reason string) {
	switch t.Name {
	case "LIST":
		elem, snap, why := FromSQL(*t.Elem)
		elem.Nullable = true
		return Type{Kind: List, Elem: &elem}, snap + "[]", why
	case "MAP":
		key, keySnap, why := FromSQL(*t.Key)
		elem, elemSnap, whyElem := FromSQL(*t.Elem)
		if why == "" {
			why = whyElem
		}
		if why == "" && (key.Kind == Double || key.Kind == Timestamp || key.Kind == Bytes || key.Kind == List || key.Kind == Struct || key.Kind == Map) {
			why = "keys of maps in rules are text, whole numbers or true and false"
		}
		elem.Nullable = true
		return Type{Kind: Map, Key: &key, Elem: &elem}, "MAP(" + keySnap + ", " + elemSnap + ")", why
	case "STRUCT":
		return structFromSQL(t)
	}
	if c, ok := sqlKinds[t.Name]; ok {
		return Type{Kind: c.kind}, c.snap, ""
	}
	if what, ok := hiddenTypes[t.Name]; ok {
		return Type{}, "", "rules cannot use " + t.Name + " (" + what + ")"
	}
	return Type{}, "", "rules cannot use the type " + t.Text
}

func structFromSQL(t SQLType) (Type, string, string) {
	typ := Type{Kind: Struct}
	snaps := make([]string, 0, len(t.Fields))
	for _, f := range t.Fields {
		ft, snap, why := FromSQL(f.Type)
		if why != "" {
			return Type{}, "", why
		}
		ft.Nullable = true
		typ.Fields = append(typ.Fields, Field{Name: f.Name, Type: ft})
		snaps = append(snaps, sqltext.Ident(f.Name)+" "+snap)
	}
	return typ, "STRUCT(" + strings.Join(snaps, ", ") + ")", ""
}

// SnapshotType gives the canonical SQL type of a catalog type.
func SnapshotType(t Type) string {
	switch t.Kind {
	case Bool:
		return "BOOLEAN"
	case Int:
		return "BIGINT"
	case Double:
		return "DOUBLE"
	case Timestamp:
		return "TIMESTAMP WITH TIME ZONE"
	case Bytes:
		return "BLOB"
	case List:
		return SnapshotType(*t.Elem) + "[]"
	case Map:
		return "MAP(" + SnapshotType(*t.Key) + ", " + SnapshotType(*t.Elem) + ")"
	case Struct:
		fields := make([]string, len(t.Fields))
		for i, f := range t.Fields {
			fields[i] = sqltext.Ident(f.Name) + " " + SnapshotType(f.Type)
		}
		return "STRUCT(" + strings.Join(fields, ", ") + ")"
	}
	return "VARCHAR"
}
