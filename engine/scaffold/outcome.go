package scaffold

import (
	"fmt"
	"sort"

	"personae/engine/catalog"
	"personae/engine/english"
)

// around drafts the group with the outcome, and segments in which the outcome
// is most common.
func (m *maker) around(r *root, outcome *column, taken map[string]bool) (group, []group, error) {
	positive := valueGroup(r, outcome, "true", taken, "The outcome that the other segments are compared by")
	_, base, err := m.size(positive.sql)
	if err != nil {
		return group{}, nil, err
	}
	type candidate struct {
		group
		score float64
	}
	var all []candidate
	for _, c := range r.attributes() {
		if c == outcome || idName.MatchString(c.name) || c.distinct < 2 {
			continue
		}
		options, err := m.groupsOf(r, c)
		if err != nil {
			return group{}, nil, err
		}
		best := candidate{}
		for _, g := range options {
			n, err := m.ints("SELECT count(*), count(*) FILTER (WHERE "+positive.sql+"), (SELECT count(*) FROM "+rootTable+") FROM "+rootTable+" WHERE "+g.sql, 3)
			if err != nil {
				return group{}, nil, err
			}
			size, rate := float64(n[0])/float64(max(n[2], 1)), float64(n[1])/float64(max(n[0], 1))
			if n[0] < 20 || size < 0.02 || size > 0.6 || rate <= base*1.2 {
				continue
			}
			if score := (rate - base) * (rate - base) * float64(n[0]); score > best.score {
				g.why = fmt.Sprintf("%s is true for %.0f %% of them, and for %.0f %% of everyone", english.Spoken(outcome.name), rate*100, base*100)
				best = candidate{g, score}
			}
		}
		if best.score > 0 {
			all = append(all, best)
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].score > all[j].score })
	found := []group{positive}
	for _, c := range all[:min(4, len(all))] {
		c.group.name = fresh(c.group.name, "group", taken)
		found = append(found, c.group)
	}
	found, err = m.sized(found, err)
	who := positive
	who.cel = "segment." + positive.name
	return who, found, err
}

// groupsOf lists the groups that a column makes: its upper quarter, or its values.
func (m *maker) groupsOf(r *root, c *column) ([]group, error) {
	if c.number() {
		q, err := m.quantile(c, 0.75)
		limit := round2(q)
		if err != nil || limit <= 0 {
			return nil, err
		}
		number := celNumber(c, limit)
		return []group{{name: "high_" + c.name, title: "High " + english.Spoken(c.name), cel: r.entity + "." + c.name + " >= " + number,
			sql: "coalesce(" + c.sql() + " >= " + number + ", false)", uses: []string{c.name}}}, nil
	}
	if c.typ.Kind != catalog.Bool && c.distinct > 30 {
		return nil, nil
	}
	shares, err := m.shares(c, "true")
	var out []group
	for _, s := range shares {
		if sayable(s.value) && (c.typ.Kind != catalog.Bool || s.value == "true") {
			out = append(out, valueGroup(r, c, s.value, map[string]bool{}, ""))
		}
	}
	return out, err
}

// outcome is the column that says how it ended; nil where there is none.
func (r *root) outcome() *column {
	for _, c := range r.attributes() {
		if c.typ.Kind == catalog.Bool && outcomeName.MatchString(c.name) && c.distinct == 2 {
			return c
		}
	}
	return nil
}
