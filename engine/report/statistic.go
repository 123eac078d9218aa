package report

import (
	"math"

	"personae/engine/compile"
	"personae/engine/results"
)

// measured is a persona's statistics as formulas read them: values by ID, for
// members and for everyone, and the reason where one is hidden or missing.
type measured struct {
	members  map[string]any // what claims are decided on
	shown    map[string]any // what is written of it
	everyone map[string]any
	found    map[string]results.Statistic
	missing  map[string]string
	anyone   map[string]bool // those of evidence: there is no everyone to hold them against
}

func (b *builder) measure(p *compile.Persona, e *results.EntityResults, groupHidden hidden) *measured {
	m := &measured{
		members: map[string]any{}, shown: map[string]any{}, everyone: map[string]any{},
		found: map[string]results.Statistic{}, missing: map[string]string{}, anyone: map[string]bool{},
	}
	for _, s := range p.Statistics {
		found, ok := e.Statistics[results.StatKey{Persona: p.Name, Stat: s.ID}]
		if !ok {
			m.missing[s.ID] = "it was not measured"
			continue
		}
		m.found[s.ID], m.anyone[s.ID] = found, s.Evidence != nil
		m.members[s.ID], m.everyone[s.ID] = values(s, found)
		told := b.gone[e.Entity][place{what: measuredShare, group: results.GroupKey{Kind: results.Persona, Name: p.Name}, other: s.ID}]
		switch h := max(b.statisticHidden(s, found), told); {
		case groupHidden != shown:
			m.missing[s.ID] = b.hide(groupHidden).Reason
		case h != shown:
			m.missing[s.ID] = b.hide(h).Reason
		}
		if s.Func == "top" {
			m.members[s.ID] = b.visibleTop(found)
		}
		m.shown[s.ID] = m.members[s.ID]
		population := e.Population
		if s.Evidence != nil { // all its rows are known
			population = found.N + found.Unknown + found.Skipped
			found.EveryoneN = found.N
		}
		if b.roundly(s, found, population) {
			m.shown[s.ID], m.everyone[s.ID] = inHundredths(m.members[s.ID]), inHundredths(m.everyone[s.ID])
		}
	}
	return m
}

// values gives a statistic's value for members and for everyone. Shares are
// worked out from counts here, so that the same counts give the same double
// whatever computed them: share = true / (true + false), lift = share / share
// of everyone.
func values(s *compile.Statistic, f results.Statistic) (members, everyone any) {
	switch s.Func {
	case "share":
		return ratio(f.True, f.N), ratio(f.EveryoneTrue, f.EveryoneN)
	case "lift":
		share, all := ratio(f.True, f.N), ratio(f.EveryoneTrue, f.EveryoneN)
		if share == nil || all == nil || all.(float64) == 0 {
			return nil, nil
		}
		return share.(float64) / all.(float64), 1.0
	}
	return f.Value, f.Everyone
}

func ratio(part, whole int64) any {
	if whole == 0 {
		return nil
	}
	return float64(part) / float64(whole)
}

// statisticHidden decides whether a statistic would tell about few people. A
// share rests on two groups: those for whom it is true and those for whom it is
// false. A small one of either is hidden; none at all names nobody.
func (b *builder) statisticHidden(s *compile.Statistic, f results.Statistic) hidden {
	switch {
	case s.Func == "count" && s.Evidence != nil && b.small(f.N):
		return tooFew
	case s.Func == "count":
		return shown // the group's own size decides
	}
	if f.N < b.min {
		return tooFew
	}
	if isShare(s) {
		no := f.N - f.True
		switch {
		case b.small(f.True):
			return tooFew
		case b.small(no):
			return tooMany
		case b.small(f.EveryoneTrue - f.True), b.small(f.EveryoneN - f.EveryoneTrue - no):
			return secondary // of the others it is so, or not so, of few
		}
	}
	return shown
}

// roundly says whether a share is published in whole per cent alone: with all its
// digits it says how many it is a share of, and so how few cannot tell, of the
// members, of everyone or of the others.
func (b *builder) roundly(s *compile.Statistic, f results.Statistic, population int64) bool {
	unknown := population - f.EveryoneN
	return isShare(s) && (b.small(f.Unknown) || b.small(unknown) || b.small(unknown-f.Unknown))
}

// isShare says whether a statistic rests on how many say yes.
func isShare(s *compile.Statistic) bool { return s.Func == "share" || s.Func == "lift" }

func inHundredths(v any) any {
	if x, ok := v.(float64); ok {
		return math.Round(x*100) / 100
	}
	return v
}

// visibleTop leaves out values that fewer than the smallest group share, and then
// the last ones that are shown, until those with other values are no small group
// either. Where few cannot tell, shares are of all members.
func (b *builder) visibleTop(f results.Statistic) any {
	items, ok := f.Value.([]results.TopItem)
	if !ok {
		return f.Value
	}
	out := []results.TopItem{}
	rest := f.N
	for _, item := range items {
		if item.Count >= b.min {
			if b.small(f.Unknown) {
				item.Share = float64(item.Count) / float64(f.N+f.Unknown)
			}
			out, rest = append(out, item), rest-item.Count
		}
	}
	for len(out) > 0 && b.small(rest) {
		rest += out[len(out)-1].Count
		out = out[:len(out)-1]
	}
	return out
}

// value evaluates a formula over the members. Where there is no value to show,
// the reason says so in the fixed words.
func (b *builder) value(f *compile.Formula, m *measured) (v any, reason string) {
	for _, id := range f.Stats {
		if why := m.missing[id]; why != "" {
			return nil, why
		}
	}
	v, err := b.Evaluate(f, m.shown)
	if err != nil {
		return nil, err.Error()
	}
	if v == nil {
		return nil, "there is no value"
	}
	return v, ""
}

// numberIn writes the value of a formula for members, with what it rests on.
func (b *builder) numberIn(f *compile.Formula, unit string, m *measured) Number {
	v, reason := b.value(f, m)
	if reason != "" {
		return Number{Hidden: true, Reason: reason}
	}
	n := b.write(v, unit)
	rests, unknown := rests(f, m)
	b.restsOn(&n, rests, unknown)
	return n
}

// restsOn says how many rows a number rests on and how many cannot tell. Few
// that cannot tell are not shown, and neither is the other number then: with the
// size of the group it would give them away.
func (b *builder) restsOn(n *Number, rests, unknown int64) {
	if unknown > 0 && unknown < b.min {
		return
	}
	n.N, n.Unknown = &rests, &unknown
}

// ofEveryone writes the value of a formula over everyone.
func (b *builder) ofEveryone(f *compile.Formula, unit string, m *measured) Number {
	for _, id := range f.Stats {
		if why := m.missing[id]; why != "" { // everyone's would help to find the members'
			return Number{Hidden: true, Reason: why}
		}
		if m.anyone[id] {
			return Number{Hidden: true, Reason: wordAnyone}
		}
	}
	v, err := b.Evaluate(f, m.everyone)
	if err != nil || v == nil {
		return Number{Hidden: true, Reason: "there is no value"}
	}
	return b.write(v, unit)
}

// write formats a value; Value is set where it is a number.
func (b *builder) write(v any, unit string) Number {
	text, ok := b.Words.Value(v, unit)
	if !ok {
		return Number{Hidden: true, Reason: cannotWrite(v)}
	}
	n := Number{Text: text}
	switch x := v.(type) {
	case float64:
		n.Value = &x
	case int64:
		f := float64(x)
		n.Value = &f
	}
	return n
}

// rests is the fewest rows that any statistic of the formula rests on, and the
// most that cannot tell.
func rests(f *compile.Formula, m *measured) (n, unknown int64) {
	n = -1
	for _, id := range f.Stats {
		s := m.found[id]
		if n < 0 || s.N < n {
			n = s.N
		}
		unknown = max(unknown, s.Unknown)
	}
	return max(n, 0), unknown
}

func (b *builder) statistics(p *compile.Persona, m *measured) []Statistic {
	out := []Statistic{}
	for _, s := range p.Statistics {
		f := m.found[s.ID]
		st := Statistic{ID: s.ID, Expression: s.Text, Func: s.Func}
		unit := unitOfStatistic(b.Rules, p, s)
		st.Unit = unit
		rests, unknown := f.N, f.Unknown
		if why := m.missing[s.ID]; why != "" {
			st.Value = Number{Hidden: true, Reason: why}
			st.Everyone = Number{Hidden: true, Reason: why}
			out = append(out, st)
			continue
		}
		if s.Func == "top" {
			st.Top = b.top(m.shown[s.ID])
			st.Value, st.Everyone = Number{Text: topText(st.Top)}, Number{Hidden: true, Reason: "a list has no single value"}
			b.restsOn(&st.Value, rests, unknown)
			out = append(out, st)
			continue
		}
		st.Value, st.Everyone = b.writeOrMissing(m.shown[s.ID], unit), b.writeOrMissing(m.everyone[s.ID], unit)
		if m.anyone[s.ID] {
			st.Everyone = Number{Hidden: true, Reason: wordAnyone}
		}
		b.restsOn(&st.Value, rests, unknown)
		if lift, ok := liftOf(s, f); ok {
			if m.shown[s.ID] != m.members[s.ID] {
				lift = math.Round(lift*10) / 10
			}
			st.Lift, st.LiftText = &lift, b.Words.Lift(lift, p.Entity)
		}
		out = append(out, st)
	}
	return out
}

func (b *builder) writeOrMissing(v any, unit string) Number {
	if v == nil {
		return Number{Hidden: true, Reason: "there is no value"}
	}
	return b.write(v, unit)
}

func liftOf(s *compile.Statistic, f results.Statistic) (float64, bool) {
	if s.Func != "share" && s.Func != "lift" {
		return 0, false
	}
	if f.N == 0 || f.EveryoneN == 0 || f.EveryoneTrue == 0 {
		return 0, false
	}
	return float64(f.True) / float64(f.N) / (float64(f.EveryoneTrue) / float64(f.EveryoneN)), true
}

func (b *builder) top(v any) []Top {
	out := []Top{}
	items, _ := v.([]results.TopItem)
	for _, item := range items {
		text, ok := b.Words.Value(item.Value, "")
		if !ok {
			continue
		}
		share := item.Share
		out = append(out, Top{Value: text, Count: b.count(item.Count, shown),
			Share: Number{Value: &share, Text: b.Words.Percent(share)}})
	}
	return out
}

// unitOfStatistic is the unit in which a statistic is written: a share as
// a percentage, a count without one, anything else in the unit of its operand.
func unitOfStatistic(rs *compile.RuleSet, p *compile.Persona, s *compile.Statistic) string {
	switch s.Func {
	case "share":
		return "share"
	case "count", "lift", "top":
		return ""
	}
	if s.Evidence != nil {
		return unitOf(rs, &compile.Entity{Table: s.Evidence}, s.Arg)
	}
	for _, e := range rs.Entities {
		if e.Name == p.Entity && s.Arg != nil {
			return unitOf(rs, e, s.Arg)
		}
	}
	return ""
}
