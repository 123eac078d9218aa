package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"personae/engine/compile"
	"personae/engine/results"
	"personae/engine/spec"
)

func (b *builder) persona(p *compile.Persona, e *results.EntityResults) Persona {
	g, _ := group(e, results.Persona, p.Name, "")
	h := b.groupHidden(g, e)
	m := b.measure(p, e, h)
	src := p.Spec
	out := Persona{
		Name: p.Name, DisplayName: displayName(p), Role: role(src), Owner: src.Owner.Value(), Tags: tags(src.Tags), ReviewBy: src.ReviewBy.Value(),
		Entity: p.Entity, Who: b.ruleOf(p.Entity, p.Who, p.Digest), Size: b.size(g, e, h),
		Story: b.prose(p, m, src.Story), ReviewText: b.day(src.ReviewBy.Value()),
		Messages: []string{}, Facts: []Fact{}, Personality: []Trade{},
	}
	if h != shown {
		out.Hidden = b.hide(h).Reason
	}
	b.identity(&out, p, m, e, h)
	out.Goals, out.Needs, out.Objections = b.goals(p, m), b.needs(p, m), b.objections(p, m)
	out.Sections = b.sections(p, m, e, h)
	b.texts(&out, p, m)
	out.Statistics = b.statistics(p, m)
	out.Charts = b.charts(p, e, h)
	out.Quotes, out.NoQuotes = b.quotes(p, h)
	out.Apart = b.apart(e, g.Key(), p.Who, h)
	out.Journey = b.personaJourney(p, e, h)
	if h == shown {
		out.ByAnyone = b.byAnyone(p)
	}
	out.Meter = b.meter(out)
	return out
}

// byAnyone says of which datasets numbers are about everybody's rows.
func (b *builder) byAnyone(p *compile.Persona) []string {
	var out []string
	for _, s := range p.Statistics {
		if s.Evidence == nil {
			continue
		}
		rows := strings.ToLower(b.datasetTitle(s.Evidence.Name))
		if text := "What is said of " + rows + " is from " + rows + " by anyone, not only this group."; !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}

// texts fills what has no place to mark a gap at: the tagline, a day in their
// life, messages. What is left out of them is listed.
func (b *builder) texts(out *Persona, p *compile.Persona, m *measured) {
	leave := func(what, why string) {
		if why != "" && out.Hidden == "" { // a hidden group is said once
			out.LeftOut = append(out.LeftOut, what+": "+why)
		}
	}
	if id := p.Spec.Identity; id != nil {
		var why string
		out.Tagline, why = b.fill(p, m, id.Tagline)
		leave("Tagline", why)
	}
	day := b.prose(p, m, p.Spec.Day)
	out.Day = joined(day)
	for _, paragraph := range day {
		leave("A day in their life", strings.Join(paragraph.Missing, "; "))
	}
	for i, t := range p.Spec.Messages {
		text, why := b.fill(p, m, t)
		if why != "" {
			leave("Message "+b.Words.Count(int64(i+1)), why)
			continue
		}
		out.Messages = append(out.Messages, text)
	}
}

// day writes a date of a rule file for people.
func (b *builder) day(date string) string {
	t, err := time.ParseInLocation(time.DateOnly, date, b.Rules.Settings.Zone)
	if err != nil {
		return date
	}
	return b.Words.Date(t)
}

func role(p *spec.Persona) string {
	if v := p.Role.Value(); v != "" {
		return v
	}
	return "secondary"
}

func joined(paragraphs []Paragraph) string {
	var texts []string
	for _, p := range paragraphs {
		if p.Text != "" {
			texts = append(texts, p.Text)
		}
	}
	return strings.Join(texts, "\n\n")
}

func (b *builder) identity(out *Persona, p *compile.Persona, m *measured, e *results.EntityResults, h hidden) {
	id := p.Spec.Identity
	if id == nil {
		return
	}
	if f := id.Portrait; f != nil {
		out.PortraitAlt = f.Alt.Value()
		out.Portrait = f.Style.Value()
		if f.File.Value() != "" {
			out.Portrait = f.File.Value()
		}
	}
	for i, f := range id.Facts {
		out.Facts = append(out.Facts, Fact{
			Label:     sentence(f.Key.Value()),
			Statement: b.statement(p, m, "identity", i, of(f.Value)),
			Breakdown: b.breakdown(p, e, f.Key.Value(), f.Key.Value(), f.Value, h),
		})
	}
	for _, t := range id.Personality {
		trade := Trade{At: t.At.V, Evidence: Assumed}
		if len(t.Between) == 2 {
			trade.Low, trade.High = t.Between[0].Value(), t.Between[1].Value()
		}
		if t.Source.Value() != "" {
			trade.Evidence, trade.Source = Researched, b.finding(t.Source.Value())
		}
		if f := p.Measures[t.Measured.Range()]; f != nil {
			at, reason := b.value(f, m)
			place, ok := toDouble(at)
			trade.Evidence = Measured
			switch {
			case reason != "":
				trade.Missing = reason
			case !ok || math.IsNaN(place) || math.IsInf(place, 0):
				trade.Missing = wordNoNumber
			default:
				trade.At = min(max(place, -2), 2)
			}
		}
		out.Personality = append(out.Personality, trade)
	}
}

func of(s *spec.Statement) written {
	return written{say: s.Say, holds: s.Holds, source: s.Source, assumed: s.Assumed.V, place: s.Range}
}

func (b *builder) goals(p *compile.Persona, m *measured) []Pair {
	out := []Pair{}
	for i, g := range p.Spec.Goals {
		out = append(out, b.pair(p, m, "goals", i, written{say: g.Goal, holds: g.Holds, source: g.Source, assumed: g.Assumed.V, place: g.Range}, g.Because))
	}
	return out
}

func (b *builder) needs(p *compile.Persona, m *measured) []Pair {
	out := []Pair{}
	for i, n := range p.Spec.Needs {
		out = append(out, b.pair(p, m, "needs", i, written{say: n.Pain, holds: n.Holds, source: n.Source, assumed: n.Assumed.V, place: n.Range}, n.Need))
	}
	return out
}

func (b *builder) objections(p *compile.Persona, m *measured) []Pair {
	out := []Pair{}
	for i, o := range p.Spec.Objections {
		w := written{say: o.Objection, place: o.Range}
		out = append(out, b.pair(p, m, "objections", i, w, o.Answer))
	}
	return out
}

func (b *builder) pair(p *compile.Persona, m *measured, section string, i int, w written, then spec.Template) Pair {
	w.then = then
	text, why := b.fill(p, m, then)
	return Pair{Statement: b.statement(p, m, section, i, w), Then: text, ThenMissing: why}
}

// sectionOrder is the order of the sections with known layouts; others follow
// in the order in which they are written.
var sectionOrder = []string{
	"demographics", "psychographics", "lifestyle", "family", "behaviour", "buying_style",
	"motivations", "channels", "content", "do", "dont",
}

var sectionTitles = map[string]string{"dont": "Don't", "buying_style": "Buying style"}

func (b *builder) sections(p *compile.Persona, m *measured, e *results.EntityResults, h hidden) []Section {
	out := []Section{}
	add := func(name string, statements []*spec.Statement) {
		s := Section{Name: name, Title: title(sectionTitles[name], name), Statements: []Statement{}}
		for i, st := range statements {
			one := b.statement(p, m, name, i, of(st))
			one.Breakdown = b.breakdown(p, e, fmt.Sprintf("%s_%d", name, i), "", st, h)
			s.Statements = append(s.Statements, one)
		}
		out = append(out, s)
	}
	for _, name := range sectionOrder {
		for _, s := range p.Spec.Sections {
			if s.Key.Value() == name {
				add(name, s.Value)
			}
		}
	}
	for _, s := range p.Spec.Sections {
		if !isKnownSection(s.Key.Value()) {
			add(s.Key.Value(), s.Value)
		}
	}
	return out
}

func isKnownSection(name string) bool {
	for _, s := range sectionOrder {
		if s == name {
			return true
		}
	}
	return false
}

// statements lists every statement of a persona, in the order of the page.
func (p *Persona) statements() []Statement {
	var out []Statement
	for _, f := range p.Facts {
		out = append(out, f.Statement)
	}
	for _, pairs := range [][]Pair{p.Goals, p.Needs} {
		for _, pair := range pairs {
			out = append(out, pair.Statement)
		}
	}
	for _, s := range p.Sections {
		out = append(out, s.Statements...)
	}
	return out
}

// Spreads are the distributions behind the persona's facts and statements, each
// drawn as a thin bar, in the order of the page.
func (p *Persona) Spreads() []Distribution {
	var out []Distribution
	add := func(d *Distribution) {
		if d != nil {
			out = append(out, *d)
		}
	}
	for _, f := range p.Facts {
		add(f.Breakdown)
	}
	for _, s := range p.Sections {
		for _, st := range s.Statements {
			add(st.Breakdown)
		}
	}
	return out
}

func (b *builder) meter(p Persona) Meter {
	m := Meter{Evidence: map[string]int{}, Claims: map[string]int{}}
	for _, s := range p.statements() {
		m.Statements++
		m.Evidence[string(s.Evidence)]++
		if s.Expression != "" {
			m.Claims[string(s.Status)]++
		}
	}
	noun := "statements"
	if m.Statements == 1 {
		noun = "statement"
	}
	m.Text = fmt.Sprintf("%d %s: %d measured, %d from research, %d assumed",
		m.Statements, noun, m.Evidence[string(Measured)], m.Evidence[string(Researched)], m.Evidence[string(Assumed)])
	return m
}

func toDouble(v any) (float64, bool) {
	switch x := v.(type) {
	case float64:
		return x, true
	case int64:
		return float64(x), true
	}
	return 0, false
}
