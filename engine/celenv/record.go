package celenv

import (
	"fmt"
	"reflect"
	"sort"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"personae/engine/catalog"
)

// FieldKind says where the value of a field comes from.
type FieldKind uint8

// The kinds of fields of a record.
const (
	ColumnField    FieldKind = iota // a column of the table
	TraitField                      // a computed attribute
	RelationField                   // the rows of a relation, a list
	ReferenceField                  // the row whose key a column holds
)

// Field is one field of a record type.
type Field struct {
	Name   string
	Type   catalog.Type // of columns and traits
	CEL    *types.Type
	Kind   FieldKind
	Column string // of a ColumnField: the column's name; differs from Name for customer.home_store_key
	// Record is the type of a struct, or of the structs in a list or a map; nil
	// for anything else.
	Record *RecordType
	// Table is whose rows a relation or a reference has; nil for anything else.
	Table *catalog.Table
}

// RecordType is the type of an entity's rows: columns in the order of the
// table, then traits by name, then references and relations. Nothing changes
// it once built.
type RecordType struct {
	name   string
	fields []Field
	index  map[string]int
	typ    *types.Type
	plain  bool // a struct, which is the same as another of the same values
}

// Name is the type's name: the entity.
func (t *RecordType) Name() string { return t.name }

// Fields are the fields in order. Callers must not change them.
func (t *RecordType) Fields() []Field { return t.fields }

// CEL is the type for the checker.
func (t *RecordType) CEL() *types.Type { return t.typ }

// Field returns the position of a field.
func (t *RecordType) Field(name string) (int, bool) {
	i, ok := t.index[name]
	return i, ok
}

func newRecordType(name string, fields []Field) *RecordType {
	t := &RecordType{name: name, fields: fields, index: make(map[string]int, len(fields)), typ: recordCEL(name)}
	for i, f := range fields {
		if _, taken := t.index[f.Name]; !taken {
			t.index[f.Name] = i
		}
	}
	return t
}

// recordCEL is the CEL type of records with that name. Records can be selected
// from and compared by nothing: there is no way to write one.
func recordCEL(name string) *types.Type {
	return types.NewObjectType(name, traits.IndexerType|traits.FieldTesterType)
}

// entityType describes the rows of a table, without its traits.
func entityType(o Options, table *catalog.Table) *RecordType {
	var fields []Field
	for _, c := range table.Columns {
		f := Field{Name: c.Name, Column: c.Name, Kind: ColumnField}
		f.setType(c.Name+" of "+table.Entity, c.Type)
		if c.References != "" {
			f.Name += "_key"
			if target := (&catalog.Catalog{Tables: o.Tables}).Table(c.References); target != nil && target.Entity != "" {
				fields = append(fields, Field{Name: c.Name, Column: c.Name, CEL: recordCEL(target.Entity), Kind: ReferenceField, Table: target})
			}
		}
		fields = append(fields, f)
	}
	if table.Entity == o.Entity {
		names := make([]string, 0, len(o.Traits))
		for name := range o.Traits {
			names = append(names, name)
		}
		sort.Strings(names)
		for _, name := range names {
			f := Field{Name: name, Kind: TraitField}
			f.setType(name+" of "+table.Entity, o.Traits[name])
			fields = append(fields, f)
		}
	}
	for _, r := range o.Tables {
		if r.Of == table.Entity && r.Of != "" {
			fields = append(fields, Field{Name: r.Name, CEL: types.NewListType(recordCEL(r.Entity)), Kind: RelationField, Table: r})
		}
	}
	return newRecordType(table.Entity, fields)
}

// setType gives a field its type. A struct is a record of its own, named after
// its place: "address of customer", which no rule can write (customer.address
// would then be the type, not the value). So are those in lists and maps.
func (f *Field) setType(place string, t catalog.Type) {
	f.Type, f.CEL = t, t.CEL()
	if inner := structIn(&t); inner != nil {
		f.Record = structType(place, *inner)
		f.CEL = around(t, f.Record.typ)
	}
}

// structIn is the struct that a type is, or that lists and maps of it hold; nil
// where there is none.
func structIn(t *catalog.Type) *catalog.Type {
	for ; t != nil && t.Kind != catalog.Struct; t = t.Elem {
	}
	return t
}

// around is the CEL type of t, whose struct is a record.
func around(t catalog.Type, record *types.Type) *types.Type {
	switch t.Kind {
	case catalog.List:
		return types.NewListType(around(*t.Elem, record))
	case catalog.Map:
		return types.NewMapType(t.Key.CEL(), around(*t.Elem, record))
	}
	return record
}

// Structs are the types of the structs that the columns of some tables hold, by
// the names of their records.
func Structs(tables []*catalog.Table) map[string]catalog.Type {
	all := map[string]catalog.Type{}
	var note func(place string, inner *catalog.Type)
	note = func(place string, inner *catalog.Type) {
		all[place] = *inner
		for i := range inner.Fields {
			if within := structIn(&inner.Fields[i].Type); within != nil {
				note(inner.Fields[i].Name+" of "+place, within)
			}
		}
	}
	for _, t := range tables {
		for _, c := range t.Columns {
			if inner := structIn(&c.Type); inner != nil {
				note(c.Name+" of "+t.Entity, inner)
			}
		}
	}
	return all
}

func structType(place string, of catalog.Type) *RecordType {
	fields := make([]Field, len(of.Fields))
	for i, sf := range of.Fields {
		fields[i].Name = sf.Name
		fields[i].setType(sf.Name+" of "+place, sf.Type)
	}
	t := newRecordType(place, fields)
	t.plain = true
	return t
}

// nested lists a type and those of its structs.
func (t *RecordType) nested() []*RecordType {
	all := []*RecordType{t}
	for _, f := range t.fields {
		if f.Record != nil {
			all = append(all, f.Record.nested()...)
		}
	}
	return all
}

// Record is one row as CEL sees it. A nil value is null, a *types.Err is ⊥.
type Record struct {
	typ      *RecordType
	values   []ref.Val
	happened ref.Val // of a related row: when it happened
	now      ref.Val // and the instant as of which it was read
}

// NewRecord makes a row of a type; values are in the order of its fields and
// are not copied, so that one record can be filled again for each row.
func NewRecord(typ *RecordType, values []ref.Val) *Record { return &Record{typ: typ, values: values} }

// NewRelated makes a row of a relation, which knows when it happened and as of
// which instant it was read: within, before and between look at these.
func NewRelated(typ *RecordType, values []ref.Val, at, now ref.Val) *Record {
	return &Record{typ: typ, values: values, happened: at, now: now}
}

// RecordType is the type whose fields Values has, in order.
func (r *Record) RecordType() *RecordType { return r.typ }

// Values are the fields' values, as NewRecord takes them. Callers must not change them.
func (r *Record) Values() []ref.Val { return r.values }

// NoRow is what the error says of a reference whose key no row has.
const NoRow = " leads to no row"

// Get gives a field's value. A null list, map or struct has no value, and
// neither has a reference to no row: asking for it is an error that has()
// avoids, because its CEL type knows no null.
func (r *Record) Get(index ref.Val) ref.Val {
	i, v := r.at(index)
	if v != nil {
		return v
	}
	f := r.typ.fields[i]
	switch f.Type.Kind {
	case catalog.List, catalog.Map, catalog.Struct:
		return types.NewErr("%s.%s is empty", r.typ.name, f.Name)
	}
	if f.Kind == ReferenceField {
		if k := r.typ.index[f.Name+"_key"]; k < len(r.values) && r.values[k] != nil && r.values[k] != types.NullValue {
			return types.NewErr("%s.%s"+NoRow, r.typ.name, f.Name)
		}
		return types.NewErr("%s.%s is empty", r.typ.name, f.Name)
	}
	return types.NullValue
}

// IsSet tells whether a field has a value; ⊥ stays ⊥.
func (r *Record) IsSet(field ref.Val) ref.Val {
	_, v := r.at(field)
	if types.IsError(v) {
		return v
	}
	return types.Bool(v != nil && v != types.NullValue)
}

// at returns the value of a field: nil for null, *types.Err for ⊥ and for a
// field that the type does not have.
func (r *Record) at(field ref.Val) (int, ref.Val) {
	name, ok := field.(types.String)
	if !ok {
		return 0, types.MaybeNoSuchOverloadErr(field)
	}
	i, ok := r.typ.index[string(name)]
	if !ok || i >= len(r.values) {
		return 0, types.NewErr("%s has no %s", r.typ.name, string(name))
	}
	if r.values[i] == types.NullValue {
		return i, nil
	}
	return i, r.values[i]
}

// ConvertToNative is not possible: records do not leave CEL.
func (r *Record) ConvertToNative(typeDesc reflect.Type) (any, error) {
	if reflect.TypeOf(r).AssignableTo(typeDesc) {
		return r, nil
	}
	return nil, fmt.Errorf("a %s is not a value by itself; choose one of its columns", r.typ.name)
}

// ConvertToType gives the type and nothing else.
func (r *Record) ConvertToType(typeVal ref.Type) ref.Val {
	if typeVal == types.TypeType {
		return r.typ.typ
	}
	return types.NewErr("a %s cannot be converted", r.typ.name)
}

// Equal compares structs field by field, one that is empty with one that is, and
// rows by identity.
func (r *Record) Equal(other ref.Val) ref.Val {
	o, ok := other.(*Record)
	if !ok || o.typ != r.typ || !r.typ.plain {
		return types.Bool(ok && o == r)
	}
	for i := range r.values {
		if types.Equal(orNull(r.values[i]), orNull(o.values[i])) != types.True {
			return types.False
		}
	}
	return types.True
}

func orNull(v ref.Val) ref.Val {
	if v == nil {
		return types.NullValue
	}
	return v
}

// Type is the record's type.
func (r *Record) Type() ref.Type { return r.typ.typ }

// Value is the record itself.
func (r *Record) Value() any { return r }
