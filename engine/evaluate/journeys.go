package evaluate

import (
	"context"
	"fmt"

	"personae/engine/duckdb"
	"personae/engine/plan"
	"personae/engine/results"
	"personae/engine/sqlgen"
)

// journeys counts how far everyone has come, and the members of personas that
// show a journey.
func (s *Snapshot) journeys(ctx context.Context, p *plan.EntityPlan, m *memory, e sqlgen.Questions) ([]results.Journey, error) {
	var out []results.Journey
	for _, script := range e.Journeys {
		row, err := s.again(ctx, m, script.SQL)
		if err != nil {
			return nil, err
		}
		for _, o := range p.Outputs() {
			if o.Kind != plan.StageOutput || o.Rule.Name != script.Name {
				continue
			}
			for j, subject := range append([]string{""}, script.Personas...) {
				out = append(out, journeyOf(row, o, subject, j))
			}
		}
	}
	return out, nil
}

func journeyOf(row duckdb.Row, o plan.Output, subject string, j int) results.Journey {
	whole := func(form string, at ...any) int64 { return row.Whole(fmt.Sprintf(form, at...)) }
	out := results.Journey{Name: o.Rule.Name, Subject: subject, Rows: whole("n_%d", j), Nowhere: whole("nowhere_%d", j)}
	out.Unknown = out.Rows - out.Nowhere - whole("known_%d", j)
	for i, stage := range o.Rule.Journey.Stages {
		s := results.StageCount{Reached: whole("r_%d_%d", j, i), ReachedUnknown: whole("ru_%d_%d", j, i), Skipped: whole("sk_%d_%d", j, i), HoursRows: whole("hn_%d_%d", j, i)}
		if h, ok := row.Double(fmt.Sprintf("h_%d_%d", j, i)); ok {
			s.Hours = &h
		}
		for k := range stage.Touchpoints {
			s.Touchpoints = append(s.Touchpoints, results.TouchCount{Contacts: whole("t_%d_%d_%d", j, i, k), Rows: whole("tn_%d_%d_%d", j, i, k)})
		}
		if subject == "" {
			s.Here = whole("m_%d", i)
			s.Value, _ = row.Double(fmt.Sprintf("v_%d", i))
		}
		out.Stages = append(out.Stages, s)
	}
	return out
}

// exports counts the audiences of exports.
func (s *Snapshot) exports(ctx context.Context, m *memory, e sqlgen.Questions) ([]results.Export, error) {
	var out []results.Export
	for _, script := range e.Exports {
		row, err := s.again(ctx, m, script.SQL)
		if err != nil {
			return nil, err
		}
		out = append(out, results.Export{Name: script.Name, Members: row.Whole("members"), Unknown: row.Whole("unknown"),
			Contactable: row.Whole("contactable"), Unclear: row.Whole("cannot_say")})
	}
	return out, nil
}
