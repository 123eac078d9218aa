package report

import (
	"strings"

	"personae/engine/compile"
)

// compare says what a statement's number is among everyone. Of a claim that is
// its left side, of a statement without a claim the one hole in its text; where
// a number is no single statistic there is nothing to compare.
func (b *builder) compare(s *Statement, p *compile.Persona, m *measured, f *compile.Formula, claim bool) {
	if f == nil || len(f.Stats) != 1 {
		return
	}
	id := f.Stats[0]
	var stat *compile.Statistic
	for _, x := range p.Statistics {
		if x.ID == id {
			stat = x
		}
	}
	if stat == nil || stat.Func == "top" || m.missing[id] != "" {
		return
	}
	plain := strings.TrimSpace(f.Text.Value()) == strings.TrimSpace(stat.Text)
	if claim && !plain {
		return
	}
	found := m.found[id]
	if !claim {
		unit := unitOfStatistic(b.Rules, p, stat)
		s.Value, s.Everyone = b.writeOrMissing(m.shown[id], unit), b.writeOrMissing(m.everyone[id], unit)
		b.restsOn(&s.Value, found.N, found.Unknown)
	}
	if lift, ok := liftOf(stat, found); ok {
		s.Compared = b.Words.Lift(lift, p.Entity)
		if stat.Func == "lift" { // it is the comparison itself
			s.Everyone = Number{Hidden: true, Reason: "it is compared with everyone"}
		}
	}
}

// onlyHole is the hole of a text that has exactly one.
func onlyHole(p *compile.Persona, w written) *compile.Formula {
	if t := p.Templates[w.say.Range()]; t != nil && len(t.Holes) == 1 {
		return t.Holes[0]
	}
	return nil
}
