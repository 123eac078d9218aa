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
	other string           // of a pair: the other segment; of a persona's numbers: which
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
	setsApart // like barOf, of what sets a group apart
	barOf     // of a persona's chart of the attribute other, at a bin; 0 for no value
	barOfAll  // the same, of everyone
	measuredShare
	inBoth
	contactable
	sizeOf
)

// count is a number of people that a report shows, perhaps in several places.
type count struct {
	of     people
	size   int64
	places []spot
}

// spot is a place, with the sizes that have to be shown for it to be.
type spot struct {
	place
	gone  hidden
	needs [2]int32 // positions in sizes; 0 for none
}

// audit is the work on one entity.
type audit struct {
	*algebra
	b       *builder
	found   *results.EntityResults
	gone    map[place]hidden // for their own sake
	counts  []count
	same    map[shape]int32
	sizes   map[results.GroupKey]int32
	hides   []bool           // of each size
	truth   map[uint64]int64 // how many there are of what was counted, shown or not, by the sum's key
	facts   []people         // of which everybody knows that they are nobody
	rules   []family
	kept    map[results.GroupKey]bool // what personas stand for
	bins    map[int][]people          // of attributes, by their position
	strange []strange                 // of the last question: sets that are in no number
}

// shape tells sums apart. Two that are the same by their conditions and not in size
// are so because somebody stayed in one of them.
type shape struct {
	key  uint64
	size int64
}

// family is a rule with what is counted of it. All groups are compared with each
// other and with what may be compared of other rules, parts with those of the rule.
type family struct {
	groups, conditions, parts []people
}

// audited gives the places where numbers must not be shown because of others, and
// those of groups that are too small themselves.
func (b *builder) audited(e *compile.Entity, found *results.EntityResults) map[place]hidden {
	a := &audit{algebra: newAlgebra(e), b: b, found: found, gone: map[place]hidden{}, same: map[shape]int32{}, truth: map[uint64]int64{},
		sizes: map[results.GroupKey]int32{}, hides: []bool{false}, kept: map[results.GroupKey]bool{}, bins: map[int][]people{}}
	a.add(place{}, people{{everyone, 1}}, found.Population, shown)
	a.collect(e)
	for left := a.round(a.each); len(left) > 0; {
		left = a.round(func(look func(people)) {
			for _, p := range left { // what is hidden adds nothing to what can be worked out
				look(p)
			}
		})
	}
	for _, c := range a.counts {
		for _, p := range c.places {
			if p.gone != shown {
				a.gone[p.place] = p.gone
			}
		}
	}
	return a.gone
}

// add notes a number and where it is shown; h says why it is not.
func (a *audit) add(p place, of people, size int64, h hidden) {
	what := shape{of.key(), size}
	a.truth[what.key] = size
	if h != shown {
		a.gone[p] = h
		if p.what == sizeOf {
			a.hides[a.sizeAt(p.group)] = true
		}
		return
	}
	if len(of) == 0 && size == 0 {
		return // it follows from the rules
	}
	i, known := a.same[what]
	if !known {
		i = int32(len(a.counts))
		a.same[what], a.counts = i, append(a.counts, count{of: of, size: size})
	}
	one := spot{place: p}
	switch { // what belongs to a hidden group is hidden with it, but for this
	case p == place{}, p.what == cannotTell && p.at < 0, p.group.Kind == results.Segmentation && p.what != sizeOf:
	case p.what == inBoth:
		one.needs = [2]int32{a.sizeAt(p.group), a.sizeAt(results.GroupKey{Kind: results.Segment, Name: p.other})}
	default:
		one.needs[0] = a.sizeAt(p.group)
	}
	a.counts[i].places = append(a.counts[i].places, one)
}

func (a *audit) sizeAt(g results.GroupKey) int32 {
	i, known := a.sizes[g]
	if !known {
		i = int32(len(a.hides))
		a.sizes[g], a.hides = i, append(a.hides, false)
	}
	return i
}

// visible says whether a number is shown anywhere.
func (a *audit) visible(c *count) bool {
	for i := range c.places {
		p := &c.places[i]
		if p.gone == shown && !a.hides[p.needs[0]] && !a.hides[p.needs[1]] {
			return true
		}
	}
	return false
}

// round works out what it can of some groups, hides what gives small ones away, and
// says which these were.
func (a *audit) round(each func(look func(people))) (found []people) {
	s := &reckoning{rows: make([]*worked, len(a.members))}
	for _, f := range a.facts {
		s.learn(f.sum(0, -1))
	}
	for i := range a.counts {
		if a.visible(&a.counts[i]) {
			s.learn(a.counts[i].of.sum(a.counts[i].size, int32(i)))
		}
	}
	hiddenNow := map[int32]bool{}
	each(func(p people) {
		n, from, ok := s.tells(p)
		if !ok || !a.b.small(n) {
			return
		}
		if slices.ContainsFunc(from, func(t term) bool { return hiddenNow[t.at] }) {
			found = append(found, p)
			return
		}
		if i := a.least(from); i >= 0 {
			found, hiddenNow[i] = append(found, p), true
			a.hide(&a.counts[i])
		}
	})
	return found
}

func (a *audit) hide(c *count) {
	for i := range c.places {
		p := &c.places[i]
		p.gone = secondary
		if p.what == sizeOf {
			a.hides[p.needs[0]] = true
		}
	}
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
		if !ok || a.large(p, q, both) {
			return // it is in no number, or is no small group
		}
		look(both)
		look(plus(p, both, -1))
		look(plus(q, both, -1))
		look(plus(plus(plus(one, p, -1), q, -1), both, 1))
	}
	for _, f := range a.rules {
		own := slices.Concat(f.groups, f.conditions, f.parts)
		for k, p := range own {
			look(p)
			look(plus(one, p, -1))
			for _, q := range own[k+1:] {
				two(p, q)
			}
		}
	}
	for _, p := range a.written() {
		look(p)
		look(plus(one, p, -1))
	}
	groups, conditions := a.compared()
	for i, p := range groups {
		for _, q := range groups[:i] {
			two(p, q)
		}
		for _, q := range conditions {
			two(p, q)
		}
	}
}

// compared are all groups, and all conditions that they are compared with, each once.
func (a *audit) compared() (groups, conditions []people) {
	seen := map[uint64]bool{}
	add := func(to *[]people, list []people) {
		for _, p := range list {
			if key := p.key(); !seen[key] {
				seen[key], *to = true, append(*to, p)
			}
		}
	}
	for _, f := range a.rules {
		add(&groups, f.groups)
	}
	for _, f := range a.rules {
		add(&conditions, f.conditions)
	}
	add(&conditions, a.written())
	return groups, conditions
}

// written are the conditions that rules are made of.
func (a *audit) written() []people {
	var out []people
	for c := range condition(len(a.excludes)) {
		if s, is := a.sets[a.mark([]int32{int32(c)}).key]; is {
			out = append(out, people{{s, 1}})
		}
	}
	return out
}

// large says of two groups, whose sizes are known, that no part of them is small.
func (a *audit) large(p, q, both people) bool {
	var n [3]int64
	for i, x := range []people{p, q, both} {
		size, counted := a.truth[x.key()]
		if !counted {
			return false
		}
		n[i] = size
	}
	least := a.b.min
	return (n[2] == 0 || n[2] >= least) && (n[0] == n[2] || n[0]-n[2] >= least) && (n[1] == n[2] || n[1]-n[2] >= least) && !a.b.small(a.found.Population-n[0]-n[1]+n[2])
}
