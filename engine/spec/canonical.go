package spec

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"

	"personae/engine/source"
)

// Canonical gives what the documents say as bytes, for the digest of the rules: prose included, comments, positions,
// styles of writing and the split into files left out. Modules that say the same have the same bytes: one JSON object
// a line, lines sorted. The order inside a document counts, since reports show it.
func Canonical(m *Module) []byte {
	var docs [][]byte
	add := func(kind string, v reflect.Value) {
		var b bytes.Buffer
		b.WriteString(`{"kind":` + quoted(kind))
		writeFields(&b, v.Elem(), false)
		b.WriteString("}\n")
		docs = append(docs, b.Bytes())
	}
	if m.Project != nil {
		add("Project", reflect.ValueOf(m.Project))
	}
	v := reflect.ValueOf(m).Elem()
	for _, k := range kinds() {
		for i := range v.NumField() {
			if f := v.Field(i); f.Kind() == reflect.Slice && f.Type().Elem() == reflect.PointerTo(k.typ) {
				for j := range f.Len() {
					add(k.name, f.Index(j))
				}
			}
		}
	}
	slices.SortFunc(docs, bytes.Compare)
	return bytes.Join(docs, nil)
}

func quoted(s string) string {
	b, _ := json.Marshal(s) // a string always has a JSON form
	return string(b)
}

// writeFields writes the fields that are written, each after a comma but the first.
func writeFields(b *bytes.Buffer, v reflect.Value, first bool) {
	for _, f := range fieldsOf(v.Type()) {
		value := v.FieldByIndex(f.index)
		if value.IsZero() {
			continue
		}
		if !first {
			b.WriteByte(',')
		}
		first = false
		b.WriteString(quoted(f.key) + ":")
		writeValue(b, value)
	}
}

func writeValue(b *bytes.Buffer, v reflect.Value) {
	switch x := v.Interface().(type) {
	case source.Text:
		b.WriteString(quoted(x.Value()))
		return
	case Expr:
		b.WriteString(quoted(x.Value()))
		return
	case Template:
		b.WriteString(quoted(x.Value()))
		return
	}
	switch formOf(v.Type()) {
	case formBool, formInt, formFloat:
		j, _ := json.Marshal(v.FieldByName("V").Interface()) // finite: parseFloat knows no NaN
		b.Write(j)
	case formList:
		writeSequence(b, v.Len(), func(i int) { writeValue(b, v.Index(i)) })
	case formEntries: // pairs: the order of names is what reports show
		writeSequence(b, v.Len(), func(i int) {
			b.WriteString("[" + quoted(v.Index(i).Field(0).Interface().(Text).Value()) + ",")
			writeValue(b, v.Index(i).Field(1))
			b.WriteByte(']')
		})
	case formGiven:
		writeGiven(b, v.Interface().(*Given))
	default:
		if v.IsNil() {
			b.WriteString("null")
			return
		}
		b.WriteByte('{')
		writeFields(b, v.Elem(), true)
		b.WriteByte('}')
	}
}

func writeSequence(b *bytes.Buffer, n int, item func(int)) {
	b.WriteByte('[')
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		item(i)
	}
	b.WriteByte(']')
}

// writeGiven writes a value of a test: scalars as their source text, or null.
func writeGiven(b *bytes.Buffer, g *Given) {
	switch {
	case g.IsNull():
		b.WriteString("null")
	case g.Form == Listed:
		writeSequence(b, len(g.Items), func(i int) { writeGiven(b, g.Items[i]) })
	case g.Form == Keyed:
		b.WriteString(`{"map":`)
		writeSequence(b, len(g.Keys), func(i int) {
			b.WriteString("[" + quoted(g.Keys[i].Key.Value()) + ",")
			writeGiven(b, g.Keys[i].Value)
			b.WriteByte(']')
		})
		b.WriteByte('}')
	default:
		b.WriteString(quoted(g.Text.Value()))
	}
}
