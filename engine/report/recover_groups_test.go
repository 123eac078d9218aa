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
	"personae/engine/results"
	"personae/engine/source"
)

// A small world of three segments, a, b and c, of others made from them, and of a
// persona. An atom is who is in which of the three: bit 0 is a.
type world struct {
	atoms [8]int64
	b     *builder
	e     *compile.Entity
	found *results.EntityResults
	made  []string // the rules of the other segments
}

// who gives the atoms of a rule over a, b and c in brackets-free CEL.
func who(rule string) []int {
	var out []int
	for atom := range 8 {
		in := func(literal string) bool {
			name, is := strings.CutPrefix(literal, "!")
			bit := map[string]int{"segment.a": 1, "segment.b": 2, "segment.c": 4}[name]
			return (atom&bit != 0) != is
		}
		all := !strings.Contains(rule, "||")
		result := all
		for _, literal := range strings.FieldsFunc(rule, func(r rune) bool { return r == '&' || r == '|' || r == ' ' }) {
			if all {
				result = result && in(literal)
			} else {
				result = result || in(literal)
			}
		}
		if result {
			out = append(out, atom)
		}
	}
	return out
}

// short is a rule's name: of segment.a it is a.
func short(rule string) string {
	if len(rule) == len("segment.a") {
		return rule[len(rule)-1:]
	}
	return rule
}

func long(name string) string {
	if len(name) == 1 {
		return "segment." + name
	}
	return name
}

func (w *world) sum(atoms []int) int64 {
	var n int64
	for _, a := range atoms {
		n += w.atoms[a]
	}
	return n
}

var madeRules = []string{"", "segment.a && segment.b", "segment.a && !segment.b", "segment.a || segment.b", "!segment.a", "segment.b && segment.c", "segment.a && segment.b && segment.c", "segment.b || segment.c"}

func drawWorld(t *rapid.T, env *cel.Env) *world {
	w := &world{e: &compile.Entity{Name: "customer"}, found: &results.EntityResults{Entity: "customer"}}
	for i := range w.atoms {
		w.atoms[i] = rapid.SampledFrom([]int64{0, 1, 3, 4, 5, 6, 9, 30, 200}).Draw(t, "people")
		w.found.Population += w.atoms[i]
	}
	rules := []string{"segment.a", "segment.b", "segment.c"}
	if rule := rapid.SampledFrom(madeRules).Draw(t, "made"); rule != "" {
		rules, w.made = append(rules, rule), append(w.made, rule)
	}
	persona := "segment.b"
	if w.made == nil { // what follows from a made segment and a persona together is not looked for
		persona = rapid.SampledFrom([]string{"segment.a && segment.c", "segment.b", "segment.c && !segment.b"}).Draw(t, "persona")
	}
	checked, issues := env.Compile(persona)
	if issues.Err() != nil {
		t.Fatal(issues.Err())
	}
	for _, rule := range rules {
		w.found.Groups = append(w.found.Groups, results.Group{Kind: results.Segment, Name: short(rule), Members: w.sum(who(rule))})
	}
	for i, x := range rules {
		for _, y := range rules[i+1:] {
			both := w.sum(intersect(who(x), who(y)))
			w.found.Overlaps = append(w.found.Overlaps, results.Overlap{A: short(x), B: short(y), Both: both})
		}
	}
	w.found.Groups = append(w.found.Groups, results.Group{Kind: results.Persona, Name: persona, Members: w.sum(who(persona))})
	w.b = &builder{min: 5, givesAway: map[results.GroupKey]hidden{}, delicate: map[[2]string]bool{}}
	w.b.Words = plainWords{}
	w.b.Rules = &compile.RuleSet{Personas: []*compile.Persona{{Name: persona, Entity: "customer", Who: &compile.Expr{AST: checked, Written: checked, Text: source.Plain(persona, source.Range{})}}}}
	for _, rule := range rules {
		checked, _ := env.Compile(rule)
		w.e.Rules = append(w.e.Rules, &compile.Rule{Kind: compile.SegmentRule, Name: short(rule), Expr: &compile.Expr{AST: checked, Written: checked, Text: source.Plain(rule, source.Range{})}})
	}
	w.b.givesAway = w.b.related(w.e, w.found)
	return w
}

func intersect(x, y []int) []int {
	var out []int
	for _, a := range x {
		if slices.Contains(y, a) {
			out = append(out, a)
		}
	}
	return out
}

// published tells the attacker every number of the world's report.
func (w *world) published(a *system) {
	know := func(n Number, atoms []int) {
		if !n.Hidden && n.Value != nil {
			a.know(int64(math.Round(*n.Value)), atoms...)
		}
	}
	know(w.b.count(w.found.Population, shown), []int{0, 1, 2, 3, 4, 5, 6, 7})
	var list []Segment
	for _, g := range w.found.Groups {
		rule := long(g.Name)
		h := w.b.groupHidden(g, w.found.Population)
		know(w.b.count(g.Members, h), who(rule))
		if strings.Contains(rule, "&&") && g.Kind == results.Segment {
			s := Segment{Name: g.Name, Entity: "customer", Size: Size{Members: w.b.count(g.Members, h)}}
			s.Clauses = w.b.clauseTable(w.clauses(rule), g, w.found.Population, h)
			list = append(list, s)
		} else if g.Kind == results.Segment {
			list = append(list, Segment{Name: g.Name, Entity: "customer", Size: Size{Members: w.b.count(g.Members, h)}})
		}
	}
	w.b.shareClauses(list)
	for _, s := range list {
		left := []int{0, 1, 2, 3, 4, 5, 6, 7}
		for i, c := range s.Clauses {
			left = intersect(left, who(c.Expression))
			know(c.Alone, who(c.Expression))
			know(c.Left, left)
			know(c.OnlyThis, w.only(s.Clauses, i))
		}
	}
	for _, o := range w.b.overlaps(w.found) {
		know(o.Both, intersect(who(long(o.A)), who(long(o.B))))
	}
}

// only are those for whom all conditions hold but one.
func (w *world) only(list []Clause, not int) []int {
	var out []int
	for atom := range 8 {
		all := true
		for i, c := range list {
			all = all && slices.Contains(who(c.Expression), atom) != (i == not)
		}
		if all {
			out = append(out, atom)
		}
	}
	return out
}

func (w *world) clauses(rule string) results.ClauseTable {
	table := results.ClauseTable{Group: rule}
	left := []int{0, 1, 2, 3, 4, 5, 6, 7}
	var list []Clause
	for _, text := range strings.Split(rule, " && ") {
		left = intersect(left, who(text))
		table.Clauses = append(table.Clauses, results.Clause{Text: text, Alone: w.sum(who(text)), Left: w.sum(left)})
		list = append(list, Clause{Expression: text})
	}
	for i := range list {
		table.Clauses[i].OnlyThis = w.sum(w.only(list, i))
	}
	return table
}

// Nobody can work out a small group from all that is published of segments
// together: sizes, overlaps, tables of conditions and personas, whose rules are
// published too.
func TestSmallGroupsCannotBeWorkedOutOfSegments(t *testing.T) {
	env, err := cel.NewEnv(cel.Variable("segment", cel.MapType(cel.StringType, cel.BoolType)))
	if err != nil {
		t.Fatal(err)
	}
	solved, hiddenGroups := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, env)
		if w.found.Population < 5 {
			return
		}
		a := &system{variables: 8}
		w.published(a)
		hiddenGroups += len(w.b.givesAway)
		pivots := a.reduce()
		for _, target := range targets() {
			n, known := a.tells(pivots, who(target)...)
			if !known {
				continue
			}
			solved++
			if truth := w.sum(who(target)); n != truth {
				t.Fatalf("the attack is wrong: %s is %d, not %d", target, truth, n)
			}
			if n > 0 && n < 5 {
				t.Fatalf("%s: %d people can be worked out of %v, made %q; hidden: %v", target, n, w.atoms, w.made, w.b.givesAway)
			}
		}
	})
	if solved == 0 || hiddenGroups == 0 {
		t.Errorf("%d groups were worked out, %d hidden because of others", solved, hiddenGroups)
	}
}

// targets are the groups that an attacker is after: who is in one, and in or not
// in another.
func targets() []string {
	var out []string
	names := []string{"segment.a", "segment.b", "segment.c"}
	for i, x := range names {
		for _, no := range []string{"", "!"} {
			out = append(out, no+x)
			for _, y := range names[i+1:] {
				out = append(out, fmt.Sprintf("%s%s && %s", no, x, y), fmt.Sprintf("%s%s && !%s", no, x, y))
			}
		}
	}
	return out
}
