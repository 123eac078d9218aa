package engine

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"personae/engine/compile"
	"personae/engine/diag"
	"personae/engine/plan"
	"personae/engine/spec"
	"personae/engine/sqlgen"
)

// Stages are the phases that can be printed.
var Stages = []string{"spec", "rules", "plan", "sql"}

// Stage prints one phase of the way from YAML to SQL. It knows nothing about
// the data, so every operator in the SQL is guarded.
func (p *Project) Stage(stage string, o Options) (string, diag.List, error) {
	if !slices.Contains(Stages, stage) {
		return "", nil, fmt.Errorf("there is no stage %q: the stages are %s", stage, strings.Join(Stages, ", "))
	}
	if stage == "spec" {
		return string(spec.Canonical(p.Module)) + "\n", nil, nil
	}
	if p.Rules == nil {
		return "", nil, nil
	}
	if stage == "rules" {
		return p.rulesText(), nil, nil
	}
	built, list := plan.Build(p.Rules, nil)
	if stage == "plan" || list.HasErrors() {
		return built.String(), list, nil
	}
	at, _, err := asOf(o, p.Rules.Settings)
	if err != nil {
		return "", list, err
	}
	script, err := sqlgen.Generate(built, sqlgen.DuckDB{}, at)
	if err != nil {
		return "", list, err
	}
	var b strings.Builder
	for _, e := range script.Entities {
		for i, stratum := range e.Strata {
			if stratum.Select != "" {
				fmt.Fprintf(&b, "-- pass %d over %s, kept as %s\n%s;\n\n", i+1, e.Entity, stratum.Table, stratum.Select)
			}
			if len(stratum.CutPoints) > 0 {
				fmt.Fprintf(&b, "-- cut points of ranks, which close pass %d\n%s;\n\n", i+1, strings.Join(stratum.CutPoints, ";\n"))
			}
		}
		for _, part := range []struct{ title, sql string }{
			{"every result of " + e.Entity + ", one pass", e.Select},
			{"sizes of groups", e.Counts.SQL()},
			{"overlaps of segments", e.Overlap.SQL},
			{"all statistics of all personas", e.Statistics.SQL()},
		} {
			if part.sql != "" {
				fmt.Fprintf(&b, "-- %s\n%s;\n\n", part.title, part.sql)
			}
		}
	}
	return b.String(), list, nil
}

// rulesText lists the rules in evaluation order.
func (p *Project) rulesText() string {
	var b strings.Builder
	for _, e := range p.Rules.Entities {
		fmt.Fprintf(&b, "%s (%s)\n", e.Name, e.Table.Name)
		for _, r := range e.Rules {
			fmt.Fprintf(&b, "  %-13s %-28s %-10s %.12s  %s\n", r.Kind, r.Name, r.TypeText(), r.Digest, r.Source.Range)
			if r.Expr != nil {
				fmt.Fprintf(&b, "      %s\n", oneLine(r.Expr.Text.Value()))
			}
			for _, rung := range r.Rungs {
				fmt.Fprintf(&b, "      %s: %s\n", rung.Name, oneLine(rung.When.Text.Value()))
			}
			if r.Leave != nil {
				fmt.Fprintf(&b, "      leave: %s\n", oneLine(r.Leave.Text.Value()))
			}
			if r.Rank != nil {
				fmt.Fprintf(&b, "      %s\n", rankText(r.Rank))
			}
			if r.Otherwise != "" {
				fmt.Fprintf(&b, "      otherwise: %s\n", r.Otherwise)
			}
		}
	}
	for _, persona := range p.Rules.Personas {
		fmt.Fprintf(&b, "persona %s: %s\n", persona.Name, oneLine(persona.Who.Text.Value()))
		for _, s := range persona.Statistics {
			fmt.Fprintf(&b, "      %s = %s\n", s.ID, s.Text)
		}
	}
	fmt.Fprintf(&b, "digest %s\n", p.Rules.Digest)
	return b.String()
}

// rankText says how a rank divides.
func rankText(r *compile.Rank) string {
	best, among := "high", ""
	if r.BestLow {
		best = "low"
	}
	if r.Among != nil {
		among = ", among " + oneLine(r.Among.Text.Value())
	}
	return fmt.Sprintf("%d buckets, best %s%s", r.Buckets, best, among)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
