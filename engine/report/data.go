package report

import (
	"fmt"
	"time"

	"personae/engine/results"
)

// datasets writes the health of every dataset, and until when the data goes:
// the oldest of the datasets' newest events.
func (b *builder) datasets() ([]Dataset, *time.Time) {
	var out []Dataset
	var until *time.Time
	for _, h := range b.Results.Datasets {
		d := Dataset{
			Name: h.Dataset, Title: b.datasetTitle(h.Dataset), Fingerprint: h.Fingerprint,
			Rows: b.count(h.Rows, shown), Read: b.count(h.Read, shown), Problems: []Problem{},
		}
		if h.NewestEvent != nil {
			t := h.NewestEvent.UTC()
			d.NewestEvent = &t
			if until == nil || t.Before(*until) {
				until = &t
			}
		}
		if h.Stale {
			d.Stale = b.stale(d, h)
		}
		for _, p := range h.Problems {
			d.Problems = append(d.Problems, b.problem(h.Dataset, p))
		}
		out = append(out, d)
	}
	return out, until
}

func (b *builder) stale(d Dataset, h results.DatasetHealth) string {
	newest := "there is no row with a time"
	if h.NewestEvent != nil {
		newest = "the newest row is of " + b.Words.Date(*h.NewestEvent)
	}
	return fmt.Sprintf("%s is stale: %s, and it should be no older than %s", d.Title, newest, span(h.FreshWithin))
}

// span writes a duration in the largest unit that divides it.
func span(d time.Duration) string {
	for _, u := range []struct {
		length time.Duration
		name   string
	}{{24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}} {
		if n := d / u.length; n > 0 && d%u.length == 0 {
			if n == 1 {
				return "1 " + u.name
			}
			return fmt.Sprintf("%d %ss", n, u.name)
		}
	}
	return d.String()
}

func (b *builder) datasetTitle(name string) string {
	for _, d := range b.Rules.Module.Datasets {
		if d.Name.Value() == name {
			return title(d.Title.Value(), name)
		}
	}
	return sentence(name)
}

// problem writes one kind of dirt. Counts of rows are about the data's health,
// not about people who share a trait: they are shown as they are.
func (b *builder) problem(dataset string, p results.Problem) Problem {
	out := Problem{
		Column: p.Column, Rule: p.Rule, Reason: p.Reason, Action: p.Action, Severity: p.Severity,
		Rows: b.count(p.Rows, shown), Value: Number{Hidden: true},
	}
	subject := b.datasetTitle(dataset)
	if p.Column != "" {
		subject += ", " + p.Column
	}
	rows := "rows"
	if p.Rows == 1 {
		rows = "row"
	}
	out.Text = fmt.Sprintf("%s: %s in %s %s (%s)", subject, p.Reason, b.Words.Count(p.Rows), rows, p.Action)
	if p.Rule != "" {
		out.Text = fmt.Sprintf("%s: %s does not hold in %s %s (%s)", subject, p.Rule, b.Words.Count(p.Rows), rows, p.Action)
	}
	if p.HasValue {
		if text, ok := b.Words.Value(p.Value, b.Rules.Settings.Currency); ok {
			v := p.Value
			out.Value = Number{Value: &v, Text: text}
			out.Text += ", worth " + text
		}
	}
	return out
}
