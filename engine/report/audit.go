package report

import (
	"cmp"
	"slices"

	"personae/engine/compile"
	"personae/engine/results"
)

// What one number hides, others may tell: of `a && b` and of `a` a reader knows the
// rules, and so how few people are between the two. The audit does what such
// a reader can do, with all counts of people that a report shows of an entity, and
// hides more of them until nothing small is left to work out. It is the one place
// where a number is hidden because of others, but for the cells of a table that add
// up to a shown total (suppress.go, cells.go, flow.go), which need no rules.
//
// A reader is taken to know all rules, which segments lie in each other and which
// have nobody in common, and to add and subtract. A reader who draws conclusions
// from a hidden number being small, or from shares of few digits, is not modelled.

// place is where a count is shown.
type place struct {
	what  kind
	group results.GroupKey // whose
	other string           // of a pair: the other segment
	at    int              // of a condition: its position
}

// kind says what is counted. Those that say least are hidden first.
type kind uint8

const (
	onlyThis kind = iota // whom one condition alone keeps out
	leftAfter
	cannotTell
	aloneTrue
	lostTo    // of a group of a segmentation: whom the group above, of that position, took
	lostAbove // whom all groups above took
	inBoth
	contactable
	sizeOf
)

// count is a number of people that a report shows, perhaps in several places.
type count struct {
	of     people
	size   int64
	places []place
}

// audit is the work on one entity.
type audit struct {
	*algebra
	b       *builder
	found   *results.EntityResults
	gone    map[place]hidden
	counts  []count
	byShape map[string]int
	facts   []people // of which everybody knows that they are nobody
	rules   []family
	kept    map[results.GroupKey]bool // what personas stand for
}

// family is a rule with what is counted of it. All groups are compared with each
// other, and with the parts of rules that have conditions in common with theirs.
type family struct {
	groups, parts []people
	conditions    map[int32]bool
}

// audited gives the places where numbers must not be shown because of others, and
// those of groups that are too small themselves.
func (b *builder) audited(e *compile.Entity, found *results.EntityResults) map[place]hidden {
	a := &audit{algebra: newAlgebra(e), b: b, found: found, gone: map[place]hidden{}, byShape: map[string]int{}, kept: map[results.GroupKey]bool{}}
	a.add(place{}, people{{everyone, 1}}, found.Population, shown)
	a.collect(e)
	for a.round() {
	}
	return a.gone
}

// add notes a number and where it is shown; h says why it is not.
func (a *audit) add(p place, of people, size int64, h hidden) {
	if h != shown {
		a.gone[p] = h
		return
	}
	shape := of.shape(size)
	i, known := a.byShape[shape]
	if !known {
		i = len(a.counts)
		a.byShape[shape], a.counts = i, append(a.counts, count{of: of, size: size})
	}
	a.counts[i].places = append(a.counts[i].places, p)
}

// visible says whether a number is shown anywhere: what belongs to a hidden group
// is hidden with it, but for how many cannot be told, and what rungs take from others.
func (a *audit) visible(c *count) bool {
	size := func(g results.GroupKey) hidden { return a.gone[place{what: sizeOf, group: g}] }
	return slices.ContainsFunc(c.places, func(p place) bool {
		switch {
		case a.gone[p] != shown:
			return false
		case p.what == cannotTell && p.at < 0, p.group.Kind == results.Segmentation:
			return true
		case p.what == inBoth && size(results.GroupKey{Kind: results.Segment, Name: p.other}) != shown:
			return false
		}
		return size(p.group) == shown
	})
}

// round works out what it can, hides what gives small groups away, and says
// whether it had to.
func (a *audit) round() bool {
	s := &reckoning{rows: map[all]*worked{}}
	for _, f := range a.facts {
		s.learn(f.sum(0, -1))
	}
	for i := range a.counts {
		if a.visible(&a.counts[i]) {
			s.learn(a.counts[i].of.sum(a.counts[i].size, int32(i)))
		}
	}
	again := false
	hiddenNow := map[int32]bool{}
	a.each(func(p people) {
		n, from, ok := s.tells(p)
		if !ok || !a.b.small(n) || slices.ContainsFunc(from, func(t term) bool { return hiddenNow[t.at] }) {
			return
		}
		if i := a.least(from); i >= 0 {
			again, hiddenNow[i] = true, true
			for _, p := range a.counts[i].places {
				a.gone[p] = max(a.gone[p], secondary)
			}
		}
	})
	return again
}

// least is the number whose loss is the smallest; below 0 where there is only
// everyone.
func (a *audit) least(from []term) int32 {
	best := int32(-1)
	for _, t := range from {
		if t.at > 0 && (best < 0 || a.worth(t.at, best) < 0) {
			best = t.at
		}
	}
	return best
}

func (a *audit) worth(x, y int32) int {
	rank := func(i int32) int {
		most := 0
		for _, p := range a.counts[i].places {
			r := 2 * int(p.what)
			if p.what == sizeOf && a.kept[p.group] {
				r++
			}
			most = max(most, r)
		}
		return most
	}
	return cmp.Or(cmp.Compare(rank(x), rank(y)), cmp.Compare(a.counts[x].size, a.counts[y].size), cmp.Compare(x, y))
}

// each goes through the groups that must not be worked out where they are small:
// all that is counted, the others, and of two what they have in common, each alone,
// and who is in none.
func (a *audit) each(look func(people)) {
	one := people{{everyone, 1}}
	two := func(p, q people) {
		both, ok := a.inCommon(p, q)
		if !ok {
			return // it is in no number
		}
		look(both)
		look(plus(p, both, -1))
		look(plus(q, both, -1))
		look(plus(plus(plus(one, p, -1), q, -1), both, 1))
	}
	for i, f := range a.rules {
		own := slices.Concat(f.groups, f.parts)
		for k, p := range own {
			look(p)
			look(plus(one, p, -1))
			for _, q := range own[k+1:] {
				two(p, q)
			}
		}
		for _, g := range a.rules[:i] {
			others := g.groups
			if touch(f, g) {
				others = slices.Concat(g.groups, g.parts)
				for _, p := range f.parts {
					for _, q := range g.groups {
						two(p, q)
					}
				}
			}
			for _, p := range f.groups {
				for _, q := range others {
					two(p, q)
				}
			}
		}
	}
}

func touch(f, g family) bool {
	if len(g.conditions) < len(f.conditions) {
		f, g = g, f
	}
	for c := range f.conditions {
		if g.conditions[c] {
			return true
		}
	}
	return false
}
