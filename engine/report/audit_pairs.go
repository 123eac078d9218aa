package report

import "personae/engine/results"

// pairs notes what each two segments have in common.
func (a *audit) pairs() {
	groups := map[string]results.Group{}
	for _, g := range a.found.Groups {
		if g.Kind == results.Segment {
			groups[g.Name] = g
		}
	}
	alone := a.aloneTogether()
	for _, o := range a.found.Overlaps {
		x, y := groups[o.A], groups[o.B]
		mine, theirs := a.segment(o.A).yes, a.segment(o.B).yes
		if key, simple := a.inBothKey(mine, theirs); simple && alone[key] {
			continue
		}
		both := a.times(mine, theirs)
		switch o.Both { // everybody is taken to know what lies in what
		case 0:
			a.facts = append(a.facts, both)
		case x.Members:
			a.facts = append(a.facts, plus(both, mine, -1))
		case y.Members:
			a.facts = append(a.facts, plus(both, theirs, -1))
		}
		h := a.b.pairState(o.Both, x, y, a.found.Population)
		a.add(place{what: inBoth, group: x.Key(), other: o.B}, both, o.Both, h)
	}
}

// aloneTogether are the pairs, by what makes them, of which nothing follows but what
// each shows: no other number is about the same people, nor is any comparison. Most
// are. Whether they show something small themselves is decided without the audit.
func (a *audit) aloneTogether() map[uint64]bool {
	times := map[uint64]int{}
	for _, o := range a.found.Overlaps {
		if key, simple := a.inBothKey(a.segment(o.A).yes, a.segment(o.B).yes); simple {
			times[key]++
		}
	}
	out := map[uint64]bool{}
	for key, n := range times {
		if _, counted := a.sets[key]; n == 1 && !counted {
			out[key] = true
		}
	}
	groups, conditions := a.compared()
	found := map[uint64]bool{} // of the pairs themselves
	for i, p := range groups {
		a.crossings(p, groups[:i], func(key uint64) {
			if found[key] {
				delete(out, key)
			}
			found[key] = true
		})
		a.crossings(p, conditions, func(key uint64) { delete(out, key) })
	}
	return out
}

// crossings are the sets that a group has in common with others.
func (a *audit) crossings(p people, others []people, look func(key uint64)) {
	for _, q := range others {
		for _, x := range p {
			for _, y := range q {
				if key, some := a.bothKey(x.of, y.of); some {
					look(key)
				}
			}
		}
	}
}

// inBothKey is what two groups have in common, where that is one set.
func (a *audit) inBothKey(p, q people) (uint64, bool) {
	if len(p) != 1 || len(q) != 1 || p[0].of == q[0].of {
		return 0, false
	}
	return a.bothKey(p[0].of, q[0].of)
}

// inCommon is times, but for groups that are in no number, of which nothing can be
// worked out.
func (a *audit) inCommon(p, q people) (people, bool) {
	var both people
	a.strange = a.strange[:0]
	for _, x := range p {
		for _, y := range q {
			switch {
			case x.of == y.of || y.of == everyone:
				both = append(both, share{x.of, x.times * y.times})
			case x.of == everyone:
				both = append(both, share{y.of, x.times * y.times})
			default:
				key, some := a.bothKey(x.of, y.of)
				if s, known := a.sets[key]; some && known {
					both = append(both, share{s, x.times * y.times})
				} else if some {
					a.inNoNumber(key, x.times*y.times)
				}
			}
		}
	}
	for _, s := range a.strange {
		if s.times != 0 {
			return nil, false
		}
	}
	return both.sorted(), true
}

// strange is how often a set counts that has no name.
type strange struct {
	key   uint64
	times int64
}

func (a *audit) inNoNumber(key uint64, times int64) {
	for i := range a.strange {
		if a.strange[i].key == key {
			a.strange[i].times += times
			return
		}
	}
	a.strange = append(a.strange, strange{key, times})
}
