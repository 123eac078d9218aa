package evaluate

import (
	"context"
	"fmt"
	"time"

	"personae/engine/duckdb"
	"personae/engine/plan"
	"personae/engine/results"
	"personae/engine/sqlgen"
)

// weekHours counts the charts of instants, a query each.
func (s *Snapshot) weekHours(ctx context.Context, p *plan.EntityPlan, m *memory, zone *time.Location) ([]results.WeekHours, error) {
	var out []results.WeekHours
	for _, w := range p.Insight.Weeks {
		query, err := sqlgen.WeekHoursSQL(w, p, zone, sqlgen.DuckDB{}, s.AsOf)
		if err != nil {
			return nil, err
		}
		key, ok := m.key(query)
		if key += s.content(); !ok {
			key = ""
		}
		counted, err := answer(m, key, func() (*weekCounts, error) { return s.countWeek(ctx, query, len(w.Pictures)) })
		if err != nil {
			return nil, err
		}
		found := counted.everyone
		found.Members = map[results.PictureKey]results.WeekMembers{}
		for i, picture := range w.Pictures {
			found.Members[results.PictureKey{Persona: picture.Persona, Place: picture.Of.Text.Range()}] = counted.members[i]
		}
		out = append(out, found)
	}
	return out, nil
}

// weekCounts are what one query of instants gives, members by picture.
type weekCounts struct {
	everyone results.WeekHours
	members  []results.WeekMembers
}

func (s *Snapshot) countWeek(ctx context.Context, query string, pictures int) (*weekCounts, error) {
	out := &weekCounts{members: make([]results.WeekMembers, pictures)}
	found, members := &out.everyone, out.members
	err := s.db.Each(ctx, query, func(r duckdb.Row) error {
		hour, known := r["hour"].(int64)
		switch {
		case !known:
			found.WithoutTime = r.Whole("n")
		case hour < 0:
			found.EveryoneRows, found.EveryonePeople = r.Whole("n"), r.Whole("p")
		default:
			found.Rows[hour], found.People[hour] = r.Whole("n"), r.Whole("p")
		}
		for i := range members {
			n, people := r.Whole(fmt.Sprintf("n%d", i)), r.Whole(fmt.Sprintf("p%d", i))
			switch {
			case !known:
				members[i].WithoutTime = n
			case hour < 0:
				members[i].AllPeople = people
			default:
				members[i].Rows[hour], members[i].People[hour] = n, people
			}
		}
		return nil
	})
	return out, err
}
