package spec

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"personae/engine/diag"
)

// commas finds expressions inside { } that a comma of theirs ended: what stands
// behind it is read as keys without values. The whole of it is reported, once.
func (d *decoder) commas(n *yaml.Node, fields []field) {
	if n.Style&yaml.FlowStyle == 0 {
		return
	}
	for i := 2; i+1 < len(n.Content); i += 2 {
		value, k := n.Content[i-1], n.Content[i]
		if value.Kind != yaml.ScalarNode || value.Style != 0 || !cutOff(n, i, fields) {
			continue
		}
		for d.bad[value] = true; i+1 < len(n.Content) && cutOff(n, i, fields); i += 2 {
			d.bad[n.Content[i]] = true
		}
		i -= 2
		r := d.short(value).To(d.short(n.Content[i]))
		one := d.diags.Report("yaml-quotes", r, "Inside { } a comma ends the value, so `%s` is read as a key", k.Value)
		one.Detail = "Put the whole expression in quotes."
		with := quoteYAML(d.text(r))
		one.Fix = &diag.Fix{Range: r, Replacement: with, Title: "write " + with}
	}
}

// cutOff says whether a key is a piece of an expression.
func cutOff(n *yaml.Node, i int, fields []field) bool {
	k, v := n.Content[i], n.Content[i+1]
	return isNull(v) && v.Value == "" && strings.ContainsAny(k.Value, " ()[]'\"<>=&|.") &&
		!slices.ContainsFunc(fields, func(f field) bool { return f.key == k.Value })
}
