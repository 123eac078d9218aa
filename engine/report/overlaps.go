package report

import (
	"fmt"
	"maps"
	"slices"

	"personae/engine/results"
)

// Memory is what one report leaves to the next of the same project: pairs of
// segments, which are many, as they were written, and what the audit hides. They
// are taken over where all that they come from is the same, so that a report gives
// the same with and without.
// The zero value remembers nothing.
type Memory struct {
	entities map[string]writtenPairs
	audits   map[string]auditedBefore // by entity
}

// writtenPairs are the pairs of an entity's segments, by name.
type writtenPairs struct {
	words string // what numbers are written by
	sizes map[string]sized
	pairs []results.Overlap
	gone  []hidden  // of each pair, what others show of it
	list  []Overlap // two of each pair, the second the other way round
}

// sized is a segment with its size, and whether it is shown: personas decide that, too.
type sized struct {
	results.Group
	hidden hidden
}

// overlaps writes the pairs of an entity's segments, or takes them from memory.
func (b *builder) overlaps(e *results.EntityResults) []Overlap {
	now := writtenPairs{words: fmt.Sprintf("%s %d of %d", b.Rules.Settings.Locale, b.min, e.Population), sizes: map[string]sized{}}
	for _, g := range e.Groups {
		if g.Kind == results.Segment {
			now.sizes[g.Name] = sized{g, b.groupHidden(g, e)}
		}
	}
	for _, o := range e.Overlaps {
		x, okX := now.sizes[o.A]
		y, okY := now.sizes[o.B]
		if okX && okY {
			now.pairs = append(now.pairs, o)
			now.gone = append(now.gone, max(x.hidden, y.hidden, b.gone[e.Entity][place{what: inBoth, group: x.Key(), other: o.B}]))
		}
	}
	before := b.remembered(e.Entity, now)
	if maps.Equal(before.sizes, now.sizes) && slices.Equal(before.pairs, now.pairs) && slices.Equal(before.gone, now.gone) {
		return before.list
	}
	now.list = make([]Overlap, 0, 2*len(now.pairs))
	same := map[string]bool{}
	for name, g := range now.sizes {
		same[name] = before.sizes[name] == g
	}
	at := 0
	for i, o := range now.pairs {
		for at < len(before.pairs) && (before.pairs[at].A < o.A || before.pairs[at].A == o.A && before.pairs[at].B < o.B) {
			at++
		}
		if at < len(before.pairs) && before.pairs[at] == o && before.gone[at] == now.gone[i] && same[o.A] && same[o.B] {
			now.list = append(now.list, before.list[2*at], before.list[2*at+1])
			continue
		}
		one, other := b.overlap(o.Both, now.sizes[o.A].Group, now.sizes[o.B].Group, e.Population, now.gone[i])
		now.list = append(now.list, one, other)
	}
	if b.Memory != nil {
		b.Memory.entities[e.Entity] = now
	}
	return now.list
}

// remembered are the pairs of the report before; none where they were written
// by other words.
func (b *builder) remembered(entity string, now writtenPairs) writtenPairs {
	if b.Memory == nil {
		return writtenPairs{}
	}
	if b.Memory.entities == nil {
		b.Memory.entities = map[string]writtenPairs{}
	}
	if before := b.Memory.entities[entity]; before.words == now.words {
		return before
	}
	return writtenPairs{}
}

// pairState says whether a pair may be shown for its own sake: neither the shared
// part, nor what either group has alone, nor who is in none of them is small.
func (b *builder) pairState(both int64, x, y results.Group, population int64) hidden {
	h := max(disclosure(both, x.Members, b.min), disclosure(both, y.Members, b.min))
	if b.small(population - x.Members - y.Members + both) {
		h = max(h, secondary)
	}
	return h
}

// overlap is a pair, both ways.
func (b *builder) overlap(both int64, x, y results.Group, population int64, h hidden) (one, other Overlap) {
	h = max(h, b.pairState(both, x, y, population))
	n := b.count(both, h)
	one, other = Overlap{A: x.Name, B: y.Name, Both: n}, Overlap{A: y.Name, B: x.Name, Both: n}
	if h != shown {
		one.ShareA, other.ShareA = b.hide(h), b.hide(h)
		return one, other
	}
	one.ShareA, other.ShareA = b.percent(float64(both), float64(x.Members)), b.percent(float64(both), float64(y.Members))
	lift := func(x, y results.Group) *float64 {
		lift := float64(both) / float64(x.Members) / (float64(y.Members) / float64(population))
		return &lift
	}
	one.Lift, other.Lift = lift(x, y), lift(y, x)
	return one, other
}
