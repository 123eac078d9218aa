package report

import (
	"fmt"
	"strings"

	"personae/engine/compile"
	"personae/engine/results"
)

// count writes a number of people or rows, or why it is not shown.
func (b *builder) count(n int64, h hidden) Number {
	if h != shown {
		return b.hide(h)
	}
	v := float64(n)
	return Number{Value: &v, Text: b.Words.Count(n)}
}

func (b *builder) hide(h hidden) Number {
	reason := wordGivesAway
	switch {
	case b.min < 2 && h == tooFew: // nothing is too small: they are none
		reason = wordNobody
	case b.min < 2 && h == tooMany:
		reason = wordEverybody
	case h == tooFew:
		reason = fmt.Sprintf(wordTooFew, b.Words.Count(b.min))
	case h == tooMany:
		reason = fmt.Sprintf(wordNobodyElse, b.Words.Count(b.min))
	}
	return Number{Hidden: true, Reason: reason}
}

func (b *builder) percent(part, whole float64) Number {
	if whole == 0 {
		return Number{Hidden: true, Reason: "No share of nothing"}
	}
	v := part / whole
	return Number{Value: &v, Text: b.Words.Percent(v)}
}

// money writes a sum of what rows of an entity are worth.
func (b *builder) money(v float64, entity string) Number {
	unit := b.Rules.Settings.Currency
	for _, e := range b.Rules.Entities {
		if e.Name == entity && e.Value != nil {
			if u := unitOf(b.Rules, e, e.Value); u != "" {
				unit = u
			}
		}
	}
	text, ok := b.Words.Value(v, unit)
	if !ok {
		return Number{Hidden: true, Reason: "The value is too large to write"}
	}
	return Number{Value: &v, Text: text}
}

// unitOf is the unit of an expression that reads one column or trait.
func unitOf(rs *compile.RuleSet, e *compile.Entity, x *compile.Expr) string {
	if len(x.Refs) != 1 {
		return ""
	}
	ref := x.Refs[0]
	switch ref.Kind {
	case compile.ColumnRef:
		if c := e.Table.Column(ref.Name); c != nil {
			return c.Unit
		}
	case compile.TraitRef:
		for _, r := range e.Rules {
			if r.Kind.IsAttribute() && r.Name == ref.Name {
				return r.Unit
			}
		}
	}
	return ""
}

// size writes a group's size in every way that pages show it.
func (b *builder) size(g results.Group, e *results.EntityResults, h hidden) Size {
	s := Size{Members: b.count(g.Members, h)}
	if h != shown {
		s.Share, s.Value, s.ValueShare = b.hide(h), b.hide(h), b.hide(h)
	} else {
		s.Share = b.percent(float64(g.Members), float64(e.Population))
		s.Value, s.ValueShare = Number{Hidden: true, Reason: wordNoValue}, Number{Hidden: true, Reason: wordNoValue}
		if e.HasValue {
			s.Value = b.money(g.Value, e.Entity)
			s.ValueShare = b.percent(g.Value, e.Value)
		}
	}
	s.Unknown = b.unknownOf(g, e)
	if g.Unknown > 0 {
		s.UnknownWhy = b.why(g, e)
	}
	return s
}

// unknownOf writes for how many a group's rule cannot be told.
func (b *builder) unknownOf(g results.Group, e *results.EntityResults) Number {
	if h := b.gone[e.Entity][place{what: cannotTell, group: g.Key(), at: -1}]; h != shown {
		return b.hide(h)
	}
	return b.unknown(g.Unknown)
}

// unknown writes how many cannot be told; none at all is no small group.
func (b *builder) unknown(n int64) Number {
	if n > 0 && n < b.min {
		return b.count(n, tooFew)
	}
	return b.count(n, shown)
}

// mostReasons is how many reasons a sentence names.
const mostReasons = 3

// why says why a rule cannot tell, the most frequent reasons first.
func (b *builder) why(g results.Group, e *results.EntityResults) string {
	name := g.Name
	if g.Kind == results.Segmentation || g.Kind == results.Band {
		name = g.Parent
	}
	return reasons(e, g.Kind, name)
}

func reasons(e *results.EntityResults, kind results.GroupKind, name string) string {
	var list []string
	for _, u := range e.Unknowns {
		if u.Kind == kind && u.Name == name && u.Rows > 0 && len(list) < mostReasons {
			list = append(list, u.Text())
		}
	}
	return strings.Join(list, ", ")
}

// groupHidden decides whether a group's size may be shown: those outside are
// the population without members and without those that cannot be told. What other
// groups show can forbid it, too.
func (b *builder) groupHidden(g results.Group, e *results.EntityResults) hidden {
	return max(disclosure(g.Members, e.Population-g.Unknown, b.min), b.gone[e.Entity][place{what: sizeOf, group: g.Key()}])
}
