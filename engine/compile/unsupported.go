package compile

import (
	"personae/engine/source"
)

// unsupported refuses the kinds that this version does not evaluate, each at
// its place: what is in a project and silently does nothing is the worst.
func (c *compiler) unsupported() {
	refuse := func(what string, name source.Text, doc source.Range, instead string) {
		at := name.Range()
		if at.IsZero() {
			at = doc
		}
		c.diags.Report("not-supported-yet", at, "%s cannot be calculated yet", what).Detail = instead
	}
	for _, t := range c.module.Tests {
		refuse("Tests", t.Name, t.Range, "Move the document out of the project for now.")
	}
}

// crossNames tells each scope the names of groups that are about others, so
// that a reference to one is told apart from a misspelling.
func (c *compiler) crossNames() {
	for _, n := range c.nodes {
		if n.rule.Kind != SegmentRule && n.rule.Kind != SegmentationRule && n.rule.Kind != ScoreRule && n.rule.Kind != JourneyRule {
			continue
		}
		for _, s := range c.entities {
			if s != n.scope {
				s.elsewhere[n.rule.Name] = n.rule.Entity
			}
		}
	}
}
