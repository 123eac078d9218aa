package spec

import (
	"strings"

	"personae/engine/source"
)

func (v *validator) persona(p *Persona) {
	v.date("review_by", p.ReviewBy)
	if p.Journey.Value() != "" {
		v.refers(p.Journey, "journey", "Journey", values(namesOf(v.m.Journeys)))
	}
	if p.Identity != nil {
		v.identity(p.Identity)
	}
	for _, g := range p.Goals {
		v.claim(g, g.Range, basis{g.Source, g.Assumed, measuredBy(g.Holds, g.Goal, g.Because)})
	}
	for _, n := range p.Needs {
		v.claim(n, n.Range, basis{n.Source, n.Assumed, measuredBy(n.Holds, n.Pain, n.Need)})
	}
	for _, s := range p.Sections {
		v.name(s.Key)
		for _, one := range s.Value {
			v.statement(one)
		}
	}
	if q := p.Quotes; q != nil {
		v.refers(q.From, "dataset", "Dataset", v.datasetNames())
		v.atLeast("pick", q.Pick, 1)
	}
}

func (v *validator) identity(i *Identity) {
	if p := i.Portrait; p != nil && !v.incomplete[p] {
		v.exactlyOne(p.Range, "A portrait is drawn in a `style`, or is an image `file` of yours.",
			[]string{"style", "file"}, present(key("style", p.Style), key("file", p.File)))
	}
	for _, f := range i.Facts {
		v.name(f.Key)
		v.statement(f.Value)
	}
	for _, t := range i.Personality {
		v.trade(t)
	}
}

// trade checks a place between two poles.
func (v *validator) trade(t *Trade) {
	if t.At.Set && (t.At.V < -2 || t.At.V > 2) {
		v.Report("bad-value", t.At.Range, "`at` is %v, and it lies between -2 and 2", t.At.V).
			Detail = "-2 is all the first pole, 0 the middle, 2 all the second."
	}
	if v.incomplete[t] {
		return
	}
	if len(t.Between) != 2 {
		v.Report("bad-value", t.Range, "`between` wants two poles, and has %d", len(t.Between)).
			Detail = "Write both ends: between: [Planner, Spontaneous]."
	}
	if !t.At.Set && t.Measured.IsZero() {
		v.Report("missing-key", t.Range, "One of `at` or `measured` is missing").
			Detail = "Say where between the poles the persona is: `at`, from -2 to 2, or `measured`, an expression that gives it."
		return
	}
	if t.At.Set && !t.Measured.IsZero() {
		v.Report("conflicting-keys", t.Measured.Range(), "`at` and `measured` exclude each other").
			Relate(t.At.Range, "The first is here").
			Detail = "The place is written down or measured. Delete one of the two."
		return
	}
	v.claim(t, t.Range, basis{t.Source, t.Assumed, key("measured", t.Measured.Text)})
}

func (v *validator) statement(s *Statement) {
	if s != nil {
		v.claim(s, s.Range, basis{s.Source, s.Assumed, measuredBy(s.Holds, s.Say)})
	}
}

// basis is what a statement rests on.
type basis struct {
	source   Text
	assumed  Bool
	measured written
}

// measuredBy finds the expression that measures a statement: holds, or ${} in its text.
func measuredBy(holds Expr, texts ...Template) written {
	if !holds.IsZero() {
		return key("holds", holds.Text)
	}
	for _, t := range texts {
		if i := strings.Index(t.Value(), "${"); i >= 0 {
			return written{"${}", t.Value(), t.Sub(i, i+2)}
		}
	}
	return written{}
}

const basisDetail = "A statement is measured (`holds`, or ${} in its text), researched (`source: research.finding`) or assumed (`assumed: true`), and is shown as that."

// claim checks that a statement rests on one thing, and that the thing exists.
func (v *validator) claim(part any, at source.Range, b basis) {
	v.finding(b.source)
	if v.incomplete[part] {
		return
	}
	assumed := written{"assumed", "true", b.assumed.Range}
	if !b.assumed.V {
		assumed.at = source.Range{}
	}
	on := present(b.measured, key("source", b.source), assumed)
	switch len(on) {
	case 1:
	case 0:
		v.Report("statement-without-basis", at, "Nothing says how this is known").Detail = basisDetail
	default:
		v.Report("conflicting-keys", on[1].at, "`%s` and `%s` exclude each other", on[0].key, on[1].key).
			Relate(on[0].at, "The first is here").
			Detail = basisDetail
	}
}

// finding checks a `source: research.finding`.
func (v *validator) finding(t Text) {
	if t.IsZero() {
		return
	}
	research, finding, ok := strings.Cut(t.Value(), ".")
	var all []string
	known := false
	for _, r := range v.m.Research {
		for _, f := range r.Findings {
			all = append(all, r.Name.Value()+"."+f.Key.Value())
		}
		known = known || r.Name.Value() == research && v.incomplete[r]
	}
	if !ok || finding == "" || research == "" {
		one := v.Report("unknown-name", t.Range(), "%q names no finding", t.Value())
		one.Detail = "Write the research and its finding, with a dot between: interviews.f1."
		suggest(one, t.Value(), all, t.Range())
		return
	}
	for _, name := range all {
		known = known || name == t.Value()
	}
	if !known && !v.broken("Research", research) {
		v.unknown(t, "finding", all)
	}
}

func values(texts []Text) []string {
	var out []string
	for _, t := range texts {
		out = append(out, t.Value())
	}
	return out
}
