package report

import (
	"fmt"
	"strings"

	"personae/engine/compile"
	"personae/engine/results"
)

var weekdays = [7]string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}

// week finds the counts of a chart of instants; nil where it is none.
func (b *builder) week(p *compile.Persona, e *results.EntityResults, x *compile.Expr) (*results.WeekHours, *results.WeekMembers) {
	if e.Insight == nil {
		return nil, nil
	}
	for i := range e.Insight.Weeks {
		w := &e.Insight.Weeks[i]
		if m, ok := w.Members[results.PictureKey{Persona: p.Name, Place: x.Text.Range()}]; ok {
			return w, &m
		}
	}
	return nil, nil
}

// weekHours fills a heat map: of the rows of members, how many lie in each hour
// of the week. Rows are counted and shown, and people decide what is hidden: an
// hour in which few people have rows, or few others, tells about these.
func (b *builder) weekHours(d *Distribution, x *compile.Expr, w *results.WeekHours, m *results.WeekMembers) {
	d.Kind = WeekHours
	for _, ref := range x.Refs {
		if ref.Kind == compile.RelationRef {
			d.Of = strings.ToLower(b.datasetTitle(ref.Name))
		}
	}
	var mine, all int64
	table := make([]*cell, len(w.Rows))
	for i := range w.Rows {
		mine, all = mine+m.Rows[i], all+w.Rows[i]
		table[i] = &cell{bin: i, members: m.People[i], everyone: w.People[i]}
	}
	suppress(table, b.min)
	best := -1
	for i, c := range table {
		one := Bin{Label: fmt.Sprintf("%s %02d:00", weekdays[i/24], i%24), Members: b.count(m.Rows[i], c.state), Everyone: b.hide(c.all)}
		one.Share = one.Members
		if c.state == shown {
			one.Share = b.percent(float64(m.Rows[i]), float64(mine))
		}
		if c.all == shown {
			one.Everyone = b.percent(float64(w.Rows[i]), float64(all))
		}
		if c.state == shown && c.all == shown && w.Rows[i] > 0 {
			lift := *one.Share.Value / *one.Everyone.Value
			one.Lift = &lift
		}
		if c.state == shown && m.Rows[i] > 0 && (best < 0 || m.Rows[i] > m.Rows[best]) {
			best = i
		}
		d.Bins = append(d.Bins, one)
	}
	d.N, d.Everyone, d.Unknown = b.count(mine, shown), b.count(all, shown), b.unknown(m.WithoutTime)
	if best >= 0 {
		d.Takeaway = "Most often " + weekdays[best/24] + " at " + fmt.Sprintf("%02d:00", best%24)
	}
}
