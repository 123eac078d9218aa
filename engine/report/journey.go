package report

import (
	"math"

	"personae/engine/compile"
	"personae/engine/results"
)

// journeys says how far everyone has come.
func (b *builder) journeys(e *compile.Entity, found *results.EntityResults) []Journey {
	var out []Journey
	for _, rule := range e.Rules {
		if rule.Journey == nil {
			continue
		}
		if j := b.journeyOf(rule, found, ""); j != nil {
			out = append(out, *j)
		}
	}
	return out
}

// personaJourney is the journey that a persona names, counted over its members;
// nil where it names none, or is hidden.
func (b *builder) personaJourney(p *compile.Persona, found *results.EntityResults, h hidden) *Journey {
	if h != shown {
		return nil
	}
	for _, e := range b.Rules.Entities {
		for _, rule := range e.Rules {
			if rule.Journey != nil && rule.Name == p.Spec.Journey.Value() && rule.Entity == p.Entity {
				return b.journeyOf(rule, found, p.Name)
			}
		}
	}
	return nil
}

func (b *builder) journeyOf(rule *compile.Rule, found *results.EntityResults, subject string) *Journey {
	for _, counts := range found.Journeys {
		if counts.Name == rule.Name && counts.Subject == subject {
			out := b.journey(rule, counts)
			if subject == "" && counts.Unknown > 0 {
				out.UnknownWhy = reasons(found, results.OfJourney, rule.Name)
			}
			return &out
		}
	}
	return nil
}

func (b *builder) journey(rule *compile.Rule, counts results.Journey) Journey {
	j := Journey{
		Name: rule.Name, Labels: b.labels(rule), Entity: rule.Entity, UsedBy: b.used[rule],
		File: rule.Source.Range.File, Line: rule.Source.Range.Start.Line, Digest: rule.Digest,
	}
	states := b.funnel(counts)
	last := len(counts.Stages)
	j.Nowhere, j.Unknown = b.none(counts.Nowhere, states[last]), b.none(counts.Unknown, states[last+1])
	before := -1 // the stage before, where its number is shown
	for i, s := range rule.Journey.Stages {
		c := counts.Stages[i]
		r := b.ruleOf(rule.Entity, s.Entered, "")
		one := Stage{Name: s.Name, Title: title(s.Title, s.Name), Expression: r.Expression, Words: r.Words,
			Doing: s.Spec.Doing.Value(), Thinking: s.Spec.Thinking.Value(), Response: s.Spec.Response.Value(), Touchpoints: []Touchpoint{}}
		if s.Spec.Feeling.Set {
			v := s.Spec.Feeling.V
			one.Feeling = &v
		}
		for _, p := range s.Spec.Pains {
			one.Pains = append(one.Pains, p.Value())
		}
		b.reached(&one, c, counts, states[i])
		if i > 0 && states[i] == shown && before == i-1 {
			one.FromPrevious = b.percent(float64(c.Reached), float64(counts.Stages[before].Reached))
		} else if i > 0 {
			one.FromPrevious = b.hide(max(states[i], secondary))
		}
		if states[i] == shown {
			before = i
		}
		one.MedianHours = b.hours(c)
		for k, t := range s.Touchpoints {
			one.Touchpoints = append(one.Touchpoints, b.touchpoint(t, c, c.Touchpoints[k], states[i]))
		}
		j.Stages = append(j.Stages, one)
	}
	return j
}

// none writes a count that may be nobody: that names nobody.
func (b *builder) none(n int64, h hidden) Number {
	if n == 0 {
		h = shown
	}
	return b.count(n, h)
}

// funnel decides which numbers of a journey are shown: of its stages, of those in
// none and of those who cannot be told. Who reached one stage and not the next is
// a group of its own, so a stage is hidden where it lies less than a small group
// below one that is shown; nobody at all between the two is no group.
func (b *builder) funnel(counts results.Journey) []hidden {
	n := len(counts.Stages)
	out := make([]hidden, n+2)
	small := func(v int64) bool { return v > 0 && v < b.min }
	hide := func(v int64) hidden {
		if small(v) {
			return tooFew
		}
		return shown
	}
	out[n], out[n+1] = hide(counts.Nowhere), hide(counts.Unknown)
	if out[n] != shown && counts.Unknown > 0 || out[n+1] != shown && counts.Nowhere > 0 {
		out[n], out[n+1] = max(out[n], secondary), max(out[n+1], secondary)
	}
	above := counts.Rows
	if counts.Rows < b.min {
		above = 0
	}
	for i, c := range counts.Stages {
		switch {
		case small(c.Reached), counts.Rows < b.min:
			out[i] = tooFew
		case small(above - c.Reached), small(c.ReachedUnknown):
			out[i] = secondary
		default:
			above = c.Reached
		}
	}
	return out
}

// reached says how many came to a stage, and how many of them past it without
// entering it. The share is of those for whom it can be told.
func (b *builder) reached(s *Stage, c results.StageCount, counts results.Journey, h hidden) {
	s.Reached = b.none(c.Reached, h)
	known := counts.Rows - c.ReachedUnknown
	if h != shown {
		s.Share, s.Skipped = b.hide(h), b.hide(h)
		return
	}
	s.Share = b.percent(float64(c.Reached), float64(known))
	s.Reached.N, s.Reached.Unknown = &known, &c.ReachedUnknown
	skipped := disclosure(c.Skipped, c.Reached, b.min)
	if c.Skipped == c.Reached {
		skipped = shown
	}
	s.Skipped = b.none(c.Skipped, skipped)
}

// hours is the median time from entering the stage before.
func (b *builder) hours(c results.StageCount) Number {
	switch {
	case c.Hours == nil:
		return Number{Hidden: true, Reason: "No time is known"}
	case c.HoursRows < b.min:
		return b.hide(tooFew)
	}
	n := b.plain(*c.Hours)
	unit := "hours"
	if days := math.Round(*c.Hours / 24); *c.Hours >= 48 {
		n.Text, unit = b.plain(days).Text, "days"
	}
	n.Text += " " + unit
	n.N = &c.HoursRows
	return n
}

func (b *builder) touchpoint(t compile.Touchpoint, s results.StageCount, c results.TouchCount, h hidden) Touchpoint {
	out := Touchpoint{Name: t.Name}
	if h == shown && c.Rows < b.min {
		h = tooFew
	}
	if out.Count = b.count(c.Contacts, h); h != shown {
		out.Each = b.hide(h)
		return out
	}
	out.Each = b.plain(float64(c.Contacts) / float64(c.Rows))
	out.Each.N = &c.Rows
	return out
}
