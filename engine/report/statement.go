package report

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"personae/engine/compile"
	"personae/engine/source"
	"personae/engine/spec"
)

// minKnown is the share of members for whom a claim's operand must be known
// (DESIGN section 3).
const minKnown = 0.8

// written is what all kinds of statements have in common.
type written struct {
	say     spec.Template
	holds   spec.Expr
	source  spec.Text
	assumed bool
	place   source.Range
	then    spec.Template // what follows, whose values count as evidence too
}

func (b *builder) statement(p *compile.Persona, m *measured, section string, position int, w written) Statement {
	s := Statement{
		Section: section, Position: position, File: w.place.File, Line: w.place.Start.Line,
		Evidence: b.evidence(p, w), Status: Unmeasured,
		Value: Number{Hidden: true}, Needed: Number{Hidden: true}, Everyone: Number{Hidden: true},
	}
	s.Text, s.Missing = b.fill(p, m, w.say)
	if w.source.Value() != "" {
		s.Source = b.finding(w.source.Value())
	}
	if claim := p.Claims[w.holds.Range()]; claim != nil && w.holds.Value() != "" {
		b.claim(&s, claim, m, claimUnit(p, w.say, claim))
		if claim.Comparison != nil && !s.Value.Hidden {
			b.compare(&s, p, m, claim.Comparison.Left, true)
		}
		return s
	}
	if s.Evidence == Measured && s.Missing == "" {
		b.compare(&s, p, m, onlyHole(p, w), false)
	}
	if s.Evidence == Measured && s.Missing != "" {
		s.Status, s.StatusText = CannotTell, s.Missing
	}
	return s
}

func (b *builder) evidence(p *compile.Persona, w written) Evidence {
	switch {
	case w.source.Value() != "":
		return Researched
	case w.assumed:
		return Assumed
	case w.holds.Value() != "":
		return Measured
	}
	for _, text := range []spec.Template{w.say, w.then} {
		if t := p.Templates[text.Range()]; t != nil && len(t.Holes) > 0 {
			return Measured
		}
	}
	return Assumed
}

// claim decides the state of a claim (DESIGN section 3): too few people, can't
// tell, holds or no longer true.
func (b *builder) claim(s *Statement, f *compile.Formula, m *measured, unit string) {
	s.Expression = f.Text.Value()
	if c := f.Comparison; c != nil {
		s.Operator = c.Operator
		s.Value, s.Needed = b.numberIn(c.Left, unit, m), b.numberIn(c.Right, cmp.Or(c.Right.Unit, unit), m)
		if s.Everyone = b.ofEveryone(c.Left, unit, m); c.Left.Unit == compile.UnitTimes {
			s.Everyone = Number{Hidden: true, Reason: "it is compared with everyone"}
		}
	} else if n, unknown := rests(f, m); n > 0 {
		s.Value = Number{N: &n, Unknown: &unknown, Hidden: true, Reason: "a claim of several parts has no single value"}
	}
	n, unknown := rests(f, m)
	known := 1.0
	if n+unknown > 0 {
		known = float64(n) / float64(n+unknown)
	}
	switch {
	case len(f.Stats) > 0 && n < b.min:
		s.Status = TooFew
		s.StatusText = fmt.Sprintf("Too few to say (fewer than %s people)", b.Words.Count(b.min))
		if b.min < 2 {
			s.StatusText = "Too few to say (nobody)"
		}
		return
	case known < minKnown:
		s.Status = CannotTell
		s.StatusText = fmt.Sprintf("Can't tell: it is known for %s only", b.Words.Percent(known))
		return
	}
	v, err := b.Evaluate(f, m.members)
	holds, ok := v.(bool)
	switch {
	case b.noNumber(f.Comparison, m):
		s.Status, s.StatusText = CannotTell, "Can't tell: "+wordNoNumber
	case err != nil:
		s.Status, s.StatusText = CannotTell, "Can't tell: "+err.Error()
	case !ok:
		s.Status, s.StatusText = CannotTell, "Can't tell: there is no value"
	case holds:
		s.Status, s.StatusText = Holds, "Holds"
	default:
		s.Status, s.StatusText = Broken, "No longer true"
		if !s.Value.Hidden && !s.Needed.Hidden && s.Operator != "" {
			s.StatusText = fmt.Sprintf("No longer true: %s, needs %s%s", s.Value.Text, needs[s.Operator], s.Needed.Text)
		}
	}
}

// noNumber says whether a side of a comparison is NaN or infinite: doubles
// divide by zero without an error, and no claim is true or false of that.
func (b *builder) noNumber(c *compile.Comparison, m *measured) bool {
	if c == nil {
		return false
	}
	for _, side := range []*compile.Formula{c.Left, c.Right} {
		if v, err := b.Evaluate(side, m.members); err == nil && cannotWrite(v) == wordNoNumber {
			return true
		}
	}
	return false
}

// cannotWrite says why a value has no text.
func cannotWrite(v any) string {
	if x, ok := v.(float64); ok && (math.IsNaN(x) || math.IsInf(x, 0)) {
		return wordNoNumber
	}
	return "the value cannot be written"
}

// claimUnit is the unit in which a claim's numbers are written, needed as
// measured: 0.4 beside 37% is 40%. Where the expression has none, a text that
// writes the same as a percentage says it.
func claimUnit(p *compile.Persona, say spec.Template, f *compile.Formula) string {
	if f.Comparison == nil {
		return ""
	}
	if unit := f.Comparison.Left.Unit; unit != "" {
		return unit
	}
	t := p.Templates[say.Range()]
	if t == nil {
		return ""
	}
	dense := func(s string) string { return strings.Join(strings.Fields(s), "") }
	for _, hole := range t.Holes {
		text := dense(hole.Text.Value())
		if written, ok := strings.CutPrefix(text, "asPercent("+dense(f.Comparison.Left.Text.Value())); ok && (written[0] == ',' || written[0] == ')') {
			return compile.UnitShare
		}
	}
	return ""
}

var needs = map[string]string{">": "more than ", ">=": "", "<": "less than ", "<=": "at most ", "==": "exactly ", "!=": "anything but "}

// finding writes a research finding with what it rests on.
func (b *builder) finding(ref string) string {
	name, key, _ := strings.Cut(ref, ".")
	for _, r := range b.Rules.Module.Research {
		if r.Name.Value() != name {
			continue
		}
		about := title(r.Title.Value(), name)
		var parts []string
		if r.Method.Value() != "" {
			parts = append(parts, r.Method.Value())
		}
		if r.People.Set {
			parts = append(parts, b.Words.Count(r.People.V)+" people")
		}
		if r.Date.Value() != "" {
			parts = append(parts, b.day(r.Date.Value()))
		}
		if len(parts) > 0 {
			about += " (" + strings.Join(parts, ", ") + ")"
		}
		for _, f := range r.Findings {
			if f.Key.Value() == key {
				return about + ": " + f.Value.Say.Value()
			}
		}
		return about
	}
	return ref
}

// fill writes a template's text; where a value is missing there is no text, and
// the reason.
func (b *builder) fill(p *compile.Persona, m *measured, t spec.Template) (text, missing string) {
	parts, why := b.parts(p, m, t, plain)
	if len(why) > 0 {
		return "", strings.Join(why, "; ")
	}
	return strings.Join(parts, ""), ""
}

// parts gives a template's literals and filled holes in order, values as they are
// written there; a missing one is a gap, with its reason.
func (b *builder) parts(p *compile.Persona, m *measured, t spec.Template, write func(string) string) (parts, why []string) {
	checked := p.Templates[t.Range()]
	if checked == nil {
		return []string{t.Value()}, nil
	}
	for i, literal := range checked.Literals {
		parts = append(parts, literal)
		if i == len(checked.Holes) {
			break
		}
		hole := checked.Holes[i]
		v, reason := b.value(hole, m)
		text, ok := "", false
		if reason == "" {
			text, ok = b.Words.Value(v, hole.Unit)
			reason = cannotWrite(v)
		}
		if !ok {
			why = append(why, reason)
			parts = append(parts, gap)
			continue
		}
		parts = append(parts, write(text))
	}
	return parts, why
}
