// Package catalog describes tables: their columns, types and facts, and the
// one mapping between CEL types and SQL types.
//
// Input: what datasets declare and what a database introspects. Output: the
// immutable Catalog that compile checks rules against and that
// schemas/catalog.lock.yaml records. It must not know a database driver.
package catalog

// Kind is the CEL kind of a value.
type Kind uint8

// The kinds of values that rules see. Hidden columns (TIME, INTERVAL, UNION,
// BIT) have none: they are not in the catalog's visible columns.
const (
	Invalid Kind = iota
	Null
	Bool
	Int
	Uint
	Double
	String
	Bytes
	Timestamp
	Duration
	List
	Map
	Struct
	Dyn
)

// Type is the type of a column or of an expression.
type Type struct {
	Kind     Kind
	Nullable bool    // a CEL wrapper type: the value may be null
	Elem     *Type   // of List and Map
	Key      *Type   // of Map
	Fields   []Field // of Struct, in order
}

// Field is a field of a struct type.
type Field struct {
	Name string
	Type Type
}
