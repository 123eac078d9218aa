package compile

import (
	"fmt"
	"reflect"
	"sort"
	"strings"

	"personae/engine/source"
	"personae/engine/spec"
)

// moduleDigest identifies what a project's files say, prose included: no
// comments, no positions, no file names, no order of documents or of keys.
// Where the order of entries shows on a page (facts, sections), it counts.
func moduleDigest(m *spec.Module, s Settings) string {
	var docs []string
	add := func(kind string, v any) { docs = append(docs, kind+" "+canonicalText(reflect.ValueOf(v))) }
	add("project", m.Project)
	for _, d := range m.Datasets {
		add("dataset", d)
	}
	for _, p := range m.Parameters { // how they are spread over documents is no difference
		for _, e := range p.Values {
			add("parameter", e)
		}
	}
	for _, t := range m.Traits {
		entity := t.For.Value()
		if entity == "" {
			entity = s.Root
		}
		for _, e := range t.Traits {
			add("trait "+entity, e)
		}
	}
	addAll(add, "segment", m.Segments)
	addAll(add, "segmentation", m.Segmentations)
	addAll(add, "persona", m.Personas)
	addAll(add, "research", m.Research)
	addAll(add, "score", m.Scores)
	addAll(add, "journey", m.Journeys)
	addAll(add, "export", m.Exports)
	docs = append(docs, string(spec.Canonical(&spec.Module{Tests: m.Tests})))
	sort.Strings(docs)
	return digestOf(append([]string{"rules"}, docs...)...)
}

func addAll[T any](add func(string, any), kind string, docs []T) {
	for _, d := range docs {
		add(kind, d)
	}
}

var (
	textType     = reflect.TypeFor[source.Text]()
	exprType     = reflect.TypeFor[spec.Expr]()
	templateType = reflect.TypeFor[spec.Template]()
	rangeType    = reflect.TypeFor[source.Range]()
	documentType = reflect.TypeFor[spec.Document]()
)

// unordered are the mappings whose order of keys means nothing.
var unordered = map[string]bool{"Columns": true, "Values": true, "Findings": true, "Replace": true, "NullValues": true}

// canonicalText writes a value of the source model without its places.
func canonicalText(v reflect.Value) string {
	switch v.Type() {
	case textType:
		return fmt.Sprintf("%q", v.Interface().(source.Text).Value())
	case exprType:
		return fmt.Sprintf("%q", normalText(v.Interface().(spec.Expr).Value()))
	case templateType:
		return fmt.Sprintf("%q", strings.TrimRight(v.Interface().(spec.Template).Value(), "\n"))
	case rangeType:
		return ""
	case documentType:
		return fmt.Sprintf("%q", v.Interface().(spec.Document).Name.Value())
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return "-"
		}
		return canonicalText(v.Elem())
	case reflect.Slice:
		return "[" + strings.Join(canonicalItems(v), ",") + "]"
	case reflect.Struct:
		return canonicalStruct(v)
	}
	return fmt.Sprint(v.Interface())
}

func canonicalItems(v reflect.Value) []string {
	out := make([]string, v.Len())
	for i := range out {
		out[i] = canonicalText(v.Index(i))
	}
	return out
}

func canonicalStruct(v reflect.Value) string {
	var b strings.Builder
	b.WriteByte('{')
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if !f.IsExported() || v.Field(i).IsZero() {
			continue
		}
		b.WriteString(f.Name + ":")
		if unordered[f.Name] && v.Field(i).Kind() == reflect.Slice {
			items := canonicalItems(v.Field(i))
			sort.Strings(items)
			b.WriteString("[" + strings.Join(items, ",") + "]")
		} else {
			b.WriteString(canonicalText(v.Field(i)))
		}
		b.WriteByte(';')
	}
	b.WriteByte('}')
	return b.String()
}

func canonicalOf(v any) string { return canonicalText(reflect.ValueOf(v)) }

// normalText joins the tokens of an expression, so that whitespace and
// comments do not count.
func normalText(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	eachToken(s, func(t token) {
		b.WriteString(t.text)
		b.WriteByte(' ')
	})
	return b.String()
}
