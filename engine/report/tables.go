package report

import (
	"cmp"
	"slices"
	"strings"

	"personae/engine/compile"
)

// Tables are the flat files of stats/ (REPORTS D), from what the report shows:
// a hidden number is NULL there too.
func Tables(r *Report, rs *compile.RuleSet) []Table {
	return []Table{
		segmentsTable(r), statisticsTable(r), claimsTable(r),
		distributionsTable(r), overlapsTable(r), journeysTable(r), problemsTable(r), columnsTable(rs),
	}
}

func columns(spec string) []TableColumn {
	var out []TableColumn
	for _, part := range strings.Split(spec, ",") {
		name, typ, _ := strings.Cut(strings.TrimSpace(part), " ")
		out = append(out, TableColumn{name, typ})
	}
	return out
}

func value(n Number) any {
	if n.Value == nil {
		return nil
	}
	return *n.Value
}

func whole(n Number) any {
	if n.Value == nil {
		return nil
	}
	return int64(*n.Value)
}

func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func optional(f *float64) any {
	if f == nil {
		return nil
	}
	return *f
}

func optionalWhole(n *int64) any {
	if n == nil {
		return nil
	}
	return *n
}

func segmentsTable(r *Report) Table {
	t := Table{Name: "segments", Columns: columns(`entity VARCHAR, segment VARCHAR, title VARCHAR, kind VARCHAR, parent VARCHAR,
		basis VARCHAR, owner VARCHAR, tags VARCHAR, deprecated VARCHAR, population BIGINT, members BIGINT, unknown BIGINT, share DOUBLE, value DOUBLE, value_share DOUBLE,
		expect_low DOUBLE, expect_high DOUBLE, guard VARCHAR, suppressed BOOLEAN, digest VARCHAR, as_of TIMESTAMPTZ`)}
	populations := map[string]any{}
	add := func(entity, name, title, kind, parent string, l Labels, s Size, g Guard, digest string) {
		t.Rows = append(t.Rows, []any{
			entity, name, title, kind, text(parent), text(l.Basis), text(l.Owner), text(strings.Join(l.Tags, ", ")), text(l.Deprecated.text()),
			populations[entity], whole(s.Members), whole(s.Unknown), value(s.Share), value(s.Value), value(s.ValueShare),
			optional(g.Low), optional(g.High), verdict(g), s.Members.Hidden, text(digest), r.AsOf,
		})
	}
	for _, p := range r.Populations {
		populations[p.Entity] = whole(p.Count)
		one := 1.0
		all := Number{Value: &one, Hidden: p.Count.Hidden}
		zero := 0.0
		s := Size{Members: p.Count, Share: all, Value: p.Value, ValueShare: all, Unknown: Number{Value: &zero}}
		add(p.Entity, "everyone", "Everyone", "everyone", "", Labels{}, s, Guard{}, "")
	}
	for _, s := range r.Segments {
		add(s.Entity, s.Name, s.Title, "segment", "", s.Labels, s.Size, s.Guard, s.Rule.Digest)
	}
	for _, s := range r.Segmentations {
		add(s.Entity, s.Name, s.Title, "segmentation", "", s.Labels, Size{Unknown: s.Unknown}, Guard{}, s.Digest)
		for _, g := range s.Groups {
			add(s.Entity, g.Name, g.Title, "band", s.Name, s.Labels, g.Size, Guard{}, s.Digest)
		}
	}
	for _, s := range r.Scores {
		add(s.Entity, s.Name, s.Title, "segmentation", "", s.Labels, Size{Unknown: s.Unknown}, Guard{}, s.Digest)
		for _, g := range s.Bands {
			add(s.Entity, g.Name, g.Title, "band", s.Name, s.Labels, g.Size, Guard{}, s.Digest)
		}
	}
	for _, j := range r.Journeys {
		for _, stage := range j.Stages {
			add(j.Entity, stage.Name, stage.Title, "stage", j.Name, j.Labels, Size{Members: stage.Reached, Share: stage.Share}, Guard{}, j.Digest)
		}
	}
	return t
}

func verdict(g Guard) string {
	if g.Verdict == "" {
		return "none"
	}
	return g.Verdict
}

func statisticsTable(r *Report) Table {
	t := Table{Name: "statistics", Columns: columns(`subject_kind VARCHAR, subject VARCHAR, id VARCHAR, label VARCHAR, expression VARCHAR,
		unit VARCHAR, value DOUBLE, value_text VARCHAR, n BIGINT, unknown BIGINT, everyone DOUBLE, lift DOUBLE, low DOUBLE, high DOUBLE,
		suppressed BOOLEAN, as_of TIMESTAMPTZ`)}
	for _, p := range r.Personas {
		for _, s := range p.Statistics {
			written := s.Value.Text
			if s.Func == "top" {
				written = topText(s.Top)
			}
			t.Rows = append(t.Rows, []any{
				"persona", p.Name, s.ID, s.Expression, s.Expression, text(s.Unit), value(s.Value), text(written),
				optionalWhole(s.Value.N), optionalWhole(s.Value.Unknown), value(s.Everyone), optional(s.Lift), nil, nil,
				s.Value.Hidden, r.AsOf,
			})
		}
	}
	addDifferences(&t, r)
	return t
}

func topText(items []Top) string {
	var parts []string
	for _, i := range items {
		parts = append(parts, i.Value+" ("+i.Share.Text+")")
	}
	return strings.Join(parts, ", ")
}

func claimsTable(r *Report) Table {
	t := Table{Name: "claims", Columns: columns(`persona VARCHAR, section VARCHAR, position INTEGER, statement VARCHAR, evidence VARCHAR,
		source VARCHAR, expression VARCHAR, value DOUBLE, needed DOUBLE, margin DOUBLE, operator VARCHAR, n BIGINT, unknown BIGINT,
		status VARCHAR, as_of TIMESTAMPTZ`)}
	for _, p := range r.Personas {
		for _, s := range p.statements() {
			var margin any
			if s.Value.Value != nil && s.Needed.Value != nil {
				margin = *s.Value.Value - *s.Needed.Value
			}
			t.Rows = append(t.Rows, []any{
				p.Name, s.Section, int32(s.Position), text(s.Text), string(s.Evidence), text(s.Source), text(s.Expression),
				value(s.Value), value(s.Needed), margin, text(s.Operator), optionalWhole(s.Value.N), optionalWhole(s.Value.Unknown),
				string(s.Status), r.AsOf,
			})
		}
	}
	return t
}

func overlapsTable(r *Report) Table {
	t := Table{Name: "overlaps", Columns: columns(`a VARCHAR, b VARCHAR, both BIGINT, share_of_a DOUBLE, lift DOUBLE, suppressed BOOLEAN, as_of TIMESTAMPTZ`)}
	for _, o := range r.Overlaps {
		t.Rows = append(t.Rows, []any{o.A, o.B, whole(o.Both), value(o.ShareA), optional(o.Lift), o.Both.Hidden, r.AsOf})
	}
	slices.SortStableFunc(t.Rows, func(x, y []any) int { // a report has each pair both ways, one after the other
		return cmp.Or(cmp.Compare(x[0].(string), y[0].(string)), cmp.Compare(x[1].(string), y[1].(string)))
	})
	return t
}

// journeysTable has the stages of each journey, of everyone and of the personas
// that show it.
func journeysTable(r *Report) Table {
	t := Table{Name: "journeys", Columns: columns(`journey VARCHAR, subject VARCHAR, stage VARCHAR, position INTEGER, reached BIGINT, share DOUBLE,
		from_previous DOUBLE, median_hours DOUBLE, suppressed BOOLEAN, as_of TIMESTAMPTZ`)}
	add := func(j Journey, subject string) {
		for i, s := range j.Stages {
			t.Rows = append(t.Rows, []any{j.Name, subject, s.Name, int32(i + 1), whole(s.Reached), value(s.Share), value(s.FromPrevious),
				value(s.MedianHours), s.Reached.Hidden, r.AsOf})
		}
	}
	for _, j := range r.Journeys {
		add(j, "everyone")
	}
	for _, p := range r.Personas {
		if p.Journey != nil {
			add(*p.Journey, p.Name)
		}
	}
	return t
}

func problemsTable(r *Report) Table {
	t := Table{Name: "problems", Columns: columns(`dataset VARCHAR, column VARCHAR, rule VARCHAR, reason VARCHAR, action VARCHAR, rows BIGINT`)}
	for _, d := range r.Datasets {
		for _, p := range d.Problems {
			t.Rows = append(t.Rows, []any{d.Name, text(p.Column), text(p.Rule), p.Reason, p.Action, whole(p.Rows)})
		}
	}
	return t
}
