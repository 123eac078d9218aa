package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"personae/engine/compile"
	"personae/engine/results"
)

// losses says for each rung of a segmentation for how many its rule is true, and
// how many of them the rungs above took. states are those of the groups' sizes.
func (b *builder) losses(s *Segmentation, rule *compile.Rule, e *results.EntityResults, groups []results.Group, states []hidden) {
	i := slices.IndexFunc(e.Clauses, func(t results.ClauseTable) bool { return t.Group == rule.Name })
	if i < 0 {
		return
	}
	why := ""
	for k, c := range e.Clauses[i].Clauses {
		rung := &s.Groups[k]
		if why = cmp.Or(why, c.Why); why != "" {
			rung.Alone, rung.Lost = because(why), because(why)
			continue
		}
		alone, lost, each := rungStates(c, groups, states, k, e.Population, b.min)
		at := place{what: aloneTrue, group: groups[k].Key()}
		alone = max(alone, b.gone[e.Entity][at])
		at.what = lostAbove
		lost = max(lost, b.gone[e.Entity][at])
		for j := range each {
			at.what, at.at = lostTo, j
			each[j] = max(each[j], b.gone[e.Entity][at])
		}
		var sum int64
		for j, n := range c.Lost {
			sum += n
			if n > 0 || each[j] != shown { // that it is nobody can be hidden, too
				rung.LostTo = append(rung.LostTo, RungLoss{Group: groups[j].Name, Title: s.Groups[j].Title, Members: b.count(n, each[j])})
			}
		}
		rung.Alone, rung.Lost = b.count(c.Alone, alone), b.count(sum, lost)
	}
}

// rungStates decides what of a rung may be told. For how many its rule is true is
// the sum of its members, of those that each rung above took, and of those for
// whom nobody can tell; a small one of them is hidden with others until it
// cannot be worked out.
func rungStates(c results.Clause, groups []results.Group, states []hidden, rung int, population, least int64) (alone, lost hidden, each []hidden) {
	small := func(n int64) bool { return n > 0 && n < least }
	each = make([]hidden, len(c.Lost))
	var sum, masked, cells int64
	for j, n := range c.Lost {
		sum += n
		switch {
		case small(n):
			each[j] = tooFew
		case n > 0 && (states[j] != shown || small(groups[j].Members-n)):
			each[j] = secondary
		}
		if each[j] != shown && n > 0 {
			masked, cells = masked+n, cells+1
		}
	}
	for cells > 0 && (masked < least || cells < 2) {
		next := -1
		for j, n := range c.Lost {
			if each[j] == shown && n > 0 && (next < 0 || n < c.Lost[next]) {
				next = j
			}
		}
		if next < 0 {
			lost = secondary // their sum would give them away
			break
		}
		each[next], masked, cells = secondary, masked+c.Lost[next], cells+1
	}
	switch {
	case small(sum):
		lost = tooFew
	case states[rung] != shown:
		alone = states[rung]
	}
	switch {
	case small(c.Alone):
		alone = tooFew
	case small(population - c.Alone), small(population - c.Alone - c.Unknown):
		alone = tooMany
	case c.Alone == 0: // names nobody
		alone = shown
	case alone == shown && (lost != shown || small(c.Unclear)):
		alone = secondary
	}
	return alone, lost, each
}

// proof adds the groups up: together with those for whom nobody can tell they
// are everyone. It is said where they do not, too.
func (b *builder) proof(s *Segmentation, groups []results.Group, population int64) {
	var sum int64
	var parts []string
	masked := s.Unknown.Hidden
	add := func(title string, n Number) {
		if n.Hidden {
			masked = true
		} else if n.Text != "" {
			parts = append(parts, title+" "+n.Text)
		}
	}
	for i, g := range groups {
		sum += g.Members
		add(s.Groups[i].Title, s.Groups[i].Size.Members)
	}
	if len(groups) > 0 {
		sum += groups[0].Unknown
	}
	if s.Unknown.Value != nil && *s.Unknown.Value > 0 {
		add("can't tell", s.Unknown)
	}
	if masked {
		parts = append(parts, "what is hidden")
	}
	s.Total = b.count(population, shown)
	if population < b.min {
		s.Total = b.count(population, tooFew)
		return
	}
	if sum != population {
		s.Proof = fmt.Sprintf("The groups add up to %s, and there are %s: please report this as a bug.", b.Words.Count(sum), b.Words.Count(population))
		return
	}
	s.Adds = true
	s.Proof = strings.Join(parts, " + ") + " = " + s.Total.Text + ": everybody is in one place, and in one only."
}
