package compile

import (
	"fmt"
	"strings"
	"time"

	"cel.dev/cel-go/common/types"

	"personae/engine/catalog"
	"personae/engine/celenv"
	"personae/engine/source"
	"personae/engine/spec"
)

// personaCompiler is the state of one persona.
type personaCompiler struct {
	c          *compiler
	spec       *spec.Persona
	scope      *scope // of one member
	population *scope // of formulas: what is in scope, and the statistics
	stats      []*Statistic
	byKey      map[string]*Statistic
	celTypes   map[string]*types.Type
	sensitive  map[string]source.Range // columns that it uses itself, with the first place
}

// personas checks all personas, in order of file and place.
func (c *compiler) personas() []*Persona {
	populations := map[*scope]*scope{}
	var out []*Persona
	for _, doc := range c.module.Personas {
		c.reviewDate(doc)
		s := c.about(doc.For, doc.Range)
		if s == nil || s.env == nil {
			continue
		}
		if name := doc.Journey.Value(); s.journeys[name] == nil && s.elsewhere[name] != "" {
			c.diags.Report("bad-value", doc.Journey.Range(), "Journey %s is about %s, and this persona is about %s", name, s.elsewhere[name], s.entity).
				Detail = "Name a journey of the same people, or say with `for` whom the persona is about."
		} else if n := s.journeys[name]; n != nil && n.rule.Labels.Deprecated != nil {
			usesRetired(&c.diags, doc.Journey.Range(), n.rule)
		}
		if populations[s] == nil {
			env, err := s.population()
			if err != nil {
				c.diags.Report("internal", doc.Range, "%s", err.Error())
				continue
			}
			copied := *s
			copied.env, copied.forms = env, newForms()
			populations[s] = &copied
		}
		p := &personaCompiler{c: c, spec: doc, scope: s, population: populations[s], byKey: map[string]*Statistic{},
			celTypes: map[string]*types.Type{}, sensitive: map[string]source.Range{}}
		if one := p.compile(); one != nil {
			out = append(out, one)
		}
	}
	return out
}

func (c *compiler) reviewDate(doc *spec.Persona) {
	day, err := time.ParseInLocation(time.DateOnly, doc.ReviewBy.Value(), c.settings.Zone)
	if err != nil || c.today.IsZero() || !c.today.After(day.AddDate(0, 0, 1)) {
		return
	}
	c.diags.Report("review-date-passed", doc.ReviewBy.Range(), "Persona %s was to be reviewed by %s", doc.Name.Value(), day.Format("2 January 2006")).
		Detail = "Read it again with the people who know these customers, then move the date."
}

// row checks an expression over one member; nil where it is broken.
func (p *personaCompiler) row(t source.Text, w want, what string) *Expr {
	d := newDraft(t, p.scope, w, what)
	e := p.c.compileDraft(d)
	if e == nil {
		return nil
	}
	for _, r := range d.refs {
		columns := []string(nil)
		if r.to != nil {
			columns = sortedSet(r.to.sensitive)
		} else if col, name := p.scope.column(r.ref); col != nil && col.Sensitive {
			columns = []string{name}
		}
		for _, col := range columns {
			if _, seen := p.sensitive[col]; !seen {
				p.sensitive[col] = d.place(r)
			}
		}
	}
	return e
}

// rowOf checks an expression over one row of evidence; nil where it is broken.
func (p *personaCompiler) rowOf(table *catalog.Table, t source.Text, w want, what string) *Expr {
	s, err := p.c.tableScope(table)
	if err != nil {
		p.c.diags.Report("internal", t.Range(), "%s", err.Error())
		return nil
	}
	return p.c.compileDraft(newDraft(t, s, w, what))
}

// shown is row for what a page shows: personal data may not.
func (p *personaCompiler) shown(t source.Text, what string) *Expr {
	e := p.row(t, aValue, what)
	if e != nil && len(e.Taint.PII) > 0 {
		p.exposes(t.Range(), t.Value(), p.scope.entity, e.Taint.PII)
		return nil
	}
	return e
}

// compile checks everything, then builds the formulas once all statistics are known.
func (p *personaCompiler) compile() *Persona {
	doc := p.spec
	out := &Persona{Spec: doc, Name: doc.Name.Value(), Entity: p.scope.entity, Templates: map[source.Range]*Template{},
		Claims: map[source.Range]*Formula{}, Measures: map[source.Range]*Formula{}, Breakdowns: map[source.Range]*Expr{}}
	if !doc.Who.IsZero() {
		out.Who = p.row(doc.Who.Text, aCondition, "Who persona "+out.Name+" stands for")
	}
	var finish []func(build func(*formulaDraft) *Formula)
	for _, t := range templatesOf(doc) {
		if one := p.template(t.Text); one != nil {
			finish = append(finish, func(build func(*formulaDraft) *Formula) { out.Templates[t.Range()] = one(build) })
		}
	}
	for _, h := range claimsOf(doc) {
		if f := p.claim(h.Text); f != nil {
			finish = append(finish, func(build func(*formulaDraft) *Formula) { out.Claims[h.Range()] = build(f) })
		}
	}
	for _, m := range measuresOf(doc) {
		if f := p.measure(m.Text, aDecimal, "A place between two poles"); f != nil {
			finish = append(finish, func(build func(*formulaDraft) *Formula) { out.Measures[m.Range()] = build(f) })
		}
	}
	p.pictures(out)
	p.purpose()
	env, err := celenv.Formula(p.celTypes, nil)
	if err != nil {
		p.c.diags.Report("internal", doc.Range, "%s", err.Error())
		return nil
	}
	for _, f := range finish {
		f(func(d *formulaDraft) *Formula { return p.rewrite(env, d) })
	}
	if out.Who == nil {
		return nil
	}
	out.Statistics = p.stats
	if !p.c.verdict {
		out.Digest = p.digest(out)
	}
	return out
}

// template checks a text with values in it, and says how it is built; nil where
// there is no text, or a broken one.
func (p *personaCompiler) template(t source.Text) func(build func(*formulaDraft) *Formula) *Template {
	if t.IsZero() {
		return nil
	}
	literals, holes, ok := splitTemplate(t, &p.c.diags)
	var drafts []*formulaDraft
	for _, h := range holes {
		if strings.TrimSpace(h.Value()) == "" {
			continue // reported
		}
		f := p.measure(h, aText, "This")
		drafts, ok = append(drafts, f), ok && f != nil
	}
	if !ok {
		return nil
	}
	return func(build func(*formulaDraft) *Formula) *Template {
		one := &Template{Text: t, Literals: literals}
		for _, f := range drafts {
			one.Holes = append(one.Holes, build(f))
		}
		return one
	}
}

// purpose asks why sensitive columns are used, once a persona.
func (p *personaCompiler) purpose() {
	if len(p.sensitive) == 0 || p.spec.Purpose.Value() != "" {
		return
	}
	columns := anyKeys(p.sensitive)
	first := p.sensitive[columns[0]]
	for _, c := range columns {
		if p.sensitive[c].Less(first) {
			first = p.sensitive[c]
		}
	}
	p.c.needsPurpose("Persona "+p.spec.Name.Value(), columns, first)
}

func (p *personaCompiler) digest(out *Persona) string {
	parts := []string{"persona", out.Entity, out.Who.Digest, canonicalOf(p.spec)}
	for _, s := range p.stats {
		parts = append(parts, s.Func, fmt.Sprint(s.Param))
		if s.Evidence != nil {
			parts = append(parts, "evidence", s.Evidence.Name)
		}
		if s.Arg != nil {
			parts = append(parts, s.Arg.Digest)
			parts = append(parts, p.scope.refDigests(s.Arg)...)
		}
	}
	return digestOf(append(parts, p.scope.refDigests(out.Who)...)...)
}

// refDigests gives the digests of the rules that an expression names.
func (s *scope) refDigests(e *Expr) []string {
	var out []string
	for _, r := range e.Refs {
		if n := s.node(r); n != nil {
			out = append(out, n.rule.Digest)
		}
	}
	return out
}

// example is a condition that a message can show.
func (p *personaCompiler) example() string {
	for _, name := range anyKeys(p.scope.fields) {
		if f := p.scope.fields[name]; f.Type.Kind == catalog.Int || f.Type.Kind == catalog.Double {
			return p.scope.entity + "." + name + " > 0"
		}
	}
	return "has(" + p.entityExample() + ")"
}

func (p *personaCompiler) entityExample() string { return (&draft{scope: p.scope}).entityExample() }
