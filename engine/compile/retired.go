package compile

import (
	"slices"
	"strings"

	"personae/engine/diag"
	"personae/engine/source"
)

// usesRetired warns of a place that still uses a rule that should no longer be
// used.
func usesRetired(diags *diag.List, at source.Range, rule *Rule) {
	retired := rule.Labels.Deprecated
	d := diags.Warnf("deprecated-rule", at, "%s should no longer be used: %s", rule.Label(), retired.Reason.Value())
	d.Relate(retired.Range, "Marked here")
	d.Detail = Instead(retired.Successor.Value(), retired.Successor.Value())
	if d.Detail != "" {
		return
	}
	d.Detail = "Nothing is named that takes its place: leave it out, or write what it says here."
	if owner := rule.Labels.Owner.Value(); owner != "" {
		d.Detail = "Nothing is named that takes its place: ask " + owner + ", who answers for it."
	}
}

// Instead says what to use in place of a rule: another rule, by what it is
// called, or what its author says in a sentence, which ends like one. "" where
// nothing is named.
func Instead(successor, called string) string {
	switch {
	case successor == "":
		return ""
	case strings.HasSuffix(successor, "."):
		return successor
	}
	return "Use " + called + " instead."
}

// successors checks that what rules name to be used instead of them is there. A
// successor may be a sentence: one that is written as a rule has to be one.
func (c *compiler) successors() {
	for _, n := range c.nodes {
		if n.rule.Labels.Deprecated == nil {
			continue
		}
		next := n.rule.Labels.Deprecated.Successor
		space, name, dotted := strings.Cut(next.Value(), ".")
		s := successorsIn(n.scope, space)
		if s.kind == "" || !dotted || strings.ContainsAny(name, " .") || n.scope.broken(s.kind, name) {
			continue
		}
		if next.Value() == n.label() {
			c.diags.Report("bad-value", next.Range(), "%s is its own successor", n.label()).Detail = "Name what to use instead, or leave `successor` out."
		} else if !slices.Contains(s.names, name) {
			d := unknown(&c.diags, next.Range(), s.what, name, s.names, "")
			if d.Fix != nil {
				d.Fix = replace(next.Range(), space+"."+d.Fix.Replacement)
			}
		}
	}
}

// space is what expressions can name behind one word: segment.x, customer.x.
type space struct {
	kind, what string // of the documents that define it; of one of them, for people
	names      []string
}

// successorsIn gives what an entity's expressions can name behind a word; the
// zero space where it is none of theirs.
func successorsIn(s *scope, word string) space {
	switch word {
	case s.entity:
		return space{"Traits", "column or calculated value", s.attributes()}
	case segmentVar:
		return space{"Segment", word, nodeNames(s.segments)}
	case segmentationVar:
		return space{"Segmentation", word, nodeNames(s.segmentations)}
	case scoreVar:
		return space{"Score", word, nodeNames(s.scores)}
	case journeyVar:
		return space{"Journey", word, nodeNames(s.journeys)}
	}
	return space{}
}
