package report

import (
	"fmt"
	"maps"
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
	env    *cel.Env
	people []int64          // by atom
	facts  []map[string]any // by atom: conditions, without those that cannot be told
	groups map[string]outcomesOf
	e      *compile.Entity
	found  *results.EntityResults
	b      *builder
	rules  []string // to be read in failures
}

// outcomesOf are the atoms for which a rule is true, and for which it is false.
type outcomesOf struct{ yes, no []int }

func worldEnv(t *testing.T) *cel.Env {
	options := []cel.EnvOption{cel.Variable("customer", cel.MapType(cel.StringType, cel.BoolType))}
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

func drawWorld(t *rapid.T, env *cel.Env) *world {
	w := &world{env: env, groups: map[string]outcomesOf{}, e: &compile.Entity{Name: "customer"},
		found: &results.EntityResults{Entity: "customer"}}
	names, outcomes := []string{"p", "q", "r", "s"}, 2
	if rapid.Bool().Draw(t, "doubt") {
		names, outcomes = names[:3], 3
	}
	for atom := range int(math.Pow(float64(outcomes), float64(len(names)))) {
		fact := map[string]any{}
		for _, name := range names {
			if atom%outcomes < 2 {
				fact[name] = atom%outcomes == 1
			}
			atom /= outcomes
		}
		n := rapid.SampledFrom([]int64{0, 0, 1, 3, 4, 5, 6, 9, 30, 200}).Draw(t, "people")
		w.facts, w.people = append(w.facts, fact), append(w.people, n)
		w.found.Population += n
	}
	var literals []string
	for _, n := range names {
		literals = append(literals, "customer."+n)
	}
	rs := &compile.RuleSet{Module: &spec.Module{}}
	w.b = &builder{min: 5, gone: map[string]map[place]hidden{}}
	w.b.Words, w.b.Rules = plainWords{}, rs
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
		rs.Personas = append(rs.Personas, &compile.Persona{Name: name, Entity: "customer", Who: x})
		w.found.Groups = append(w.found.Groups, w.group(results.Persona, name, ""))
	}
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
	return &compile.Expr{AST: checked, Text: source.Plain(rule, source.Range{}), Digest: rule}
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

func (w *world) conditions(x *compile.Expr) []outcomesOf {
	var out []outcomesOf
	for _, text := range plan.ConjunctTexts(x) {
		checked, issues := w.env.Compile(text)
		if issues.Err() != nil {
			panic(issues.Err())
		}
		out = append(out, w.decide(checked))
	}
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

// published tells the attacker every number of the world's report.
func (w *world) published(a *system) {
	know := func(n Number, atoms []int) {
		if !n.Hidden && n.Value != nil {
			a.know(int64(math.Round(*n.Value)), atoms...)
		}
	}
	know(w.b.count(w.found.Population, shown), w.everyone())
	for _, rule := range w.e.Rules {
		if rule.Kind != compile.SegmentRule {
			continue
		}
		g, _ := group(w.found, results.Segment, rule.Name, "")
		know(w.b.size(g, w.found, w.b.groupHidden(g, w.found)).Unknown, w.unknown(w.groups[rule.Name]))
		know(w.b.size(g, w.found, w.b.groupHidden(g, w.found)).Members, w.groups[rule.Name].yes)
		for i, c := range w.b.clauses(rule, g, w.found, w.b.groupHidden(g, w.found)) {
			each := w.conditions(rule.Expr)[i]
			know(c.Alone, each.yes)
			know(c.Unknown, w.unknown(each))
			know(c.Left, w.left(rule.Expr, i))
			know(c.OnlyThis, w.only(rule.Expr, i))
		}
	}
	for _, o := range w.b.overlaps(w.found) {
		know(o.Both, intersect(w.groups[o.A].yes, w.groups[o.B].yes))
	}
	for _, g := range w.found.Groups {
		if g.Kind == results.Persona {
			s := w.b.size(g, w.found, w.b.groupHidden(g, w.found))
			know(s.Members, w.groups[g.Name].yes)
			know(s.Unknown, w.unknown(w.groups[g.Name]))
		}
	}
	for _, x := range w.b.exports(w.e, w.found) {
		know(x.Members, w.groups["export"].yes)
		know(x.Unknown, w.unknown(w.groups["export"]))
		know(x.Contactable, intersect(w.groups["export"].yes, w.groups["may"].yes))
	}
	for _, s := range w.b.segmentations(w.e, w.found) {
		rest := w.everyone()
		for _, g := range s.Groups {
			mine := w.groups["divided."+g.Name].yes
			rest = slices.DeleteFunc(rest, func(a int) bool { return slices.Contains(mine, a) })
			know(g.Size.Members, mine)
			if g.Alone.Text == "" {
				continue
			}
			know(g.Alone, w.groups[g.Name].yes)
			var lost []int
			for _, l := range g.LostTo {
				know(l.Members, intersect(w.groups[g.Name].yes, w.groups["divided."+l.Group].yes))
				lost = append(lost, intersect(w.groups[g.Name].yes, w.groups["divided."+l.Group].yes)...)
			}
			know(g.Lost, lost)
		}
		know(s.Unknown, rest)
	}
}

// Nobody can work out a small group from all that is published of groups together:
// sizes, overlaps, tables of conditions, personas, segmentations and exports, whose
// rules are published too and may be made from each other.
func TestSmallGroupsCannotBeWorkedOutOfSegments(t *testing.T) {
	env := worldEnv(t)
	solved, hiddenPlaces, seen := 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, env)
		if w.found.Population < 5 {
			return
		}
		a := &system{variables: len(w.people)}
		w.published(a)
		seen += len(a.rows)
		for _, h := range w.b.gone["customer"] {
			if h == secondary {
				hiddenPlaces++
			}
		}
		pivots := a.reduce()
		for name, target := range w.targets() {
			n, told := a.tells(pivots, target...)
			if !told {
				continue
			}
			solved++
			if truth := w.sum(target); n != truth {
				t.Fatalf("the attack is wrong: %s is %d, not %d", name, truth, n)
			}
			if n > 0 && n < 5 {
				t.Fatalf("%s: %d people can be worked out of %v\n%s\nhidden: %v", name, n, w.people, strings.Join(w.rules, "\n"), w.b.gone["customer"])
			}
		}
	})
	if solved == 0 || hiddenPlaces == 0 {
		t.Errorf("%d groups were worked out, %d hidden because of others", solved, hiddenPlaces)
	}
	t.Logf("%d numbers shown, %d hidden because of others, %d groups worked out", seen, hiddenPlaces, solved)
}

// targets are the groups that an attacker is after: who is in a group, who is not,
// and of two groups what they have in common, each alone and who is in none.
func (w *world) targets() map[string][]int {
	out := map[string][]int{}
	names := slices.Sorted(maps.Keys(w.groups))
	not := func(x []int) []int { return w.unknown(outcomesOf{yes: x}) }
	for i, x := range names {
		mine := w.groups[x].yes
		out[x], out["not "+x] = mine, not(mine)
		for _, y := range names[i+1:] {
			theirs := w.groups[y].yes
			out[x+" and "+y], out[x+" without "+y] = intersect(mine, theirs), intersect(mine, not(theirs))
			out[y+" without "+x], out["neither "+x+" nor "+y] = intersect(theirs, not(mine)), intersect(not(mine), not(theirs))
		}
	}
	return out
}
