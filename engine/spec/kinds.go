package spec

import (
	"reflect"
	"strings"
	"sync"
)

// naming says what `name` is for a kind.
type naming int

const (
	nameRequired naming = iota
	nameOptional        // kinds that nothing refers to by name
	nameFree            // required, any text: what tests are called
)

// kind is one row of the table of kinds: add one here, and the decoder, "did you mean" and the schemas know it.
type kind struct {
	name   string
	doc    string
	typ    reflect.Type
	naming naming
	add    func(*Module, any)
}

// kinds gives the table in the order in which people meet them. It is made once, and nothing may change it.
var kinds = sync.OnceValue(func() []kind {
	return []kind{
		{"Project", "Settings that all rules share.", reflect.TypeFor[Project](), nameOptional,
			func(m *Module, v any) { m.Project = v.(*Project) }},
		{"Dataset", "Where rows come from and what they are.", reflect.TypeFor[Dataset](), nameRequired,
			func(m *Module, v any) { m.Datasets = append(m.Datasets, v.(*Dataset)) }},
		{"Parameters", "Named constants: params.name.", reflect.TypeFor[Parameters](), nameOptional,
			func(m *Module, v any) { m.Parameters = append(m.Parameters, v.(*Parameters)) }},
		{"Traits", "Computed attributes of an entity.", reflect.TypeFor[Traits](), nameOptional,
			func(m *Module, v any) { m.Traits = append(m.Traits, v.(*Traits)) }},
		{"Segment", "A group of customers that a rule decides.", reflect.TypeFor[Segment](), nameRequired,
			func(m *Module, v any) { m.Segments = append(m.Segments, v.(*Segment)) }},
		{"Segmentation", "Groups that exclude each other and leave nobody out.", reflect.TypeFor[Segmentation](), nameRequired,
			func(m *Module, v any) { m.Segmentations = append(m.Segmentations, v.(*Segmentation)) }},
		{"Score", "Points, and bands of points.", reflect.TypeFor[Score](), nameRequired,
			func(m *Module, v any) { m.Scores = append(m.Scores, v.(*Score)) }},
		{"Journey", "Ordered stages, awareness to advocacy.", reflect.TypeFor[Journey](), nameRequired,
			func(m *Module, v any) { m.Journeys = append(m.Journeys, v.(*Journey)) }},
		{"Persona", "Prose and statements about a group of customers.", reflect.TypeFor[Persona](), nameRequired,
			func(m *Module, v any) { m.Personas = append(m.Personas, v.(*Persona)) }},
		{"Research", "Evidence that is not rows.", reflect.TypeFor[Research](), nameRequired,
			func(m *Module, v any) { m.Research = append(m.Research, v.(*Research)) }},
		{"Export", "An audience, for the team that acts on it.", reflect.TypeFor[Export](), nameRequired,
			func(m *Module, v any) { m.Exports = append(m.Exports, v.(*Export)) }},
		{"Test", "Fixtures and what the rules must say about them.", reflect.TypeFor[Test](), nameFree,
			func(m *Module, v any) { m.Tests = append(m.Tests, v.(*Test)) }},
	}
})

// kindNames lists the kinds. Nothing may change it.
var kindNames = sync.OnceValue(func() []string {
	var names []string
	for _, k := range kinds() {
		names = append(names, k.name)
	}
	return names
})

// field is one key of a kind or of a part of it, as its struct tag says.
type field struct {
	key      string
	doc      string
	enum     []string
	required bool
	index    []int
	typ      reflect.Type
}

// documentFields lists the keys of a kind: `kind` itself, which no struct has, and those of its struct. It is made
// once for each kind, and nothing may change it.
func (k kind) documentFields() []field {
	if known, ok := kindFields.Load(k.name); ok {
		return known.([]field)
	}
	fields := append([]field{{key: "kind"}}, fieldsOf(k.typ)...)
	for i := range fields {
		if fields[i].key == "name" {
			fields[i].required = k.naming != nameOptional
		}
	}
	kindFields.Store(k.name, fields)
	return fields
}

var kindFields sync.Map // []field by name of the kind

// fieldsOf lists the keys that a struct describes, those of an embedded Document first. It is made once for each
// struct, and nothing may change it.
func fieldsOf(t reflect.Type) []field {
	if known, ok := structFields.Load(t); ok {
		return known.([]field)
	}
	fields := readFields(t)
	structFields.Store(t, fields)
	return fields
}

var structFields sync.Map // []field by type

func readFields(t reflect.Type) []field {
	var fields []field
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous && f.Type.Kind() == reflect.Struct {
			for _, inner := range readFields(f.Type) {
				inner.index = append([]int{i}, inner.index...)
				fields = append(fields, inner)
			}
			continue
		}
		key, ok := f.Tag.Lookup("yaml")
		if !ok {
			continue
		}
		one := field{key: key, doc: f.Tag.Get("doc"), required: f.Tag.Get("required") == "true", index: []int{i}, typ: f.Type}
		if enum := f.Tag.Get("enum"); enum != "" {
			one.enum = strings.Split(enum, ",")
		}
		fields = append(fields, one)
	}
	return fields
}

// keysOf lists the names of the fields.
func keysOf(fields []field) []string {
	var keys []string
	for _, f := range fields {
		keys = append(keys, f.key)
	}
	return keys
}

// form is what kind of YAML value a Go type is written as.
type form int

const (
	formText form = iota
	formExpr
	formTemplate
	formBool
	formInt
	formFloat
	formList
	formEntries // names that users choose, with values
	formStruct
	formGiven // of tests: whatever compile finds there
)

// entry marks Entry, so that the decoder can tell an ordered mapping from a list.
func (Entry[T]) entry() {}

type entryMarker interface{ entry() }

// formOf classifies a field's type.
func formOf(t reflect.Type) form {
	switch t {
	case reflect.TypeFor[Text]():
		return formText
	case reflect.TypeFor[Expr]():
		return formExpr
	case reflect.TypeFor[Template]():
		return formTemplate
	case reflect.TypeFor[Bool]():
		return formBool
	case reflect.TypeFor[Int]():
		return formInt
	case reflect.TypeFor[Float]():
		return formFloat
	}
	if t == reflect.TypeFor[*Given]() {
		return formGiven
	}
	if t.Kind() == reflect.Slice {
		if t.Elem().Implements(reflect.TypeFor[entryMarker]()) {
			return formEntries
		}
		return formList
	}
	return formStruct
}

// wants says in words what a type is written as.
func wants(t reflect.Type) string {
	switch formOf(t) {
	case formText, formTemplate:
		return "text"
	case formExpr:
		return "an expression"
	case formBool:
		return "true or false"
	case formInt:
		return "a whole number"
	case formFloat:
		return "a number"
	case formList:
		return "a list"
	case formEntries:
		return "names with a value each"
	}
	keys := keysOf(fieldsOf(t.Elem()))
	if len(keys) > 5 {
		keys = append(keys[:5], "...")
	}
	return "keys of its own (" + strings.Join(keys, ", ") + ")"
}
