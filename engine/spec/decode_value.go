package spec

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"personae/engine/diag"
	"personae/engine/source"
)

// value decodes one value into out and says whether it could. `at` is where its key stands.
func (d *decoder) value(n *yaml.Node, key string, at source.Range, out reflect.Value, f field) bool {
	if d.bad[n] {
		return false
	}
	if given, ok := out.Addr().Interface().(**Given); ok {
		*given = d.given(n)
		return true
	}
	if isNull(n) {
		d.null(n, key, at)
		return false
	}
	switch form := formOf(out.Type()); form {
	case formList:
		return d.list(n, key, out, f)
	case formEntries:
		return d.entries(n, key, out, f)
	case formStruct:
		return d.structure(n, key, at, out)
	default:
		return d.scalar(n, key, out, f, form)
	}
}

func (d *decoder) null(n *yaml.Node, key string, at source.Range) {
	if n.Value == "" {
		d.diags.Report("empty-value", at, "`%s` has no value", key).Detail = "Write a value, or delete the key."
		return
	}
	r := d.short(n)
	one := d.diags.Report("empty-value", r, "`%s` is YAML's word for no value", n.Value)
	one.Detail = "Write a value, or delete the key. If the word itself is meant, put it in quotes."
	one.Fix = &diag.Fix{Range: r, Replacement: strconv.Quote(n.Value), Title: "write " + strconv.Quote(n.Value)}
}

func (d *decoder) scalar(n *yaml.Node, key string, out reflect.Value, f field, form form) bool {
	if n.Kind != yaml.ScalarNode {
		one := d.wrongType(n, key, out.Type())
		if r := source.NodeRange(d.file, n); form == formExpr && n.Style&yaml.FlowStyle != 0 && r.Start.Line == r.End.Line {
			one.Detail = "An expression that starts with a bracket is a list or keys to YAML. Put it in quotes, or write it as a block after `|-`."
			q := quoteYAML(d.text(r))
			one.Fix = &diag.Fix{Range: r, Replacement: q, Title: "write " + q}
		}
		return false
	}
	t := source.Scalar(d.file, n)
	switch p := out.Addr().Interface().(type) {
	case *Text:
		*p = t
		if f.required && key == f.key && key != "name" && strings.TrimSpace(t.Value()) == "" { // names have a check of their own
			d.diags.Report("empty-value", t.Range(), "`%s` says nothing", key).Detail = f.doc
			return false
		}
		return len(f.enum) == 0 || d.oneOf(t, key, f.enum)
	case *Expr:
		p.Text = t
		return d.expression(n, t)
	case *Template:
		p.Text = t
	case *Bool:
		v, ok := d.number(n, t, key, out.Type(), func(s string) (any, string) { return parseBool(s) })
		if ok {
			*p = Bool{V: v.(bool), Set: true, Range: t.Range()}
		}
		return ok
	case *Int:
		v, ok := d.number(n, t, key, out.Type(), func(s string) (any, string) { return parseInt(s) })
		if ok {
			*p = Int{V: v.(int64), Set: true, Range: t.Range()}
		}
		return ok
	case *Float:
		v, ok := d.number(n, t, key, out.Type(), func(s string) (any, string) { return parseFloat(s) })
		if ok {
			*p = Float{V: v.(float64), Set: true, Range: t.Range()}
		}
		return ok
	}
	return true
}

// expression reports what YAML took away from an expression without a word: a comment begins at ` #`, even inside
// quotes that YAML does not know.
func (d *decoder) expression(n *yaml.Node, t Text) bool {
	if strings.TrimSpace(t.Value()) == "" {
		d.diags.Report("empty-value", t.Range(), "The expression is empty").Detail = "Write an expression, or delete the key."
		return false
	}
	if i := strings.IndexFunc(t.Value(), func(r rune) bool { return r < 0x20 && !strings.ContainsRune("\t\n\r", r) }); i >= 0 {
		d.diags.Report("yaml-quotes", t.Sub(i, i+1), "In double quotes YAML turns this into a control character").
			Detail = "Use single quotes, in which a backslash is a backslash, or write the expression as a block after `|-`."
		return false
	}
	if n.Style != 0 || !openQuote(t.Value()) {
		return true
	}
	rest := d.file.Bytes[t.Range().End.Byte:]
	line := string(rest[:lineEnd(rest)])
	if !strings.HasPrefix(strings.TrimLeft(line, " \t"), "#") {
		return true
	}
	r := d.file.Range(t.Range().Start.Byte, t.Range().End.Byte+len(strings.TrimRight(line, " \t")))
	one := d.diags.Report("yaml-quotes", r, "A # after a space begins a comment, so the expression ends before it")
	one.Detail = "Put the expression in quotes, or write it as a block after `|-`."
	q := quoteYAML(d.text(r))
	one.Fix = &diag.Fix{Range: r, Replacement: q, Title: "write " + q}
	return false
}

// number decodes a scalar that is more than text. parse gives nil where the text is not one, and what to write instead
// where that can be guessed.
func (d *decoder) number(n *yaml.Node, t Text, key string, typ reflect.Type, parse func(string) (any, string)) (any, bool) {
	v, instead := parse(t.Value())
	if v != nil && n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0 {
		return v, true
	}
	one := d.wrongType(n, key, typ)
	if v != nil {
		instead = t.Value()
		one.Detail = "Write it without quotes."
	}
	if instead != "" {
		one.Fix = &diag.Fix{Range: t.Range(), Replacement: instead, Title: "write " + instead}
	}
	return nil, false
}

func parseBool(s string) (any, string) {
	switch strings.ToLower(s) {
	case "true", "yes", "on", "1", "y":
		if s == "true" {
			return true, ""
		}
		return nil, "true"
	case "false", "no", "off", "0", "n":
		if s == "false" {
			return false, ""
		}
		return nil, "false"
	}
	return nil, ""
}

// parseInt reads decimal digits only: 0x10, 0o7, 017 and 1_000 mean other things to other readers.
func parseInt(s string) (any, string) {
	digits := strings.TrimPrefix(s, "-")
	v, err := strconv.ParseInt(s, 10, 64)
	if err != nil || strings.HasPrefix(s, "+") || len(digits) > 1 && digits[0] == '0' {
		plain := strings.NewReplacer("_", "", ",", "", "+", "").Replace(s)
		if v, err := strconv.ParseInt(plain, 10, 64); err == nil && plain != s {
			return nil, strconv.FormatInt(v, 10)
		}
		return nil, ""
	}
	return v, ""
}

// parseFloat reads 12, 12.5, -0.5 and 1e3. Percentages and decimal commas get their fix.
func parseFloat(s string) (any, string) {
	v, err := strconv.ParseFloat(s, 64)
	if err == nil && !strings.ContainsAny(s, "xX_+iInN") && strings.Trim(s, "-.") == strings.TrimLeft(s, "-") {
		return v, ""
	}
	if p, ok := strings.CutSuffix(s, "%"); ok {
		if v, err := strconv.ParseFloat(strings.TrimSpace(p), 64); err == nil {
			return nil, strconv.FormatFloat(v/100, 'g', 12, 64)
		}
	}
	if v, err := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64); err == nil && v-v == 0 {
		return nil, strconv.FormatFloat(v, 'f', -1, 64)
	}
	return nil, ""
}

func (d *decoder) oneOf(t Text, key string, allowed []string) bool {
	if slices.Contains(allowed, t.Value()) {
		return true
	}
	one := d.diags.Report("bad-value", t.Range(), "`%s` cannot be %q", key, t.Value())
	one.Detail = "It is one of " + strings.Join(allowed, ", ") + "."
	suggest(one, t.Value(), allowed, t.Range())
	return false
}

func (d *decoder) list(n *yaml.Node, key string, out reflect.Value, f field) bool {
	if n.Kind != yaml.SequenceNode {
		one := d.wrongType(n, key, out.Type())
		if (n.Kind == yaml.ScalarNode) == (formOf(out.Type().Elem()) != formStruct) {
			r := source.NodeRange(d.file, n)
			if text := d.text(r); r.Start.Line == r.End.Line && (n.Kind == yaml.ScalarNode || n.Style&yaml.FlowStyle != 0) {
				one.Fix = &diag.Fix{Range: r, Replacement: "[" + text + "]", Title: "write [" + text + "]"}
			}
		}
		return false
	}
	complete := true
	out.Set(reflect.MakeSlice(out.Type(), 0, len(n.Content)))
	for _, c := range n.Content {
		item := reflect.New(out.Type().Elem()).Elem()
		if !d.value(c, key, d.short(c), item, f) {
			complete = false
			if item.IsZero() {
				continue
			}
		}
		out.Set(reflect.Append(out, item))
	}
	return complete
}

// entries decodes a mapping whose keys are names. A value that cannot be read is there as a place holder, so that its
// name is known.
func (d *decoder) entries(n *yaml.Node, key string, out reflect.Value, f field) bool {
	if n.Kind != yaml.MappingNode {
		d.wrongType(n, key, out.Type())
		return false
	}
	complete := true
	out.Set(reflect.MakeSlice(out.Type(), 0, len(n.Content)/2))
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		if d.bad[k] {
			complete = false
			continue
		}
		entry := reflect.New(out.Type().Elem()).Elem()
		name := source.Scalar(d.file, k)
		if strings.TrimSpace(k.Value) == "" && key != "replace" {
			d.diags.Report("empty-value", name.Range(), "A name in `%s` is empty", key).Detail = "Write a name before the colon."
			complete = false
			continue
		}
		entry.Field(0).Set(reflect.ValueOf(name))
		value := entry.Field(1)
		if !d.value(n.Content[i+1], k.Value, name.Range(), value, f) {
			complete = false
			if value.Kind() == reflect.Pointer && value.IsNil() {
				value.Set(reflect.New(value.Type().Elem()))
				value.Elem().FieldByName("Range").Set(reflect.ValueOf(name.Range()))
				d.incomplete[value.Interface()] = true
			}
		}
		out.Set(reflect.Append(out, entry))
	}
	return complete
}

func (d *decoder) structure(n *yaml.Node, key string, at source.Range, out reflect.Value) bool {
	if n.Kind != yaml.MappingNode {
		d.offer(d.wrongType(n, key, out.Type()), n, out.Type())
		return false
	}
	v := reflect.New(out.Type().Elem())
	v.Elem().FieldByName("Range").Set(reflect.ValueOf(source.NodeRange(d.file, n)))
	out.Set(v)
	d.keys(n, v, fieldsOf(out.Type().Elem()), at)
	return true
}

// offer adds the fix for a text where keys are wanted: the first key of a part is the one that people leave out.
func (d *decoder) offer(one *diag.Diagnostic, n *yaml.Node, typ reflect.Type) {
	r := source.NodeRange(d.file, n)
	if n.Kind != yaml.ScalarNode || r.Start.Line != r.End.Line {
		return
	}
	text := d.text(r)
	if n.Style == 0 && strings.ContainsAny(text, ",[]{}") {
		text = quoteYAML(text)
	}
	text = "{" + fieldsOf(typ.Elem())[0].key + ": " + text + "}"
	one.Fix = &diag.Fix{Range: r, Replacement: text, Title: "write " + text}
}

func (d *decoder) wrongType(n *yaml.Node, key string, typ reflect.Type) *diag.Diagnostic {
	one := d.diags.Report("wrong-type", d.short(n), "`%s` wants %s, and this is %s", key, wants(typ), found(n))
	one.Detail = "Write " + wants(typ) + " here."
	return one
}

// found says in words what a node is.
func found(n *yaml.Node) string {
	switch n.Kind {
	case yaml.SequenceNode:
		return "a list"
	case yaml.MappingNode:
		return "keys with values"
	}
	switch n.ShortTag() {
	case "!!null":
		return "empty"
	case "!!bool":
		return n.Value
	case "!!int", "!!float":
		return "the number " + n.Value
	}
	text := []rune(n.Value)
	if len(text) > 30 {
		text = append(text[:29], '…')
	}
	return "the text " + strconv.Quote(string(text))
}

// isNull says whether a node is YAML's null: nothing, ~, or null.
func isNull(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0 &&
		n.ShortTag() == "!!null"
}

// point is the place where a node begins.
func (d *decoder) point(n *yaml.Node) source.Range {
	at := offset(d.file, n.Line, n.Column)
	return d.file.Range(at, min(at+1, len(d.file.Bytes)))
}

// short is where a node stands, for carets: of a collection, its first line.
func (d *decoder) short(n *yaml.Node) source.Range {
	r := source.NodeRange(d.file, n)
	if r.Start.Line == r.End.Line {
		return r
	}
	return d.file.Range(r.Start.Byte, r.Start.Byte+lineEnd(d.file.Bytes[r.Start.Byte:]))
}

// text is what stands at a range.
func (d *decoder) text(r source.Range) string { return string(d.file.Bytes[r.Start.Byte:r.End.Byte]) }

// lineEnd gives how many bytes stand before the first line break.
func lineEnd(b []byte) int {
	for i := range b {
		if lineBreak(b[i:]) > 0 {
			return i
		}
	}
	return len(b)
}
