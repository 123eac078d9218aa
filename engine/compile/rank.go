package compile

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"personae/engine/catalog"
	"personae/engine/source"
	"personae/engine/spec"
)

// amongSegment is the one form of `among`: a segment, by its name.
var amongSegment = regexp.MustCompile(`^\s*segment\s*\.\s*([a-z][a-z0-9_]*)\s*$`)

// declareRank makes a rank of the node of a trait: the operand, and the segment
// that it compares within.
func (c *compiler) declareRank(n *node, t *spec.Trait) {
	n.rule.Kind = RankRule
	n.rule.Rank = &Rank{Buckets: t.Buckets.V, BestLow: t.Best.Value() == "low"}
	n.drafts = []*draft{newDraft(t.Rank.Text, n.scope, anOrder, "What "+n.label()+" ranks")}
	if t.Among.IsZero() {
		return
	}
	found := amongSegment.FindStringSubmatch(t.Among.Value())
	if found == nil {
		c.noAmong(n, t.Among.Text)
		return
	}
	n.rule.Rank.Segment = found[1]
	n.drafts = append(n.drafts, newDraft(t.Among.Text, n.scope, aCondition, "Whom "+n.label()+" compares"))
}

// noAmong says how `among` is written.
func (c *compiler) noAmong(n *node, among source.Text) {
	n.broken = true
	name := strings.TrimSpace(among.Value())
	d := c.diags.Report("bad-value", among.Range(), "%s: `among` is a segment by its name, as in segment.x", n.label())
	d.Detail = "Give the condition a name as a segment, and write that segment here."
	if slices.ContainsFunc(c.module.Segments, func(s *spec.Segment) bool { return s.Name.Value() == name }) {
		d.Detail = fmt.Sprintf("Write segment.%s.", name)
		d.Fix = replace(among.Range(), "segment."+name)
	}
}

// ranked fills in what follows from a rank's checked parts: the best get
// `buckets`. Who has no value, and who is not compared, has no rank.
func (n *node) ranked() {
	r := n.rule
	r.Type = catalog.Type{Kind: catalog.Int, Nullable: r.Expr.Type.Nullable}
	if len(n.drafts) > 1 {
		r.Rank.Among, r.Type.Nullable = n.drafts[1].expr, true
	}
}

// orderAdvice says what can be ranked instead.
func orderAdvice(d *draft, t catalog.Type) string {
	switch t.Kind {
	case catalog.Bool:
		return fmt.Sprintf("Yes and no make two groups, and a segment says so. To rank by it, make it a number: %s ? 1 : 0.", d.code.value)
	case catalog.Uint:
		return "Write " + asInt(d) + "."
	case catalog.String:
		return "The alphabet says nothing about better and worse. Rank a number, or give each text one, as in x == 'gold' ? 2 : 1."
	}
	return "Rank a number that is calculated from it, as in x.size()."
}

// asInt is the value of a rule as a whole number with a sign.
func asInt(d *draft) string { return "int(" + d.code.value + ")" }
