package spec

import (
	"reflect"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"personae/engine/diag"
	"personae/engine/source"
)

// decoder fills one document's struct, led by the struct's tags.
type decoder struct {
	*parser
	file *source.File
	kind kind
	bad  map[*yaml.Node]bool // reported: a place holder stands for them

	aliases map[string]bool // names of aliases that were reported: a bomb has many
}

// inspect reports what no document may have, whatever its kind: tags, anchors, aliases, merge keys, keys written
// twice, keys that are no text, too many levels or values. It says whether the document can be decoded.
func (d *decoder) inspect(n *yaml.Node, masked map[mark]bool, depth int) bool {
	if d.nodes++; d.nodes > maxNodes {
		if d.nodes == maxNodes+1 {
			d.diags.Report("file-too-large", d.point(n), "The file has more than %d values", maxNodes).
				Detail = "Split it into several files. Data belongs into data files that a `source` names."
		}
		return false
	}
	if depth > maxDepth {
		d.diags.Report("yaml-too-deep", d.point(n), "This is nested more than %d levels deep", maxDepth).
			Detail = "Nothing in a project needs this many levels."
		return false
	}
	if masked[mark{n.Line - 1, n.Column - 1}] && n.Kind == yaml.ScalarNode && strings.HasPrefix(n.Value, maskText) {
		d.bad[n] = true
		return true
	}
	d.inspectProperties(n)
	if n.Kind == yaml.AliasNode {
		return true
	}
	ok := true
	for i, c := range n.Content {
		if !d.inspect(c, masked, depth+1) {
			return false
		}
		if n.Kind == yaml.MappingNode && i%2 == 0 && c.Kind == yaml.ScalarNode && c.ShortTag() == "!!merge" {
			d.bad[c] = true
			d.diags.Report("yaml-alias", d.short(c), "`<<` merges another mapping into this one, which is not allowed").
				Detail = "Write the keys out: a reader must see what a rule says where it says it."
		}
	}
	if n.Kind == yaml.MappingNode {
		d.inspectKeys(n)
	}
	return ok
}

// inspectProperties reports tags, anchors and aliases.
func (d *decoder) inspectProperties(n *yaml.Node) {
	if n.Kind == yaml.AliasNode {
		d.bad[n] = true
		if d.aliases[n.Value] {
			return
		}
		d.aliases[n.Value] = true
		d.diags.Report("yaml-alias", d.short(n), "`*%s` is a YAML alias, which is not allowed", n.Value).
			Detail = "Write the value out, or make it a parameter or a calculated value. An expression that starts with * needs quotes."
		return
	}
	if n.Anchor != "" {
		d.bad[n] = true
		d.diags.Report("yaml-alias", d.short(n), "`&%s` is a YAML anchor, which is not allowed", n.Anchor).
			Detail = "Delete it. An expression that starts with & needs quotes."
		return
	}
	if n.Style&yaml.TaggedStyle == 0 {
		return
	}
	d.bad[n] = true
	if n.Kind != yaml.ScalarNode {
		d.diags.Report("yaml-tag", d.short(n), "`%s` is a YAML tag, which is not allowed", n.Tag).
			Detail = "Delete it."
		return
	}
	r := source.Scalar(d.file, n).Range()
	text := d.text(r)
	reportTag(&d.diags, r, text, quoteYAML(text))
}

// inspectKeys reports keys that are no text and keys written twice.
func (d *decoder) inspectKeys(n *yaml.Node) {
	first := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		if d.bad[k] {
			continue
		}
		if k.Kind != yaml.ScalarNode {
			d.bad[k] = true
			d.diags.Report("wrong-type", d.short(k), "A key is text, and this is %s", found(k)).
				Detail = "Write one word before the colon. An expression that starts with a bracket needs quotes."
			continue
		}
		if f := first[k.Value]; f != nil {
			d.bad[k] = true
			d.diags.Report("duplicate-key", d.short(k), "`%s` is written twice", k.Value).
				Relate(d.short(f), "First written here").
				Detail = "Only one of the two can count. Delete or merge one of them."
			continue
		}
		first[k.Value] = k
	}
}

// kindOf finds the kind of a document.
func (d *decoder) kindOf(n *yaml.Node) (kind, bool) {
	names := kindNames()
	var keys []string
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		keys = append(keys, k.Value)
		if k.Value != "kind" || d.bad[k] {
			continue
		}
		if d.bad[v] {
			return kind{}, false
		}
		for _, candidate := range kinds() {
			if v.Kind == yaml.ScalarNode && candidate.name == v.Value {
				return candidate, true
			}
		}
		if v.Kind != yaml.ScalarNode || isNull(v) {
			d.diags.Report("unknown-kind", d.short(k), "`kind` names no kind").
				Detail = "Write one of " + strings.Join(names, ", ") + "."
			return kind{}, false
		}
		r := d.short(v)
		one := d.diags.Report("unknown-kind", r, "There is no kind %q", v.Value)
		one.Detail = "The kinds are " + strings.Join(names, ", ") + "."
		suggest(one, v.Value, names, r)
		return kind{}, false
	}
	at := d.short(n)
	one := d.diags.Report("unknown-kind", at, "This document does not say its kind")
	one.Detail = "Begin it with `kind:`, one of " + strings.Join(names, ", ") + "."
	if i := slices.Index(keys, diag.Suggest("kind", keys)); i >= 0 {
		one.Range = d.short(n.Content[2*i])
		suggest(one, keys[i], []string{"kind"}, one.Range)
	}
	return kind{}, false
}

// fillDocument decodes a document's keys.
func (d *decoder) fillDocument(n *yaml.Node, v reflect.Value) {
	out := v.Elem()
	doc := out.FieldByName("Document").Addr().Interface().(*Document)
	doc.Range, doc.File = source.NodeRange(d.file, n), d.file.Path
	at := d.short(n.Content[0]).To(d.short(n.Content[1]))
	d.keys(n, v, d.kind.documentFields(), at)
	if d.kind.naming == nameOptional && doc.Name.Value() == "" {
		doc.Name = source.Plain(strings.ToLower(d.kind.name), at)
	}
}

// keys decodes a mapping into the struct that v points to. Missing keys are reported at the given place.
func (d *decoder) keys(n *yaml.Node, v reflect.Value, fields []field, at source.Range) {
	d.commas(n, fields)
	written, unread := map[string]bool{}, false
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, value := n.Content[i], n.Content[i+1]
		if d.bad[k] {
			d.incomplete[v.Interface()], unread = true, true
			continue
		}
		f := slices.IndexFunc(fields, func(f field) bool { return f.key == k.Value })
		if f < 0 {
			d.incomplete[v.Interface()] = true
			if meant := d.unknownKey(k, fields); meant != "" {
				written[meant] = true
			}
			continue
		}
		written[k.Value] = true
		if len(fields[f].index) == 0 {
			continue // kind
		}
		if !d.value(value, k.Value, d.short(k), v.Elem().FieldByIndex(fields[f].index), fields[f]) {
			d.incomplete[v.Interface()] = true
		}
	}
	for _, f := range fields {
		if f.required && !written[f.key] && !unread {
			d.incomplete[v.Interface()] = true
			d.diags.Report("missing-key", at, "`%s` is missing", f.key).Detail = "Add `" + f.key + ":`. " + f.doc
		}
	}
}

// unknownKey reports a key that the struct does not have and gives the one that was meant, "" if none is near.
func (d *decoder) unknownKey(k *yaml.Node, fields []field) string {
	r := d.short(k)
	keys := keysOf(fields)
	one := d.diags.Report("unknown-key", r, "`%s` is not a key here", k.Value)
	one.Detail = "The keys are " + strings.Join(keys, ", ") + "."
	return suggest(one, k.Value, keys, r)
}

// suggest puts the nearest name into a diagnostic, with its fix, and gives it.
func suggest(one *diag.Diagnostic, name string, candidates []string, r source.Range) string {
	near := diag.Suggest(name, candidates)
	if near == "" {
		return ""
	}
	one.Detail = "Did you mean `" + near + "`? " + one.Detail
	one.Fix = &diag.Fix{Range: r, Replacement: near, Title: "write " + near}
	return near
}
