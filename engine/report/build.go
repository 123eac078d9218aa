package report

import (
	"cmp"
	"slices"
	"time"

	"personae/engine/compile"
	"personae/engine/prose"
	"personae/engine/results"
)

// Words writes values as people read them, in the project's locale.
type Words interface {
	Count(n int64) string                            // 12,031
	Percent(share float64) string                    // 17.6 %
	Value(v any, unit string) (text string, ok bool) // £1,234; not ok for what cannot be written
	Date(t time.Time) string                         // 31 Dec 2025
	Lift(lift float64, entity string) string         // 1.4 times as common as among all customers
}

// Evaluate gives the value of a formula over statistics. The error's text says
// in plain words why there is none.
type Evaluate func(f *compile.Formula, stats map[string]any) (any, error)

// Input is all that a report is built from.
type Input struct {
	Rules    *compile.RuleSet
	Results  *results.Results
	Words    Words
	Prose    *prose.Writer // says rules as sentences; nil for none
	Evaluate Evaluate
	Memory   *Memory // of the report before; nil for none
}

// Build builds the report. It depends on its input alone.
func Build(in Input) *Report {
	b := &builder{Input: in, min: in.Rules.Settings.MinGroup, used: users(in.Rules), gone: map[string]map[place]hidden{}, differ: map[results.GroupKey][]candidate{}}
	s := in.Rules.Settings
	r := &Report{
		Format:   Format,
		Project:  Project{Name: s.Name, Locale: s.Locale, Currency: s.Currency, Timezone: s.Zone.String(), Root: s.Root},
		AsOf:     in.Results.AsOf.UTC(),
		MinGroup: b.min,
	}
	r.Datasets, r.DataUntil = b.datasets()
	for _, e := range in.Rules.Entities {
		found := b.entity(e.Name)
		if found == nil {
			continue
		}
		b.gone[e.Name] = b.audit(e, found)
		r.Populations = append(r.Populations, b.population(found))
		r.Segments = append(r.Segments, b.segments(e, found)...)
		r.Segmentations = append(r.Segmentations, b.segmentations(e, found)...)
		r.Ranks = append(r.Ranks, b.ranks(e, found)...)
		r.Scores = append(r.Scores, b.scores(e, found)...)
		r.Journeys = append(r.Journeys, b.journeys(e, found)...)
		r.Exports = append(r.Exports, b.exports(e, found)...)
		r.Overlaps = slices.Concat(r.Overlaps, b.overlaps(found)) // which remembers its own
	}
	for _, p := range in.Rules.Personas {
		if found := b.entity(p.Entity); found != nil {
			r.Personas = append(r.Personas, b.persona(p, found))
		}
	}
	sortSegments(r.Segments)
	sortPersonas(r.Personas)
	r.Notices = b.notices(r)
	return r
}

type builder struct {
	Input
	min    int64
	gone   map[string]map[place]hidden      // by entity: counts that are not shown
	differ map[results.GroupKey][]candidate // what sets groups apart
	used   map[*compile.Rule][]string       // titles of what reads a rule
}

func (b *builder) entity(name string) *results.EntityResults {
	for i := range b.Results.Entities {
		if b.Results.Entities[i].Entity == name {
			return &b.Results.Entities[i]
		}
	}
	return nil
}

func (b *builder) population(e *results.EntityResults) Population {
	p := Population{Entity: e.Entity, Count: b.count(e.Population, shown), Value: Number{Hidden: true, Reason: wordNoValue}}
	if e.Population < b.min {
		p.Count = b.count(e.Population, tooFew)
	}
	if e.HasValue && !p.Count.Hidden {
		p.Value = b.money(e.Value, e.Entity)
	}
	return p
}

// sortSegments puts the largest share of value first, then of members, then the
// name; hidden ones last.
func sortSegments(list []Segment) {
	slices.SortStableFunc(list, func(x, y Segment) int {
		return cmp.Or(descending(x.Size, y.Size), cmp.Compare(x.Name, y.Name))
	})
}

// sortPersonas keeps primary before secondary before negative, then by size.
func sortPersonas(list []Persona) {
	rank := map[string]int{"primary": 0, "secondary": 1, "negative": 2}
	slices.SortStableFunc(list, func(x, y Persona) int {
		return cmp.Or(cmp.Compare(rank[x.Role], rank[y.Role]), descending(x.Size, y.Size), cmp.Compare(x.Name, y.Name))
	})
}

func descending(x, y Size) int {
	return cmp.Or(
		cmp.Compare(known(y.ValueShare), known(x.ValueShare)),
		cmp.Compare(known(y.Members), known(x.Members)),
	)
}

func known(n Number) float64 {
	if n.Value == nil {
		return -1
	}
	return *n.Value
}
