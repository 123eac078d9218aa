package duckdb

import (
	"context"
	"fmt"
	"strings"

	"personae/engine/plan"
	"personae/engine/results"
	"personae/engine/sqlgen"
	"personae/engine/sqltext"
)

// unknowns finds why rules cannot decide: for every rule with undecided rows,
// how many of those rows have each column empty that the rule reads. One query
// for all rules.
func (s *Snapshot) unknowns(ctx context.Context, p *plan.EntityPlan, groups []results.Group) ([]results.Unknown, error) {
	undecided := map[string]bool{}
	for _, g := range groups {
		if g.Unknown > 0 {
			undecided[outputOf(g)] = true
		}
	}
	var out []results.Unknown
	var list []string
	for _, o := range outputs(p) {
		if !undecided[o.Name] {
			continue
		}
		for _, column := range s.emptyColumns(p, o) {
			out = append(out, results.Unknown{Kind: groupKinds[o.Kind], Name: strings.TrimPrefix(strings.TrimPrefix(o.Name, "in_"), "persona_"), Column: column})
			list = append(list, fmt.Sprintf("count_if(r.%s IS NULL AND s.%s IS NULL) AS c%d", sqltext.Ident(o.Name), sqltext.Ident(column), len(list)))
		}
	}
	if len(list) == 0 {
		return nil, nil
	}
	row, err := s.one(ctx, "SELECT "+strings.Join(list, ", ")+" FROM "+s.joined(p))
	if err != nil {
		return nil, err
	}
	for i := range out {
		out[i].Rows = row.whole(fmt.Sprintf("c%d", i))
	}
	return out, nil
}

// joined puts results (r) beside the rows that they are about (s): both are in
// order of the key, made one from the other.
func (s *Snapshot) joined(p *plan.EntityPlan) string {
	return sqltext.Path(sqlgen.ResultSchema, p.Entity.Name) + " r POSITIONAL JOIN " + sqltext.Path(sqlgen.SnapshotSchema, p.Entity.Table.Name) + " s"
}

func outputOf(g results.Group) string {
	switch g.Kind {
	case results.Segment:
		return "in_" + g.Name
	case results.Persona:
		return "persona_" + g.Name
	}
	return g.Parent
}

func outputs(p *plan.EntityPlan) []plan.Output {
	var out []plan.Output
	for _, s := range p.Strata {
		out = append(out, s.Outputs...)
	}
	return out
}

// emptyColumns lists the columns that an output reads, directly or through
// traits and segments, and that are empty somewhere.
func (s *Snapshot) emptyColumns(p *plan.EntityPlan, o plan.Output) []string {
	var out []string
	for _, name := range plan.Columns(o.Expr) {
		if f := s.Facts.Column(p.Entity.Table.Name, name); f == nil || f.Nulls > 0 {
			out = append(out, name)
		}
	}
	return out
}
