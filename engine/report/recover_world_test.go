package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"cel.dev/cel-go/cel"
	"pgregory.net/rapid"

	"personae/engine/compile"
	"personae/engine/plan"
	"personae/engine/results"
	"personae/engine/source"
	"personae/engine/spec"
)

// A small world: conditions that everybody fulfils or not, segments made from these
// and from each other, a segmentation, personas and an export. An atom are all for
// whom the same conditions are true; in some worlds there are people for whom nobody can
// tell of a condition.
type world struct {
	env     *cel.Env
	people  []int64          // by atom
	facts   []map[string]any // by atom: conditions, without those that cannot be told
	groups  map[string]outcomesOf
	decided map[*compile.Expr][]outcomesOf // conditions of rules
	e       *compile.Entity
	found   *results.EntityResults
	b       *builder
	rules   []string // to be read in failures
}

// outcomesOf are the atoms for which a rule is true, and for which it is false.
type outcomesOf struct{ yes, no []int }

func worldEnv(t *testing.T) *cel.Env {
	options := []cel.EnvOption{cel.Variable("customer", cel.MapType(cel.StringType, cel.DynType))}
	for _, name := range []string{"a", "b", "c", "d", "e"} { // as celenv declares them
		options = append(options, cel.Variable("segment."+name, cel.BoolType))
	}
	options = append(options, cel.Variable("segmentation.divided", cel.StringType))
	env, err := cel.NewEnv(options...)
	if err != nil {
		t.Fatal(err)
	}
	return env
}

func newWorld(env *cel.Env) *world {
	w := &world{env: env, groups: map[string]outcomesOf{}, decided: map[*compile.Expr][]outcomesOf{}, e: &compile.Entity{Name: "customer"},
		found: &results.EntityResults{Entity: "customer"}, b: &builder{min: 5, gone: map[string]map[place]hidden{}}}
	w.b.Words, w.b.Rules = plainWords{}, &compile.RuleSet{Module: &spec.Module{}}
	return w
}

func drawWorld(t *rapid.T, env *cel.Env) *world {
	w := newWorld(env)
	rs, literals := w.b.Rules, w.drawPeople(t)
	for i := range rapid.IntRange(2, 5).Draw(t, "segments") {
		name := string(rune('a' + i))
		w.segment(name, drawRule(t, literals))
		literals = append(literals, "segment."+name)
	}
	w.pairs()
	if rapid.Bool().Draw(t, "divided") {
		w.segmentation([]string{drawRule(t, literals), drawRule(t, literals)})
		literals = append(literals, "(segmentation.divided == 'rung1')", "(segmentation.divided in ['rung0', 'others'])")
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "personas") {
		name := fmt.Sprint("persona", i)
		x := w.rule(name, drawRule(t, literals))
		p := &compile.Persona{Name: name, Entity: "customer", Who: x, Charts: []*compile.Chart{chart("p", 1), chart("city", 2)}}
		rs.Personas = append(rs.Personas, p)
		w.found.Groups = append(w.found.Groups, w.group(results.Persona, name, ""))
		if rapid.Bool().Draw(t, "asked") {
			w.share(p, drawRule(t, literals))
		}
	}
	w.draws(rs)
	if rapid.Bool().Draw(t, "audience") {
		x, may := w.rule("export", drawRule(t, literals)), w.rule("may", drawRule(t, literals))
		rs.Exports = append(rs.Exports, &compile.Export{Name: "export", Entity: "customer", Who: x, Contactable: may, Spec: &spec.Export{}})
		g := w.group(results.OfExport, "export", "")
		asked := w.groups["export"].yes
		w.found.Exports = append(w.found.Exports, results.Export{Name: "export", Members: g.Members, Unknown: g.Unknown,
			Contactable: w.sum(intersect(asked, w.groups["may"].yes)),
			Unclear:     g.Members - w.sum(intersect(asked, w.groups["may"].yes)) - w.sum(intersect(asked, w.groups["may"].no))})
	}
	w.b.gone["customer"] = w.b.audited(w.e, w.found)
	return w
}

// cities are what people of some worlds have one of; the first is none.
var cities = []string{"", "x", "y", "z"}

// drawPeople makes atoms, and gives the conditions that rules are made from.
func (w *world) drawPeople(t *rapid.T) []string {
	var literals []string
	names, outcomes, towns := []string{"p", "q", "r", "s"}, 2, cities[:1]
	switch rapid.IntRange(0, 2).Draw(t, "kind") {
	case 1:
		names, outcomes = names[:3], 3
	case 2:
		names, towns = names[:3], cities
		literals = append(literals, "customer.city == 'x'", "(customer.city == \"y\")")
	}
	for range int(math.Pow(float64(outcomes), float64(len(names)))) * len(towns) {
		w.people = append(w.people, rapid.SampledFrom([]int64{0, 0, 1, 3, 4, 5, 6, 9, 30, 200}).Draw(t, "people"))
	}
	w.peopled(names, outcomes, towns, w.people)
	for _, n := range names {
		literals = append(literals, "customer."+n)
	}
	return literals
}

// peopled makes the atoms of conditions of two outcomes, or of three where somebody
// cannot be told, in each town: so many people each.
func (w *world) peopled(names []string, outcomes int, towns []string, people []int64) {
	w.people = people
	for atom, n := range people {
		fact := map[string]any{"city": towns[atom%len(towns)]}
		atom /= len(towns)
		for _, name := range names {
			if atom%outcomes < 2 {
				fact[name] = atom%outcomes == 1
			}
			atom /= outcomes
		}
		w.facts = append(w.facts, fact)
		w.found.Population += n
	}
}

// drawRule joins one to three literals.
func drawRule(t *rapid.T, literals []string) string {
	var parts []string
	for range rapid.IntRange(1, 3).Draw(t, "parts") {
		x := rapid.SampledFrom([]string{"", "!"}).Draw(t, "not") + rapid.SampledFrom(literals).Draw(t, "literal")
		if !slices.Contains(parts, x) {
			parts = append(parts, x)
		}
	}
	operators := []string{" && ", " && ", " || "}
	for i, x := range parts {
		if strings.HasPrefix(x, "!customer.city") {
			parts[i] = "!(" + x[1:] + ")"
		}
	}
	if len(parts) == 3 && rapid.Bool().Draw(t, "mixed") {
		return parts[0] + " && (" + parts[1] + " || " + parts[2] + ")"
	}
	return strings.Join(parts, rapid.SampledFrom(operators).Draw(t, "operator"))
}

// rule decides a rule for each atom, as CEL does.
func (w *world) rule(name, rule string) *compile.Expr {
	w.rules = append(w.rules, name+": "+rule)
	checked, issues := w.env.Compile(rule)
	if issues.Err() != nil {
		panic(issues.Err())
	}
	w.groups[name] = w.decide(checked)
	return &compile.Expr{AST: checked, Written: checked, Text: source.Plain(rule, source.Range{}), Digest: rule}
}

func (w *world) decide(checked *cel.Ast) outcomesOf {
	program, err := w.env.Program(checked)
	if err != nil {
		panic(err)
	}
	var out outcomesOf
	for atom, fact := range w.facts {
		row := map[string]any{"customer": fact}
		for name, o := range w.groups {
			if group, is := strings.CutPrefix(name, "divided."); is {
				if slices.Contains(o.yes, atom) {
					row["segmentation.divided"] = group
				}
				continue
			}
			if slices.Contains(o.yes, atom) || slices.Contains(o.no, atom) {
				row["segment."+name] = slices.Contains(o.yes, atom)
			}
		}
		v, _, err := program.Eval(row)
		switch {
		case err != nil: // it cannot be told
		case v.Value() == true:
			out.yes = append(out.yes, atom)
		default:
			out.no = append(out.no, atom)
		}
	}
	return out
}

func (w *world) group(kind results.GroupKind, name, parent string) results.Group {
	o := w.groups[name]
	return results.Group{Kind: kind, Name: name, Parent: parent, Members: w.sum(o.yes), Unknown: w.found.Population - w.sum(o.yes) - w.sum(o.no)}
}

func (w *world) segment(name, rule string) {
	x := w.rule(name, rule)
	w.e.Rules = append(w.e.Rules, &compile.Rule{Kind: compile.SegmentRule, Name: name, Expr: x})
	w.found.Groups = append(w.found.Groups, w.group(results.Segment, name, ""))
	table := results.ClauseTable{Group: name}
	for i, each := range w.conditions(x) {
		table.Clauses = append(table.Clauses, results.Clause{Alone: w.sum(each.yes), Unknown: w.sum(w.unknown(each)),
			Left: w.sum(w.left(x, i)), OnlyThis: w.sum(w.only(x, i))})
	}
	w.found.Clauses = append(w.found.Clauses, table)
}

// conditions decides each condition of a rule.
func (w *world) conditions(x *compile.Expr) []outcomesOf {
	if out, done := w.decided[x]; done {
		return out
	}
	var out []outcomesOf
	for _, text := range plan.ConjunctTexts(x) {
		checked, issues := w.env.Compile(text)
		if issues.Err() != nil {
			panic(issues.Err())
		}
		out = append(out, w.decide(checked))
	}
	w.decided[x] = out
	return out
}

func (w *world) unknown(o outcomesOf) []int {
	var out []int
	for atom := range w.people {
		if !slices.Contains(o.yes, atom) && !slices.Contains(o.no, atom) {
			out = append(out, atom)
		}
	}
	return out
}

func (w *world) everyone() []int { return w.unknown(outcomesOf{}) }

// left are those for whom a condition and all before it are true.
func (w *world) left(x *compile.Expr, at int) []int {
	out := w.everyone()
	for _, o := range w.conditions(x)[:at+1] {
		out = intersect(out, o.yes)
	}
	return out
}

// only are those for whom all conditions hold but one.
func (w *world) only(x *compile.Expr, at int) []int {
	out := w.everyone()
	for i, o := range w.conditions(x) {
		if i == at {
			o.yes = o.no
		}
		out = intersect(out, o.yes)
	}
	return out
}

func (w *world) pairs() {
	for i, x := range w.e.Rules {
		for _, y := range w.e.Rules[i+1:] {
			both := w.sum(intersect(w.groups[x.Name].yes, w.groups[y.Name].yes))
			w.found.Overlaps = append(w.found.Overlaps, results.Overlap{A: x.Name, B: y.Name, Both: both})
		}
	}
}

// segmentation adds groups of which the first that fits takes somebody.
func (w *world) segmentation(list []string) {
	rule := &compile.Rule{Kind: compile.SegmentationRule, Name: "divided", Otherwise: "others"}
	table := results.ClauseTable{Group: rule.Name}
	open := w.everyone()
	var taken [][]int
	for i, text := range list {
		name := fmt.Sprint("rung", i)
		x := w.rule(name, text)
		o := w.groups[name]
		c := results.Clause{Alone: w.sum(o.yes), Unknown: w.sum(w.unknown(o))}
		for _, atoms := range taken {
			c.Lost = append(c.Lost, w.sum(intersect(o.yes, atoms)))
			c.Unclear += w.sum(intersect(o.yes, atoms))
		}
		mine := intersect(open, o.yes)
		c.Unclear = c.Alone - w.sum(mine) - c.Unclear
		rule.Rungs = append(rule.Rungs, compile.Rung{Name: name, When: x})
		table.Clauses = append(table.Clauses, c)
		w.groups["divided."+name] = outcomesOf{yes: mine}
		taken, open = append(taken, mine), intersect(open, o.no)
	}
	w.groups["divided.others"] = outcomesOf{yes: open}
	unknown := w.everyone()
	for _, name := range []string{"rung0", "rung1", "others"} {
		unknown = slices.DeleteFunc(unknown, func(a int) bool { return slices.Contains(w.groups["divided."+name].yes, a) })
	}
	for _, name := range []string{"rung0", "rung1", "others"} {
		w.found.Groups = append(w.found.Groups, results.Group{Kind: results.Segmentation, Name: name, Parent: rule.Name, Members: w.sum(w.groups["divided."+name].yes), Unknown: w.sum(unknown)})
	}
	w.e.Rules, w.found.Clauses = append(w.e.Rules, rule), append(w.found.Clauses, table)
}

func chart(of string, line int) *compile.Chart {
	at := source.Range{Start: source.Pos{Line: line}}
	return &compile.Chart{Of: &compile.Expr{Text: source.Plain("customer."+of, at)}, Spec: &spec.Chart{}}
}

// draws counts what the charts of personas show: of whom a condition is true, and
// where they live.
func (w *world) draws(rs *compile.RuleSet) {
	p := results.Binned{Name: "p", Kind: results.YesNo, Counts: map[results.GroupKey][]int64{}}
	city := results.Binned{Name: "city", Kind: results.Values, Values: cities[1:], Counts: map[results.GroupKey][]int64{}}
	p.Everyone, city.Everyone = w.bins(w.everyone())
	w.found.Insight = &results.Insight{Pictures: map[results.PictureKey]int{}}
	for _, persona := range rs.Personas {
		key := results.GroupKey{Kind: results.Persona, Name: persona.Name}
		p.Counts[key], city.Counts[key] = w.bins(w.groups[persona.Name].yes)
		for i, c := range persona.Charts {
			w.found.Insight.Pictures[results.PictureKey{Persona: persona.Name, Place: c.Of.Text.Range()}] = i
		}
	}
	w.found.Insight.Attributes = []results.Binned{p, city}
}

func (w *world) bins(of []int) (p, city []int64) {
	p, city = make([]int64, 3), make([]int64, 5)
	for _, atom := range of {
		switch w.facts[atom]["p"] {
		case nil:
			p[0] += w.people[atom]
		case false:
			p[1] += w.people[atom]
		default:
			p[2] += w.people[atom]
		}
		city[slices.Index(cities, w.facts[atom]["city"].(string))] += w.people[atom]
	}
	return p, city
}

// share measures for how many of a persona a condition is true.
func (w *world) share(p *compile.Persona, rule string) {
	x := w.rule("asked of "+p.Name, rule)
	o, mine := w.groups["asked of "+p.Name], w.groups[p.Name].yes
	p.Statistics = []*compile.Statistic{{ID: "stat_0", Func: "share", Arg: x}}
	yes, no := w.sum(intersect(mine, o.yes)), w.sum(intersect(mine, o.no))
	if w.found.Statistics == nil {
		w.found.Statistics = map[results.StatKey]results.Statistic{}
	}
	w.found.Statistics[results.StatKey{Persona: p.Name, Stat: "stat_0"}] = results.Statistic{
		N: yes + no, Unknown: w.sum(mine) - yes - no, True: yes, EveryoneN: w.sum(o.yes) + w.sum(o.no), EveryoneTrue: w.sum(o.yes)}
}

func (w *world) sum(atoms []int) int64 {
	var n int64
	for _, a := range atoms {
		n += w.people[a]
	}
	return n
}

func intersect(x, y []int) []int {
	return slices.DeleteFunc(slices.Clone(x), func(a int) bool { return !slices.Contains(y, a) })
}
