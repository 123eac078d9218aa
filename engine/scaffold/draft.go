package scaffold

import (
	"fmt"
	"math"
	"strings"

	"personae/engine/english"
	"personae/engine/report"
)

// How much of what sets a group apart a draft says.
const (
	draftStatements = 6
	draftCharts     = 4
)

// DraftPersona writes a persona of a segment from what sets it apart, as YAML.
// What the numbers do not say is marked as assumed. Claims lie a tenth away from
// what was measured, but never on the other side of everyone: they break when
// the group has changed, not with every new row.
func DraftPersona(s report.Segment, name string) ([]byte, error) {
	if s.Size.Members.Hidden {
		return nil, fmt.Errorf("%s cannot be described: %s", s.Name, strings.ToLower(s.Size.Members.Reason[:1])+s.Size.Members.Reason[1:])
	}
	many := english.Plural(english.Spoken(s.Entity))
	var b strings.Builder
	b.WriteString(comment("", fmt.Sprintf("A first draft: %s, %s %s when this was drafted. What the numbers do not say is marked `assumed`: ask them, and write down what they say.",
		s.Title, s.Size.Members.Text, many)))
	b.WriteString("kind: Persona\nname: " + name + "\n")
	b.WriteString("for: " + s.Entity + "\nwho: segment." + s.Name + "\nrole: secondary\n")
	if s.Owner != "" {
		b.WriteString("owner: " + yamlText(s.Owner) + "\n")
	}
	b.WriteString("identity:\n" + comment("  ", "A name that everyone will remember. It stands for all of them, so take nobody's.") + "  name: Name her\n")
	b.WriteString("  tagline: " + quoteYAML(templateText(s.Title)+": one of ${count()} "+many) + "\n")
	b.WriteString("  facts:\n    occupation: {say: What she does, assumed: true}\n")
	b.WriteString("  personality:\n    - {between: [Planner, Spontaneous], at: 0, assumed: true}\n")
	b.WriteString(block("", "story", "She is one of ${count()} "+many+".\nTell here how she came to you, and what a good day looks like for her."))
	b.WriteString("goals:\n  - {goal: What she wants to get done, because: Why it matters to her, assumed: true}\n")
	b.WriteString("needs:\n  - {pain: What gets in her way, need: What would help, assumed: true}\n")
	statements, charts := draftOf(s)
	if len(statements) > 0 {
		b.WriteString("sections:\n" + comment("  ", "Where they differ most from everyone, the strongest first. Delete what does not help, and say the rest in your words.") +
			"  behaviour:\n" + strings.Join(statements, ""))
		b.WriteString("charts:\n" + strings.Join(charts, ""))
	}
	b.WriteString("messages:\n  - What to say to her\n")
	return []byte(b.String()), nil
}

// draftOf writes statements and charts, the strongest difference first.
func draftOf(s report.Segment) (statements, charts []string) {
	drawn := map[string]bool{}
	for _, d := range s.Apart {
		if d.Condition == "" || d.Share.Value == nil || d.Everyone.Value == nil {
			continue
		}
		if limit, sign, ok := margin(*d.Share.Value, *d.Everyone.Value); ok && tellable(d.Share) && len(statements) < draftStatements {
			say := fmt.Sprintf("%s for ${asPercent(share(%s))} of them", templateText(d.Label+": "+d.Value), d.Condition)
			statements = append(statements, comment("    ", clean(fmt.Sprintf("%s, of everyone %s.", d.Share.Text, d.Everyone.Text)))+
				fmt.Sprintf("    - {say: %s, holds: %s}\n", quoteYAML(say), quoteYAML(fmt.Sprintf("share(%s) %s %s", d.Condition, sign, celDouble(limit)))))
		}
		if !drawn[d.Attribute] && len(charts) < draftCharts {
			drawn[d.Attribute] = true
			of, _, _ := strings.Cut(d.Condition, " ")
			charts = append(charts, fmt.Sprintf("  - {title: %s, of: %s}\n", quoteYAML(d.Label), quoteYAML(of)))
		}
	}
	return statements, charts
}

// tellable says whether a claim about a share can be told: for at least 80% of
// the members it has to be known.
func tellable(n report.Number) bool {
	return n.N == nil || n.Unknown == nil || float64(*n.N) >= 0.8*float64(*n.N+*n.Unknown)
}

// margin is what a share needs so that the difference still stands: a tenth less
// than it is, or halfway to everyone where that is nearer.
func margin(share, everyone float64) (limit float64, sign string, ok bool) {
	if share > everyone {
		limit = math.Floor(max(share*0.9, (share+everyone)/2)*100) / 100
		return limit, ">", limit > everyone && limit < share
	}
	limit = math.Ceil(min(share*1.1+0.005, (share+everyone)/2)*100) / 100
	return limit, "<", limit < everyone && limit > share
}
