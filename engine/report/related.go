package report

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"cel.dev/cel-go/common/ast"

	"personae/engine/compile"
	"personae/engine/plan"
	"personae/engine/results"
)

// Sizes of groups are published, and so are their rules: who knows that one group
// lies in another knows their difference. Where that is a small group, one of the
// two is hidden.

// related finds the segments of an entity that would give a smaller group away by
// what others show: the inner one of two that lie in each other, the smaller one of
// two that are everyone but few, and one that says how two others lie in each other
// where a part of these is small. What a persona stands for is kept where it can be.
func (b *builder) related(e *compile.Entity, found *results.EntityResults) map[results.GroupKey]hidden {
	out := map[results.GroupKey]hidden{}
	kept := b.inPersonas(e, found, out)
	w := b.standing(found, nil)
	b.toldByPersonas(e, found, out)
	for i, x := range w.list {
		for j := i + 1; j < len(w.list); j++ {
			y := w.list[j]
			if out[x.Key()] != shown || out[y.Key()] != shown {
				continue
			}
			inner := w.both[i][j] == x.Members && b.small(y.Members-x.Members)
			rest := w.both[i][j] == 0 && b.small(found.Population-x.Members-y.Members)
			switch {
			case !inner && !rest:
			case kept[x.Name] && !kept[y.Name]:
				out[y.Key()] = secondary
			default:
				out[x.Key()] = secondary
			}
		}
	}
	for i, x := range w.list {
		for j := i + 1; j < len(w.list); j++ {
			n, y := w.both[i][j], w.list[j]
			if b.small(n) || b.small(x.Members-n) || b.small(y.Members-n) || b.small(found.Population-x.Members-y.Members+n) {
				b.delicate[[2]string{x.Name, y.Name}], b.delicate[[2]string{y.Name, x.Name}] = true, true
				w.explains(i, j, found.Population, out)
			}
		}
	}
	w.others(found.Population, out)
	for _, p := range b.Rules.Personas { // of the same people
		if names := segmentsOf(p.Who); p.Entity == e.Name && len(names) == 1 && len(plan.Conjuncts(p.Who.AST)) == 1 &&
			out[results.GroupKey{Kind: results.Segment, Name: names[0]}] != shown {
			out[results.GroupKey{Kind: results.Persona, Name: p.Name}] = secondary
		}
	}
	return out
}

func (b *builder) small(n int64) bool { return n > 0 && n < b.min }

// standing are the segments whose size is shown, the smallest first, so that what is
// hidden is as little as can be, and how many each two have in common.
type standing struct {
	list []results.Group
	at   map[string]int
	both [][]int64
}

func (b *builder) standing(found *results.EntityResults, gone map[results.GroupKey]hidden) *standing {
	w := &standing{at: map[string]int{}}
	for _, g := range found.Groups {
		if g.Kind == results.Segment && b.groupHidden(g, found.Population) == shown && gone[g.Key()] == shown {
			w.list = append(w.list, g)
		}
	}
	slices.SortStableFunc(w.list, func(x, y results.Group) int {
		return cmp.Or(cmp.Compare(x.Members, y.Members), cmp.Compare(x.Name, y.Name))
	})
	for i, g := range w.list {
		w.at[g.Name] = i
		w.both = append(w.both, make([]int64, len(w.list)))
	}
	for _, o := range found.Overlaps {
		i, okA := w.at[o.A]
		j, okB := w.at[o.B]
		if okA && okB {
			w.both[i][j], w.both[j][i] = o.Both, o.Both
		}
	}
	return w
}

// explains hides the groups whose size says how many two others have in common:
// their common part, what one of them has alone, both together, and none of them.
func (w *standing) explains(i, j int, population int64, out map[results.GroupKey]hidden) {
	x, y, n := w.list[i].Members, w.list[j].Members, w.both[i][j]
	if out[w.list[i].Key()] != shown || out[w.list[j].Key()] != shown {
		return
	}
	for k, z := range w.list {
		inX, inY := w.both[i][k], w.both[j][k]
		switch {
		case k == i || k == j:
		case z.Members == n && inX == n && inY == n,
			z.Members == x-n && inX == x-n && inY == 0,
			z.Members == y-n && inX == 0 && inY == y-n,
			z.Members == x+y-n && inX == x && inY == y,
			z.Members == population-x-y+n && inX == 0 && inY == 0:
			out[z.Key()] = secondary
		}
	}
}

// others hides what is the same as a hidden group, or all but it.
func (w *standing) others(population int64, out map[results.GroupKey]hidden) {
	for changed := true; changed; {
		changed = false
		for i, x := range w.list {
			for j, y := range w.list {
				same := w.both[i][j] == x.Members && x.Members == y.Members
				rest := w.both[i][j] == 0 && x.Members+y.Members == population
				if i != j && out[x.Key()] != shown && out[y.Key()] == shown && (same || rest) {
					out[y.Key()], changed = secondary, true
				}
			}
		}
	}
}

// betrays says whether what two segments have in common, or what one has alone, is
// another segment but for few.
func (w *standing) betrays(a, b string, min int64) bool {
	i, okA := w.at[a]
	j, okB := w.at[b]
	if !okA || !okB {
		return false
	}
	n := w.both[i][j]
	return w.nearly(n, min, i, j, true, true) ||
		w.nearly(w.list[i].Members-n, min, i, j, true, false) || w.nearly(w.list[j].Members-n, min, i, j, false, true)
}

// nearly finds a segment that lies in two others, or in one and outside of the
// other, and has few less than that part of them.
func (w *standing) nearly(part, min int64, i, j int, inI, inJ bool) bool {
	k := sort.Search(len(w.list), func(k int) bool { return w.list[k].Members > part-min })
	for ; k < len(w.list) && w.list[k].Members < part; k++ {
		lies := func(at int, in bool) bool {
			if in {
				return w.both[at][k] == w.list[k].Members
			}
			return w.both[at][k] == 0
		}
		if k != i && k != j && lies(i, inI) && lies(j, inJ) {
			return true
		}
	}
	return false
}

// inPersonas hides segments of which a persona leaves out few, and those that leave
// out few of a persona. It gives the segments that personas stand for.
func (b *builder) inPersonas(e *compile.Entity, found *results.EntityResults, out map[results.GroupKey]hidden) map[string]bool {
	kept := map[string]bool{}
	for _, p := range b.Rules.Personas {
		if p.Entity != e.Name {
			continue
		}
		members, ok := group(found, results.Persona, p.Name, "")
		if !ok || b.groupHidden(members, found.Population) != shown {
			continue
		}
		if names := segmentsOf(p.Who); len(names) == 1 && len(plan.Conjuncts(p.Who.AST)) == 1 {
			kept[names[0]] = true
		}
		mine := b.conditions(e, p.Who, nil)
		for _, g := range found.Groups {
			if g.Kind != results.Segment || b.groupHidden(g, found.Population) != shown {
				continue
			}
			theirs := map[string]bool{"segment." + g.Name: true}
			for _, rule := range e.Rules {
				if rule.Kind == compile.SegmentRule && rule.Name == g.Name && rule.Leave == nil {
					theirs = b.conditions(e, rule.Expr, theirs)
				}
			}
			if within(mine, theirs, "segment."+g.Name) && b.small(g.Members-members.Members) ||
				within(theirs, mine, "") && b.small(members.Members-g.Members) {
				out[g.Key()] = secondary
			}
		}
	}
	return kept
}

// toldByPersonas hides segments where a persona for whom two conditions about them
// are true says what few people have of one condition and not of the other, or of
// none.
func (b *builder) toldByPersonas(e *compile.Entity, found *results.EntityResults, out map[results.GroupKey]hidden) {
	for _, p := range b.Rules.Personas {
		members, ok := group(found, results.Persona, p.Name, "")
		texts := plan.ConjunctTexts(p.Who)
		if !ok || p.Entity != e.Name || len(texts) != 2 || b.groupHidden(members, found.Population) != shown {
			continue
		}
		var true2 [2]int64 // for how many each is true
		var about [2]results.Group
		for i, text := range texts {
			text, not := strings.CutPrefix(strings.Join(strings.Fields(text), ""), "!")
			g, is := group(found, results.Segment, strings.TrimPrefix(text, "segment."), "")
			if about[i], true2[i] = g, g.Members; not {
				true2[i] = found.Population - g.Members
			}
			ok = ok && is && strings.HasPrefix(text, "segment.")
		}
		if !ok {
			continue
		}
		if b.small(true2[0]-members.Members) || b.small(found.Population-true2[0]-true2[1]+members.Members) {
			out[about[0].Key()] = secondary
		}
		if b.small(true2[1] - members.Members) {
			out[about[1].Key()] = secondary
		}
	}
}

// conditions are what has to be true of everyone in a group, as written without
// spaces; a segment's own conditions stand beside its name.
func (b *builder) conditions(e *compile.Entity, x *compile.Expr, into map[string]bool) map[string]bool {
	if into == nil {
		into = map[string]bool{}
	}
	for _, text := range plan.ConjunctTexts(x) {
		if text = strings.Join(strings.Fields(text), ""); text == "" {
			text = "?" + x.Digest // it cannot be told from the others of this rule
		}
		if into[text] {
			continue
		}
		into[text] = true
		for _, rule := range e.Rules {
			if rule.Kind == compile.SegmentRule && "segment."+rule.Name == text && rule.Leave == nil {
				b.conditions(e, rule.Expr, into)
			}
		}
	}
	return into
}

// within says whether everyone of a group is in another: all its conditions are
// among those of the first, but for the other's own name.
func within(inner, outer map[string]bool, name string) bool {
	if name != "" && inner[name] {
		return true
	}
	for text := range outer {
		if text != name && !inner[text] {
			return false
		}
	}
	return len(outer) > 1 || name == ""
}

// segmentsOf names the segments that everyone is in for whom a condition is true.
func segmentsOf(x *compile.Expr) []string {
	var out []string
	for _, part := range plan.Conjuncts(x.AST) {
		if part.Kind() != ast.SelectKind {
			continue
		}
		s := part.AsSelect()
		if s.Operand().Kind() == ast.IdentKind && s.Operand().AsIdent() == "segment" && !s.IsTestOnly() {
			out = append(out, s.FieldName())
		}
	}
	return out
}

// firstOf hides a group of a segmentation that is a segment without those of the
// groups before it, where these are few of the segment.
func (b *builder) firstOf(rule *compile.Rule, groups []results.Group, found *results.EntityResults) []hidden {
	out := make([]hidden, len(groups)+1)
	for i, rung := range rule.Rungs {
		for _, name := range segmentsOf(rung.When) {
			g, ok := group(found, results.Segment, name, "")
			if ok && len(plan.Conjuncts(rung.When.AST)) == 1 && b.groupHidden(g, found.Population) == shown && b.small(g.Members-groups[i].Members) {
				out[i] = secondary
			}
		}
	}
	return out
}
