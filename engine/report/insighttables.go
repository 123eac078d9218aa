package report

import "slices"

// distributionsTable holds every attribute that a persona draws, once: a row a
// bin.
func distributionsTable(r *Report) Table {
	t := Table{Name: "distributions", Columns: columns(`subject VARCHAR, attribute VARCHAR, label VARCHAR, bin INTEGER, low DOUBLE, high DOUBLE,
		members BIGINT, share DOUBLE, everyone_share DOUBLE, lift DOUBLE, suppressed BOOLEAN, as_of TIMESTAMPTZ`)}
	for _, p := range r.Personas {
		seen := map[string]bool{}
		for _, d := range slices.Concat(p.Charts, p.Spreads()) {
			if seen[d.Attribute] {
				continue
			}
			seen[d.Attribute] = true
			for i, x := range d.Bins {
				t.Rows = append(t.Rows, []any{
					p.Name, d.Attribute, x.Label, int32(i), optional(x.Low), optional(x.High),
					whole(x.Members), value(x.Share), value(x.Everyone), optional(x.Lift), x.Members.Hidden, r.AsOf,
				})
			}
		}
	}
	return t
}

// addDifferences adds what sets groups apart to the table of statistics: the
// share of members, of everyone, and the lift with its 95% interval.
func addDifferences(t *Table, r *Report) {
	add := func(kind, subject string, list []Difference) {
		for _, d := range list {
			t.Rows = append(t.Rows, []any{
				kind, subject, "apart:" + d.Condition, d.Label + ": " + d.Value, text(d.Condition), "share",
				value(d.Share), text(d.Share.Text), nil, nil, value(d.Everyone), d.Lift, optional(d.Low), optional(d.High), false, r.AsOf,
			})
		}
	}
	for _, s := range r.Segments {
		add("segment", s.Name, s.Apart)
	}
	for _, p := range r.Personas {
		add("persona", p.Name, p.Apart)
	}
}
