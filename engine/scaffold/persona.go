package scaffold

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"personae/engine/catalog"
	"personae/engine/english"
)

// persona drafts one persona of a group, from what sets it apart. Thresholds
// lie a little under what was measured, so that a statement breaks when the
// group has changed and not with every new row.
func (m *maker) persona(r *root, who group) error {
	members, share, err := m.size(who.sql)
	if err != nil || members < 5 {
		if err == nil {
			m.guess("rules", "no persona", High, fmt.Sprintf("%s is a group of %s; from 5 on there is one", who.title, english.Count(members, "member", "members")))
		}
		return err
	}
	found, err := m.differences(r, who)
	if err != nil {
		return err
	}
	var statements []string
	for _, d := range found {
		if s, why := d.statement(r.entity); s != "" && len(statements) < 6 && (d.score >= 0.1 || len(statements) < 2) {
			statements = append(statements, comment("    ", why)+"    - "+s)
		}
	}
	many := english.Plural(english.Spoken(r.entity))
	var b strings.Builder
	b.WriteString(comment("", fmt.Sprintf("A first draft: %s, %s (%.1f %%) when this was drafted. What the numbers do not say is marked `assumed`: ask them, and write down what they say.",
		who.title, english.Count(members, english.Spoken(r.entity), many), share*100)))
	b.WriteString("kind: Persona\nname: " + fresh("first_draft", "", columnsOf(r)) + "\nwho: " + quoteYAML(who.cel) + "\nrole: primary\n")
	b.WriteString("identity:\n" + comment("  ", "A name that everyone will remember. It stands for all of them, so take nobody's.") + "  name: Name her\n")
	b.WriteString("  tagline: " + quoteYAML(templateText(who.title)+": one of ${count()} "+many) + "\n")
	b.WriteString(m.facts(r, who))
	b.WriteString(block("", "story", m.story(r, who, found)))
	b.WriteString("goals:\n  - {goal: What she wants to get done, because: Why it matters to her, assumed: true}\n")
	b.WriteString("needs:\n  - {pain: What gets in her way, need: What would help, assumed: true}\n")
	if len(statements) > 0 {
		b.WriteString("sections:\n" + comment("  ", "Where they differ most from everyone, the strongest first. Delete what does not help, and say the rest in your words.") +
			"  behaviour:\n" + strings.Join(statements, ""))
	}
	b.WriteString("messages:\n  - What to say to her\n")
	m.result.Files["rules/persona.yaml"] = []byte(b.String())
	m.guess("rules", "a persona of "+who.title, Low, fmt.Sprintf("%s; %d statements from the strongest differences", strings.TrimSuffix(who.why, "."), len(statements)))
	return nil
}

// statement writes one difference as an item of a section, with its evidence.
func (d difference) statement(entity string) (item, why string) {
	field := entity + "." + d.column.name
	if d.column.number() {
		limit, sign, word := round2(d.group*0.9), ">", "more"
		if d.group < d.all {
			limit, sign, word = round2(d.group*1.1), "<", "less"
		}
		if sign == ">" && limit <= d.all {
			limit = (d.group + d.all) / 2
		}
		if sign == "<" && limit >= d.all {
			limit = (d.group + d.all) / 2
		}
		if d.group < 0 || d.column.typ.Kind == catalog.Int && math.Abs(d.group-d.all) < 1 {
			limit = (d.group + d.all) / 2
		}
		say := fmt.Sprintf("%s: half of them have ${median(%s)} or %s", d.column.label(), field, word)
		return fmt.Sprintf("{say: %s, holds: %s}\n", quoteYAML(say), quoteYAML(fmt.Sprintf("median(%s) %s %s", field, sign, celDouble(limit)))),
			fmt.Sprintf("Median %s, of everyone %s.", celDouble(round2(d.group)), celDouble(round2(d.all)))
	}
	condition := celOf(entity, d.column, d.value)
	limit := math.Floor(d.group*0.9*100) / 100
	if limit <= 0 {
		return "", ""
	}
	label := ": " + d.value
	if d.column.typ.Kind == catalog.Bool {
		label = map[bool]string{true: ": yes", false: ": no"}[d.value == "true"]
	}
	say := fmt.Sprintf("%s for ${asPercent(share(%s))} of them", d.column.label()+templateText(label), condition)
	return fmt.Sprintf("{say: %s, holds: %s}\n", quoteYAML(say), quoteYAML(fmt.Sprintf("share(%s) > %s", condition, celDouble(limit)))),
		fmt.Sprintf("%.0f %%, of everyone %.0f %%.", d.group*100, d.all*100)
}

// facts are what people ask first: where, how old, how they live.
func (m *maker) facts(r *root, who group) string {
	var b strings.Builder
	for _, c := range r.attributes() {
		field := r.entity + "." + c.name
		switch {
		case c.basis == "" || strings.Count(b.String(), "\n") >= 4 || slices.Contains(who.uses, c.name) || c.distinct < 2:
		case c.number() && !strings.Contains(c.name, "birth") && c.distinct > 2:
			b.WriteString("    " + c.name + ": {say: " + quoteYAML("${median("+field+")}") + ", breakdown: " + field + "}\n")
		case c.typ.Kind == catalog.String && c.distinct <= 60:
			b.WriteString("    " + c.name + ": {say: " + quoteYAML("${mode("+field+")}") + ", breakdown: " + field + "}\n")
		}
	}
	if b.Len() == 0 {
		return "  facts:\n    occupation: {say: What she does, assumed: true}\n"
	}
	return "  facts:\n" + b.String()
}

// story is two sentences to begin with.
func (m *maker) story(r *root, who group, found []difference) string {
	s := "She is one of ${count()} " + english.Plural(english.Spoken(r.entity)) + "."
	if r.orders != nil {
		e := r.entity + "."
		s += fmt.Sprintf(" Half of them have spent ${median(%s)} or more, in ${median(%s)} orders.", e+r.spent, e+r.orderCount)
	}
	return s + "\nTell here how she came to you, and what a good day looks like for her."
}
