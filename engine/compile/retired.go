package compile

import (
	"slices"
	"strings"
)

// successors checks that what rules name to be used instead of them is there. A
// successor may be a sentence: one that is written as a rule has to be one.
func (c *compiler) successors() {
	for _, n := range c.nodes {
		if n.retired == nil {
			continue
		}
		next := n.retired.Successor
		space, name, dotted := strings.Cut(next.Value(), ".")
		kind := upperFirst(space)
		if _, is := groupRefs[kind]; !is || !dotted || strings.ContainsAny(name, " .") || n.scope.broken(kind, name) {
			continue
		}
		names := groupNames(n.scope, kind)
		if next.Value() == n.label() {
			c.diags.Report("bad-value", next.Range(), "%s is its own successor", n.label()).Detail = "Name what to use instead, or leave `successor` out."
		} else if !slices.Contains(names, name) {
			d := unknown(&c.diags, next.Range(), space, name, names, "")
			if d.Fix != nil {
				d.Fix = replace(next.Range(), space+"."+d.Fix.Replacement)
			}
		}
	}
}

// groupNames lists what the documents of a kind define for an entity.
func groupNames(s *scope, kind string) []string {
	switch kind {
	case "Segment":
		return nodeNames(s.segments)
	case "Segmentation":
		return nodeNames(s.segmentations)
	case "Score":
		return nodeNames(s.scores)
	}
	return nodeNames(s.journeys)
}
