package report

import (
	"strings"

	"personae/engine/compile"
	"personae/engine/spec"
)

// labels is what the authors of a rule say of it.
func (b *builder) labels(rule *compile.Rule) Labels {
	said := rule.Labels
	return Labels{
		Title: title(rule.Title, rule.Name), Description: said.Description.Value(), Owner: said.Owner.Value(),
		Basis: said.Basis.Value(), Tags: tags(said.Tags), Deprecated: deprecated(b.Rules, said.Deprecated),
	}
}

// tags are labels as they are written.
func tags(said []spec.Text) []string {
	var out []string
	for _, t := range said {
		out = append(out, t.Value())
	}
	return out
}

// deprecated says why a rule should no longer be used; nil where it may be.
func deprecated(rs *compile.RuleSet, d *spec.Deprecated) *Deprecated {
	if d == nil {
		return nil
	}
	out := &Deprecated{Reason: d.Reason.Value(), Successor: d.Successor.Value()}
	out.Text = "Should no longer be used: " + strings.TrimSuffix(strings.TrimSpace(out.Reason), ".") + "."
	called := out.Successor
	if next := ruleNamed(rs, called); next != nil {
		called = title(next.Title, next.Name)
	}
	if instead := compile.Instead(out.Successor, called); instead != "" {
		out.Text += " " + instead
	}
	return out
}

// text is both as sentences; "" where a rule may be used.
func (d *Deprecated) text() string {
	if d == nil {
		return ""
	}
	return d.Text
}

// ruleNamed is the rule that expressions refer to by these words; nil where
// there is none. The bands of a score are a segmentation, too.
func ruleNamed(rs *compile.RuleSet, label string) *compile.Rule {
	for _, e := range rs.Entities {
		for _, r := range e.Rules {
			if r.Label() == label || r.Kind == compile.ScoreRule && "segmentation."+r.Name == label {
				return r
			}
		}
	}
	return nil
}
