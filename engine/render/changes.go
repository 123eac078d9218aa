package render

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"personae/engine/report"
)

// comparison sets a report against the one before it, by what both of them
// show: nothing hidden in either can come back here.
type comparison struct {
	*site
	before *report.Report
	number int // of the version before
}

// change is one sentence and how much it matters: people times severity.
type change struct {
	text   string
	weight float64
}

// changesInSight is how many sentences the front page has room for.
const changesInSight = 5

// How much worse than a moved number something is.
const (
	moved   = 1
	outside = 2
	wrong   = 3
)

// sentences gives what changed most, and how many more changes there are.
func (c *comparison) sentences() (list []string, more int) {
	found := slices.Concat(c.populations(), c.segments(), c.divisions(), c.audiences(), c.startsMoved(), c.personas(), c.stale())
	slices.SortStableFunc(found, func(x, y change) int { return cmp.Compare(y.weight, x.weight) })
	if len(found) > changesInSight {
		more = len(found) - changesInSight
		found = found[:changesInSight]
	}
	for _, f := range found {
		list = append(list, f.text)
	}
	return list, more
}

// mark writes the changes beside the numbers of the page.
func (c *comparison) mark(v *indexView) {
	for i := range v.Personas {
		card := &v.Personas[i]
		old, known := c.oldPersona(card.P.Name)
		if d := c.difference(card.P.Size.Members, old.Size.Members, known); known && d != "" {
			card.Change = fmt.Sprintf("%s since version %d", d, c.number)
		} else {
			card.Change = d
		}
	}
	for i := range v.Tables {
		v.Tables[i].Changes = true
		for j := range v.Tables[i].Rows {
			row := &v.Tables[i].Rows[j]
			old, known := c.oldSegment(row.Entity, row.Name)
			row.Change = c.difference(row.Size.Members, old.Size.Members, known)
		}
	}
	for i := range v.Segmentations {
		g := &v.Segmentations[i]
		for j := range g.Rungs {
			old, known := c.oldRung(g.Segmentation, g.Rungs[j].Name)
			g.Rungs[j].Change = c.difference(g.Rungs[j].Size.Members, old, known)
		}
	}
}

// few says whether so many people are a small group, in either version.
func (c *comparison) few(n float64) bool {
	return n != 0 && math.Abs(n) < float64(max(c.r.MinGroup, c.before.MinGroup))
}

// upToFew is what a cell says in place of a number of few people: 1 to 4.
func (c *comparison) upToFew() string {
	most := max(c.r.MinGroup, c.before.MinGroup) - 1
	if most == 1 {
		return "1"
	}
	return "1 to " + c.f.Int(most)
}

// fewer is the same in a sentence.
func (c *comparison) fewer() string {
	return "fewer than " + c.f.Int(max(c.r.MinGroup, c.before.MinGroup))
}

// difference writes a change of a count for a cell: +214, −11, no change, new. Who
// came and went is a group, too: few are not counted.
func (c *comparison) difference(now, old report.Number, known bool) string {
	switch {
	case now.Hidden || now.Value == nil:
		return ""
	case !known:
		return "new"
	case old.Hidden || old.Value == nil:
		return "was hidden before"
	}
	d := int64(math.Round(*now.Value - *old.Value))
	switch {
	case d == 0:
		return "no change"
	case c.few(float64(d)):
		return map[bool]string{true: "+", false: "−"}[d > 0] + c.upToFew()
	case d > 0:
		return "+" + c.f.Int(d)
	}
	return "−" + c.f.Int(-d)
}

func (c *comparison) oldSegment(entity, name string) (report.Segment, bool) {
	for _, g := range c.before.Segments {
		if g.Name == name && g.Entity == entity {
			return g, true
		}
	}
	return report.Segment{}, false
}

func (c *comparison) oldPersona(name string) (report.Persona, bool) {
	for _, p := range c.before.Personas {
		if p.Name == name {
			return p, true
		}
	}
	return report.Persona{}, false
}

func (c *comparison) oldRung(g report.Segmentation, rung string) (report.Number, bool) {
	for _, old := range c.before.Segmentations {
		if old.Name != g.Name || old.Entity != g.Entity {
			continue
		}
		for _, r := range old.Groups {
			if r.Name == rung {
				return r.Size.Members, true
			}
		}
	}
	return report.Number{}, false
}

// grew says how a count changed; false where it did not, or cannot be told.
func (c *comparison) grew(subject, entity string, now, old report.Number, cause string) (change, bool) {
	if now.Hidden || old.Hidden || now.Value == nil || old.Value == nil || *now.Value == *old.Value {
		return change{}, false
	}
	d := *now.Value - *old.Value
	word := "grew"
	if d < 0 {
		word = "shrank"
	}
	n := math.Abs(d)
	if c.few(d) {
		return change{fmt.Sprintf("%s %s by %s %s. %s", subject, word, c.fewer(), peopleOf(entity), cause), n * moved}, true
	}
	by := report.Number{Value: &n, Text: c.f.Int(int64(n))}
	return change{fmt.Sprintf("%s %s by %s, from %s to %s. %s", subject, word, someone(by, entity), old.Text, now.Text, cause), n * moved}, true
}

// cause is what two reports can say about why a group changed.
func cause(now, old report.Rule) string {
	if now.Digest != old.Digest {
		return "Its rule changed, or one that it uses."
	}
	return "Its rule is the same."
}

func (c *comparison) populations() []change {
	var out []change
	for _, p := range c.r.Populations {
		for _, old := range c.before.Populations {
			if old.Entity != p.Entity {
				continue
			}
			if x, ok := c.grew("The number of "+peopleOf(p.Entity), p.Entity, p.Count, old.Count, "This is everyone in the data."); ok {
				out = append(out, x)
			}
		}
	}
	return out
}

func (c *comparison) segments() []change {
	var out []change
	for _, g := range c.r.Segments {
		title := isolate(g.Title)
		old, known := c.oldSegment(g.Entity, g.Name)
		if !known {
			out = append(out, c.appeared("New segment: "+title, g.Size, g.Entity))
			continue
		}
		if x, ok := c.grew(title, g.Entity, g.Size.Members, old.Size.Members, cause(g.Rule, old.Rule)); ok {
			out = append(out, x)
		}
		if (g.Guard.Verdict == "low" || g.Guard.Verdict == "high") && g.Guard.Verdict != old.Guard.Verdict {
			out = append(out, change{fmt.Sprintf("%s is now outside its expected size. %s.", title, g.Guard.Text), people(g.Size) * outside})
		}
		if x, ok := c.lessCertain(title, g, old); ok {
			out = append(out, x)
		}
	}
	for _, old := range c.before.Segments {
		if !slices.ContainsFunc(c.r.Segments, func(g report.Segment) bool { return g.Name == old.Name && g.Entity == old.Entity }) {
			out = append(out, change{fmt.Sprintf("%s is no longer a segment.", isolate(old.Title)), people(old.Size) * outside})
		}
	}
	return out
}

// lessCertain says that a rule can decide for fewer people than before.
func (c *comparison) lessCertain(title string, g, old report.Segment) (change, bool) {
	now, was := g.Size.Unknown, old.Size.Unknown
	if now.Value == nil || was.Value == nil || now.Hidden || was.Hidden || *now.Value <= *was.Value {
		return change{}, false
	}
	before := was.Text + " before"
	if c.few(*now.Value - *was.Value) {
		before = c.fewer() + " more than before"
	}
	text := fmt.Sprintf("%s: can't tell for %s (%s)", title, someone(now, g.Entity), before)
	if g.Size.UnknownWhy != "" {
		text += ", because " + g.Size.UnknownWhy
	}
	return change{text + ".", (*now.Value - *was.Value) * outside}, true
}

// personas compares people's statements; how a persona's group grew is said
// where no segment says it.
func (c *comparison) personas() []change {
	var out []change
	for _, p := range c.r.Personas {
		name := isolate(p.DisplayName)
		old, known := c.oldPersona(p.Name)
		if !known {
			out = append(out, c.appeared("New persona: "+name, p.Size, p.Entity))
			continue
		}
		if oneSegment.FindString(p.Who.Expression) == "" && oneGroup.FindString(p.Who.Expression) == "" {
			if x, ok := c.grew(name, p.Entity, p.Size.Members, old.Size.Members, cause(p.Who, old.Who)); ok {
				out = append(out, x)
			}
		}
		out = append(out, c.claims(name, p, old)...)
	}
	for _, old := range c.before.Personas {
		if !slices.ContainsFunc(c.r.Personas, func(p report.Persona) bool { return p.Name == old.Name }) {
			out = append(out, change{fmt.Sprintf("%s is no longer a persona.", isolate(old.DisplayName)), people(old.Size) * outside})
		}
	}
	return out
}

// claims finds statements that stopped being true, or became true again. A
// statement is the same one where its expression is.
func (c *comparison) claims(name string, p, old report.Persona) []change {
	type claim struct{ section, expression string }
	before := map[claim]report.Statement{}
	for _, s := range allStatements(&old) {
		before[claim{s.Section, s.Expression}] = s
	}
	var out []change
	for _, s := range allStatements(&p) {
		was, known := before[claim{s.Section, s.Expression}]
		if s.Expression == "" || !known || was.Status == s.Status || s.Text == "" {
			continue
		}
		text := isolate(s.Text)
		switch {
		case s.Status == report.Broken:
			sentence := fmt.Sprintf("%s: “%s” is no longer true", name, text)
			if !s.Value.Hidden && s.Value.Text != "" && s.Needed.Text != "" {
				sentence += fmt.Sprintf(": %s, needs %s%s", s.Value.Text, needs[s.Operator], s.Needed.Text)
			}
			if !was.Value.Hidden && was.Value.Text != "" {
				sentence += fmt.Sprintf(" (was %s in version %d)", was.Value.Text, c.number)
			}
			out = append(out, change{sentence + ".", people(p.Size) * wrong})
		case s.Status == report.Holds && was.Status == report.Broken:
			out = append(out, change{fmt.Sprintf("%s: “%s” holds again.", name, text), people(p.Size) * outside})
		}
	}
	return out
}

// stale names datasets that have become too old: everyone is concerned.
func (c *comparison) stale() []change {
	everyone := 1.0
	for _, p := range c.r.Populations {
		everyone += people(report.Size{Members: p.Count})
	}
	var out []change
	for _, d := range c.r.Datasets {
		fresh := !slices.ContainsFunc(c.before.Datasets, func(old report.Dataset) bool { return old.Name == d.Name && old.Stale != "" })
		if d.Stale != "" && fresh {
			out = append(out, change{d.Stale + ".", everyone * wrong})
		}
	}
	return out
}

func (c *comparison) appeared(what string, size report.Size, entity string) change {
	if size.Members.Hidden || size.Members.Value == nil {
		return change{what + ".", 0}
	}
	return change{fmt.Sprintf("%s, %s.", what, someone(size.Members, entity)), people(size) * moved}
}

func people(s report.Size) float64 {
	if s.Members.Value == nil || s.Members.Hidden {
		return 0
	}
	return *s.Members.Value
}
