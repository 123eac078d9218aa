package spec

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
)

const (
	dialect    = "https://json-schema.org/draft/2020-12/schema"
	allSchemas = "personae.schema.json"
)

// Schemas gives the JSON Schema of every kind, by file name: segment.schema.json for Segment, and
// personae.schema.json, which picks the right one by `kind`, for editors. The bytes are always the same.
func Schemas() map[string][]byte {
	out := map[string][]byte{}
	var defs object
	var names, choices []any
	for _, k := range kinds() {
		one := k.schema()
		out[strings.ToLower(k.name)+".schema.json"] = append(object{{"$schema", dialect}}, one...).indented()
		defs = append(defs, member{k.name, one})
		names = append(names, k.name)
		choices = append(choices, object{
			{"if", object{{"properties", object{{"kind", object{{"const", k.name}}}}}, {"required", []any{"kind"}}}},
			{"then", object{{"$ref", "#/$defs/" + k.name}}},
		})
	}
	out[allSchemas] = object{
		{"$schema", dialect},
		{"title", "Personae"},
		{"description", "One document of a Personae project. Its kind says what else it holds."},
		{"type", "object"},
		{"required", []any{"kind"}},
		{"properties", object{{"kind", object{{"description", "What the document is."}, {"enum", names}}}}},
		{"allOf", choices},
		{"$defs", defs},
	}.indented()
	return out
}

// object is a JSON object whose members keep their order.
type object []member

type member struct {
	key   string
	value any
}

// MarshalJSON writes the members in order.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		v, err := json.Marshal(m.value)
		if err != nil {
			return nil, err
		}
		b.WriteString(quoted(m.key) + ":")
		b.Write(v)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func (o object) indented() []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	_ = enc.Encode(o) // strings, booleans and objects always have a JSON form
	return b.Bytes()
}

// schema describes one kind.
func (k kind) schema() object {
	properties := object{{"kind", object{{"const", k.name}}}}
	required := []any{"kind"}
	for _, f := range fieldsOf(k.typ) {
		s := f.schema()
		if f.key == "name" {
			if k.naming == nameFree {
				s = object{{"description", "What it is called, free text."}, {"type", textTypes}}
			} else {
				s = append(s, member{"pattern", namePattern.String()})
			}
			f.required = k.naming != nameOptional
		}
		if f.required {
			required = append(required, f.key)
		}
		properties = append(properties, member{f.key, s})
	}
	return object{
		{"title", k.name}, {"description", k.doc}, {"type", "object"},
		{"properties", properties}, {"required", required}, {"additionalProperties", false},
	}
}

// textTypes are the YAML values that are text to Personae: the source text of any scalar counts.
var textTypes = []any{"string", "number", "boolean"}

func (f field) schema() object {
	s := object{{"description", f.doc}}
	if f.enum != nil {
		enum := make([]any, len(f.enum))
		for i, e := range f.enum {
			enum[i] = e
		}
		return append(s, member{"enum", enum})
	}
	return append(s, schemaOf(f.typ)...)
}

func schemaOf(t reflect.Type) object {
	switch formOf(t) {
	case formText, formExpr, formTemplate:
		return object{{"type", textTypes}}
	case formBool:
		return object{{"type", "boolean"}}
	case formInt:
		return object{{"type", "integer"}}
	case formFloat:
		return object{{"type", "number"}}
	case formGiven:
		return object{}
	case formList:
		return object{{"type", "array"}, {"items", schemaOf(t.Elem())}}
	case formEntries:
		return object{{"type", "object"}, {"additionalProperties", schemaOf(t.Elem().Field(1).Type)}}
	}
	properties, required := object{}, []any{}
	for _, f := range fieldsOf(t.Elem()) {
		properties = append(properties, member{f.key, f.schema()})
		if f.required {
			required = append(required, f.key)
		}
	}
	s := object{{"type", "object"}, {"properties", properties}}
	if len(required) > 0 {
		s = append(s, member{"required", required})
	}
	return append(s, member{"additionalProperties", false})
}
