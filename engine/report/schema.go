package report

import (
	"bytes"
	"embed"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// sources are the files that say what a Report is: the comments of their types
// and fields are the descriptions of the schema, so that both say the same.
//
//go:embed model.go insight.go
var sources embed.FS

// SchemaFile is where the schema of report.json stands under schemas/.
const SchemaFile = "report.schema.json"

// Schema is the JSON Schema of report.json: every field, which of them are
// always there, and what they mean. The bytes are always the same.
func Schema() []byte {
	w := &schemaWriter{said: readComments(), defs: map[string]any{}}
	root := w.object(reflect.TypeFor[Report]())
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "Personae report, format " + strconv.Itoa(Format)
	root["properties"].(map[string]any)["format"] = map[string]any{"const": Format, "description": "The revision of this file."}
	root["$defs"] = w.defs
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	_ = e.Encode(root) // maps, strings and numbers always have a JSON form
	return b.Bytes()
}

type schemaWriter struct {
	said comments
	defs map[string]any // of types that have a name
}

// typed gives the schema of a type; those with a name stand under $defs.
func (w *schemaWriter) typed(t reflect.Type) map[string]any {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return map[string]any{"type": "string", "format": "date-time"}
	case t.Kind() == reflect.Pointer:
		return w.typed(t.Elem())
	case t.Kind() == reflect.Slice:
		return map[string]any{"type": "array", "items": w.typed(t.Elem())}
	case t.Kind() == reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": w.typed(t.Elem())}
	case t.Kind() == reflect.Struct:
		if w.defs[t.Name()] == nil {
			w.defs[t.Name()] = true // a type may hold itself
			w.defs[t.Name()] = w.object(t)
		}
		return map[string]any{"$ref": "#/$defs/" + t.Name()}
	case t.Kind() == reflect.String && t.Name() != "string":
		return map[string]any{"type": "string", "enum": w.said.constants[t.Name()]}
	case t.Kind() == reflect.String:
		return map[string]any{"type": "string"}
	case t.Kind() == reflect.Bool:
		return map[string]any{"type": "boolean"}
	case t.Kind() == reflect.Float64:
		return map[string]any{"type": "number"}
	}
	return map[string]any{"type": "integer"}
}

func (w *schemaWriter) object(t reflect.Type) map[string]any {
	properties, required := map[string]any{}, []string{}
	w.fields(t, properties, &required)
	out := map[string]any{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
	if text := w.said.of[t.Name()]; text != "" {
		out["description"] = text
	}
	return out
}

// fields describes the fields of a type, those of what is embedded in it among
// them.
func (w *schemaWriter) fields(t reflect.Type, properties map[string]any, required *[]string) {
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			w.fields(f.Type, properties, required)
			continue
		}
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" || name == "-" {
			continue
		}
		one := w.typed(f.Type)
		if text := w.said.of[t.Name()+"."+f.Name]; text != "" {
			one["description"] = text
		}
		properties[name] = one
		if !strings.Contains(options, "omitempty") {
			*required = append(*required, name)
		}
	}
}

// comments are what the sources say about types, fields and constants.
type comments struct {
	of        map[string]string   // by type, and by type.field
	constants map[string][]string // the values of a type of texts, in order
}

func readComments() comments {
	c := comments{of: map[string]string{}, constants: map[string][]string{}}
	names, _ := sources.ReadDir(".")
	for _, entry := range names {
		text, _ := sources.ReadFile(entry.Name())
		file, err := parser.ParseFile(token.NewFileSet(), entry.Name(), text, parser.ParseComments)
		if err != nil {
			continue // it is compiled, so it can be parsed
		}
		for _, d := range file.Decls {
			if general, ok := d.(*ast.GenDecl); ok {
				c.declaration(general)
			}
		}
	}
	return c
}

func (c comments) declaration(d *ast.GenDecl) {
	for _, s := range d.Specs {
		switch s := s.(type) {
		case *ast.TypeSpec:
			doc := s.Doc
			if doc == nil {
				doc = d.Doc
			}
			c.of[s.Name.Name] = oneLine(doc)
			if t, ok := s.Type.(*ast.StructType); ok {
				for _, f := range t.Fields.List {
					for _, name := range f.Names {
						c.of[s.Name.Name+"."+name.Name] = strings.TrimSpace(oneLine(f.Doc) + " " + oneLine(f.Comment))
					}
				}
			}
		case *ast.ValueSpec:
			t, ok := s.Type.(*ast.Ident)
			if d.Tok != token.CONST || !ok {
				continue
			}
			for _, v := range s.Values {
				if literal, ok := v.(*ast.BasicLit); ok && literal.Kind == token.STRING {
					value, _ := strconv.Unquote(literal.Value)
					c.constants[t.Name] = append(c.constants[t.Name], value)
				}
			}
		}
	}
}

func oneLine(g *ast.CommentGroup) string {
	if g == nil {
		return ""
	}
	return strings.Join(strings.Fields(g.Text()), " ")
}

// Complete is the report with every list that JSON readers may count on: [] and
// never null. The report itself stays as it is.
func (r *Report) Complete() *Report {
	out := completed(reflect.ValueOf(*r)).Interface().(Report)
	return &out
}

// completed copies a value, with empty lists for those that are not there and
// are not left out.
func completed(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return v
		}
		out := reflect.New(v.Type()).Elem()
		for i := range v.NumField() {
			f := completed(v.Field(i))
			options := strings.Split(v.Type().Field(i).Tag.Get("json"), ",")
			if !slices.Contains(options, "omitempty") {
				switch {
				case f.Kind() == reflect.Slice && f.IsNil():
					f = reflect.MakeSlice(f.Type(), 0, 0)
				case f.Kind() == reflect.Map && f.IsNil():
					f = reflect.MakeMap(f.Type())
				}
			}
			out.Field(i).Set(f)
		}
		return out
	case reflect.Slice:
		if v.IsNil() {
			return v
		}
		out := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			out.Index(i).Set(completed(v.Index(i)))
		}
		return out
	case reflect.Pointer:
		if v.IsNil() || v.Elem().Kind() != reflect.Struct {
			return v
		}
		out := reflect.New(v.Elem().Type())
		out.Elem().Set(completed(v.Elem()))
		return out
	}
	return v
}
