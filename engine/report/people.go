package report

import (
	"cmp"
	"slices"

	"personae/engine/compile"
)

// Rules are published, and so a reader knows how groups lie in each other. people is
// a group as such a reader counts it: a sum over groups of those for whom several
// conditions are all true. Of `a || b` it is a + b − a·b, of `a && !b` a − a·b. Two
// groups that are the same by their conditions have the same sum, however they are
// written.
type people []share

// share is how often those count for whom all of some conditions are true.
type share struct {
	of    all
	times int64
}

// all names a set of conditions of an algebra; everyone is the empty one.
type all int32

const everyone all = 0

// mostShares is how long a sum may be. A longer one is a group that has nothing to
// do with its conditions: what follows from these is then not looked for.
const mostShares = 64

// algebra writes groups as sums. Conditions that it cannot take apart, `age > 30`,
// are told apart by their text.
type algebra struct {
	segments   map[string]*compile.Rule
	divisions  map[string]*compile.Rule // segmentations and scores
	divided    map[string][]people      // of these: their groups, as far as they were asked for
	doubtful   map[string]bool          // conditions, as text, that cannot be told for everyone
	conditions map[string]condition
	excludes   []int32          // of each condition: among those with the same number but 0 one alone is true
	things     map[string]int32 // what has one value for each
	sets       map[uint64]all   // by a hash of the conditions
	members    [][]int32        // of each set: its conditions, sorted
	marks      []mark           // of each set
	known      map[string]outcomes
	merged     []int32 // of the last two sets
}

type condition int32

// mark tells sets apart, and most that have nothing to do with each other: what two
// such have in common is then known without a look at their conditions.
type mark struct {
	key                uint64 // of the conditions, whatever their order
	conditions, things uint64 // a bit for each; two may share one
}

// outcomes are for whom something is true, and for whom it is false.
type outcomes struct{ yes, no people }

func newAlgebra(e *compile.Entity) *algebra {
	a := &algebra{segments: map[string]*compile.Rule{}, divisions: map[string]*compile.Rule{}, divided: map[string][]people{}, things: map[string]int32{}, doubtful: map[string]bool{}, conditions: map[string]condition{}, sets: map[uint64]all{0: everyone},
		members: [][]int32{nil}, marks: []mark{{}}, known: map[string]outcomes{}}
	for _, rule := range e.Rules {
		switch rule.Kind {
		case compile.SegmentRule:
			a.segments[rule.Name] = rule
		case compile.SegmentationRule, compile.ScoreRule:
			a.divisions[rule.Name] = rule
		}
	}
	return a
}

// opaque is a condition as it is written.
func (a *algebra) opaque(text string) outcomes {
	yes := a.condition(text, 0)
	if a.doubtful[text] && a.excludes[yes] == 0 {
		a.exclude(yes, a.thing(text))
	}
	o := outcomes{yes: people{{a.set([]int32{int32(yes)}), 1}}}
	o.no = plus(people{{everyone, 1}}, o.yes, -1)
	if a.doubtful[text] {
		unknown := a.condition("? "+text, a.excludes[yes])
		o.no = plus(o.no, people{{a.set([]int32{int32(unknown)}), 1}}, -1)
	}
	return o
}

// oneOf are groups of which everybody is in one at most: the values of a thing.
func (a *algebra) oneOf(thing string, names []string) []people {
	out := make([]people, len(names))
	for i, name := range names {
		c := a.condition(name, a.thing(thing))
		out[i] = people{{a.set([]int32{int32(c)}), 1}}
	}
	return out
}

func (a *algebra) condition(text string, excludes int32) condition {
	c, known := a.conditions[text]
	if !known {
		c = condition(len(a.excludes))
		a.conditions[text], a.excludes = c, append(a.excludes, excludes)
	}
	return c
}

// exclude says of a condition what it is a value of.
func (a *algebra) exclude(c condition, thing int32) {
	a.excludes[c] = thing
	for s, conditions := range a.members {
		if slices.Contains(conditions, int32(c)) {
			a.marks[s] = a.mark(conditions)
		}
	}
}

// set names a sorted list of conditions.
func (a *algebra) set(conditions []int32) all {
	m := a.mark(conditions)
	s, known := a.sets[m.key]
	if known {
		return s
	}
	s = all(len(a.members))
	a.sets[m.key], a.members, a.marks = s, append(a.members, slices.Clone(conditions)), append(a.marks, m)
	return s
}

func (a *algebra) mark(conditions []int32) (m mark) {
	for _, c := range conditions {
		h := mixed(uint64(uint32(c)) + 1)
		m.key ^= h
		m.conditions |= 1 << (h & 63)
		if of := a.excludes[c]; of != 0 {
			m.things |= 1 << (mixed(uint64(uint32(of))) & 63)
		}
	}
	return m
}

// mixed spreads a number over 64 bits (the finalizer of SplitMix64).
func mixed(h uint64) uint64 {
	h += 0x9e3779b97f4a7c15
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// hash tells lists of numbers apart (FNV-1a, 64 bits, a number at a time).
func hash(list []int32) uint64 {
	h := uint64(14695981039346656037)
	for _, c := range list {
		h = (h ^ uint64(uint32(c))) * 1099511628211
		h ^= h >> 29
	}
	return h
}

// key tells sums apart.
func (p people) key() uint64 {
	list := make([]int32, 0, 64)
	for _, s := range p {
		list = append(list, int32(s.of), int32(s.times), int32(s.times>>32))
	}
	return hash(list)
}

// times are those of both.
func (a *algebra) times(x, y people) people {
	if len(x) == 1 && x[0] == (share{everyone, 1}) {
		return y
	}
	if len(y) == 1 && y[0] == (share{everyone, 1}) {
		return x
	}
	if len(x) == 1 && len(y) == 1 {
		if s, some := a.both(x[0].of, y[0].of); some {
			return people{{s, x[0].times * y[0].times}}
		}
		return nil
	}
	var out people
	for _, p := range x {
		for _, q := range y {
			if s, some := a.both(p.of, q.of); some {
				out = append(out, share{s, p.times * q.times})
			}
		}
	}
	return out.sorted()
}

// both are those for whom the conditions of two sets are true, if there can be any.
func (a *algebra) both(x, y all) (all, bool) {
	switch {
	case x == y || y == everyone:
		return x, true
	case x == everyone:
		return y, true
	}
	if key, apart := a.apart(x, y); apart {
		if s, known := a.sets[key]; known {
			return s, true
		}
	}
	if !a.merge(x, y) {
		return 0, false
	}
	return a.set(a.merged), true
}

// bothKey is the key of what two sets have in common, if that can be anybody.
func (a *algebra) bothKey(x, y all) (uint64, bool) {
	if key, apart := a.apart(x, y); apart {
		return key, true
	}
	if !a.merge(x, y) {
		return 0, false
	}
	return a.mark(a.merged).key, true
}

// apart gives that key for sets whose marks say that they share no condition and
// no thing: all of their conditions can be true together.
func (a *algebra) apart(x, y all) (key uint64, apart bool) {
	p, q := &a.marks[x], &a.marks[y]
	return p.key ^ q.key, p.conditions&q.conditions == 0 && p.things&q.things == 0
}

// merge writes the conditions of two sets down, and says whether they can all be true.
func (a *algebra) merge(x, y all) bool {
	p, q := a.members[x], a.members[y]
	a.merged = a.merged[:0]
	for len(p) > 0 || len(q) > 0 {
		switch {
		case len(q) == 0 || len(p) > 0 && p[0] < q[0]:
			a.merged, p = append(a.merged, p[0]), p[1:]
		case len(p) == 0 || q[0] < p[0]:
			a.merged, q = append(a.merged, q[0]), q[1:]
		default:
			a.merged, p, q = append(a.merged, p[0]), p[1:], q[1:]
		}
	}
	for i, c := range a.merged {
		if a.excludes[c] == 0 {
			continue
		}
		for _, d := range a.merged[:i] {
			if a.excludes[c] == a.excludes[d] {
				return false
			}
		}
	}
	return true
}

// plus adds a sum, so many times.
func plus(x, y people, times int64) people {
	out := slices.Clone(x)
	for _, s := range y {
		out = append(out, share{s.of, s.times * times})
	}
	return out.sorted()
}

// sorted brings a sum to the one order that it has.
func (p people) sorted() people {
	slices.SortFunc(p, func(x, y share) int { return cmp.Compare(x.of, y.of) })
	out := p[:0]
	for _, s := range p {
		if n := len(out); n > 0 && out[n-1].of == s.of {
			out[n-1].times += s.times
		} else {
			out = append(out, s)
		}
	}
	return slices.DeleteFunc(out, func(s share) bool { return s.times == 0 })
}
