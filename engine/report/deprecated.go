package report

import (
	"strings"

	"personae/engine/spec"
)

// deprecated says why a rule should no longer be used; nil where it may be.
func (b *builder) deprecated(d *spec.Deprecated) *Deprecated {
	if d == nil {
		return nil
	}
	out := &Deprecated{Reason: d.Reason.Value(), Successor: d.Successor.Value()}
	out.Text = "Should no longer be used: " + strings.TrimSuffix(strings.TrimSpace(out.Reason), ".") + "."
	if instead := out.Successor; instead != "" {
		if next := b.segmentSpec(strings.TrimPrefix(instead, "segment.")); next != nil {
			instead = title(next.Title.Value(), next.Name.Value())
		}
		out.Text += " Use " + instead + " instead."
	}
	return out
}
