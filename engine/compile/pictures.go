package compile

import (
	"personae/engine/catalog"
	"personae/engine/source"
	"personae/engine/spec"
)

// templatesOf lists all text with holes of a persona, in order of the page.
func templatesOf(p *spec.Persona) []spec.Template {
	var out []spec.Template
	if i := p.Identity; i != nil {
		out = append(out, i.Tagline)
	}
	for _, s := range statementsOf(p) {
		out = append(out, s.Say)
	}
	out = append(out, p.Story)
	for _, g := range p.Goals {
		out = append(out, g.Goal, g.Because)
	}
	for _, n := range p.Needs {
		out = append(out, n.Pain, n.Need)
	}
	out = append(append(out, p.Day), p.Messages...)
	for _, o := range p.Objections {
		out = append(out, o.Objection, o.Answer)
	}
	return out
}

// statementsOf lists facts, then the statements of all sections.
func statementsOf(p *spec.Persona) []*spec.Statement {
	var out []*spec.Statement
	if p.Identity != nil {
		for _, f := range p.Identity.Facts {
			if f.Value != nil {
				out = append(out, f.Value)
			}
		}
	}
	for _, section := range p.Sections {
		for _, s := range section.Value {
			if s != nil {
				out = append(out, s)
			}
		}
	}
	return out
}

// claimsOf lists every `holds`.
func claimsOf(p *spec.Persona) []spec.Expr {
	var out []spec.Expr
	add := func(e spec.Expr) {
		if !e.IsZero() {
			out = append(out, e)
		}
	}
	for _, s := range statementsOf(p) {
		add(s.Holds)
	}
	for _, g := range p.Goals {
		add(g.Holds)
	}
	for _, n := range p.Needs {
		add(n.Holds)
	}
	return out
}

// measuresOf lists the measured places between two poles.
func measuresOf(p *spec.Persona) []spec.Expr {
	var out []spec.Expr
	if p.Identity != nil {
		for _, t := range p.Identity.Personality {
			if t != nil && !t.Measured.IsZero() {
				out = append(out, t.Measured)
			}
		}
	}
	return out
}

// pictures checks what is drawn and quoted: breakdowns, charts, quotes.
func (p *personaCompiler) pictures(out *Persona) {
	for _, s := range statementsOf(p.spec) {
		if s.Breakdown.IsZero() {
			continue
		}
		if e := p.shown(s.Breakdown.Text, "A breakdown"); e != nil && p.drawable(e, s.Breakdown.Range()) {
			out.Breakdowns[s.Breakdown.Range()] = e
		}
	}
	for _, c := range p.spec.Charts {
		if c == nil || c.Of.IsZero() {
			continue
		}
		if e := p.shown(c.Of.Text, "A chart"); e != nil && p.drawable(e, c.Of.Range()) {
			out.Charts = append(out.Charts, &Chart{Spec: c, Of: e})
		}
	}
	if q := p.spec.Quotes; q != nil {
		out.Quotes = p.quotes(q)
	}
}

func (p *personaCompiler) drawable(e *Expr, at source.Range) bool {
	switch e.Type.Kind {
	case catalog.Bool, catalog.Int, catalog.Double, catalog.String, catalog.Timestamp:
		return true
	case catalog.List:
		if e.Type.Elem.Kind == catalog.Timestamp { // at which hours of the week
			return true
		}
	}
	p.c.diags.Report("cel-type", at, "%s cannot be drawn", upperFirst(plainCEL(e.Type.CEL()))).Detail = "Draw a number, a text, a yes or no, or a point in time."
	return false
}

// quotes checks where a persona's words come from; spec has looked for the dataset.
func (p *personaCompiler) quotes(q *spec.Quotes) *Quotes {
	table := p.c.catalog.Table(q.From.Value())
	if table == nil {
		return nil
	}
	s, err := p.c.tableScope(table)
	if err != nil {
		p.c.diags.Report("internal", q.Range, "%s", err.Error())
		return nil
	}
	out := &Quotes{Spec: q, Table: s.table}
	d := newDraft(q.Text.Text, s, aValue, "The text of a quote")
	out.Text = p.c.compileDraft(d)
	if !q.Where.IsZero() {
		if out.Where = p.c.compileDraft(newDraft(q.Where.Text, s, aCondition, "Which rows are quoted")); out.Where == nil {
			return nil
		}
	}
	if out.Text == nil {
		return nil
	}
	if out.Text.Type.Kind != catalog.String {
		p.c.diags.Report("cel-type", q.Text.Range(), "The words of a quote have to be text, and this is %s", plainCEL(out.Text.Type.CEL())).
			Detail = "Name the column that holds them."
		return nil
	}
	if len(out.Text.Taint.PII) > 0 {
		p.exposes(q.Text.Range(), q.Text.Value(), p.scope.entity, out.Text.Taint.PII)
		return nil
	}
	if !p.published(d, s, q) {
		return nil
	}
	return out
}

// published says whether everything that is quoted may be: the owner of the data
// says so of a column, with publish.
func (p *personaCompiler) published(d *draft, s *scope, q *spec.Quotes) bool {
	ok := true
	for _, r := range d.refs {
		c, name := s.column(r.ref)
		if c == nil || c.Publish {
			continue
		}
		ok = false
		p.c.diags.Report("not-published", d.place(r), "%s may not be quoted: nobody has said that it may be published", name).Detail =
			"Where the people who wrote it know that it may be shown, write `publish: true` under " + name + " in the columns of " + q.From.Value() + "."
	}
	return ok
}
