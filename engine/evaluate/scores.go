package evaluate

import (
	"context"
	"strconv"
	"strings"

	"personae/engine/duckdb"
	"personae/engine/plan"
	"personae/engine/results"
	"personae/engine/sqlgen"
)

// scores counts the bands, parts and outcomes of an entity's scores.
func (s *Snapshot) scores(ctx context.Context, p *plan.EntityPlan, m *memory, e sqlgen.Questions) ([]results.Score, error) {
	var out []results.Score
	for _, script := range e.Scores {
		var bands []string
		parts := 0
		for _, o := range p.Outputs() {
			if o.Kind == plan.BandOutput && o.Rule.Name == script.Name {
				bands, parts = o.Groups(), len(o.Rule.Score.Parts)
			}
		}
		key, ok := m.key(script.Bands + ";" + script.Gain + strings.Join(bands, ","))
		if !ok {
			key = ""
		}
		one, err := answer(m, key, func() (results.Score, error) { return s.score(ctx, script, bands, parts) })
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

func (s *Snapshot) score(ctx context.Context, script sqlgen.ScoreScript, bands []string, parts int) (results.Score, error) {
	out := results.Score{Name: script.Name, Parts: make([]results.PartCount, parts)}
	found := map[string]results.BandCount{}
	err := s.db.Each(ctx, script.Bands, func(r duckdb.Row) error {
		name, _ := r["band"].(string)
		found[name] = results.BandCount{Name: name, Rows: r.Whole("n"), Yes: r.Whole("yes"), Unknown: r.Whole("unknown")}
		for i := range out.Parts {
			out.Parts[i].Yes += r.Whole("yes" + strconv.Itoa(i))
			out.Parts[i].Unknown += r.Whole("unknown" + strconv.Itoa(i))
		}
		return nil
	})
	if err != nil {
		return out, err
	}
	for _, name := range append(append([]string{}, bands...), "") {
		b := found[name]
		b.Name = name
		out.Bands = append(out.Bands, b)
	}
	if script.Gain == "" {
		return out, nil
	}
	err = s.db.Each(ctx, script.Gain, func(r duckdb.Row) error {
		points, _ := r.Double("points")
		out.Gain = append(out.Gain, results.GainStep{Points: points, Rows: r.Whole("n"), Yes: r.Whole("yes")})
		return nil
	})
	return out, err
}
