package report

import (
	"fmt"
	"time"

	"personae/engine/catalog"
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
			if b.delivers(h.Dataset) && (until == nil || t.Before(*until)) {
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

// delivers tells whether a dataset brings events of its own: not one that is made
// from others, and not the people themselves.
func (b *builder) delivers(name string) bool {
	if t := b.Rules.Catalog.Table(name); t != nil && t.Role == catalog.Root {
		return false
	}
	for _, d := range b.Rules.Module.Datasets {
		if d.Name.Value() == name && d.Source != nil {
			return d.Source.SQL.Value() == "" && d.Source.Distinct.Value() == ""
		}
	}
	return true
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
	out.Text = fmt.Sprintf("%s: %s", b.datasetTitle(dataset), b.dirt(dataset, p))
	if p.HasValue {
		if text, ok := b.Words.Value(p.Value, b.Rules.Settings.Currency); ok {
			v := p.Value
			out.Value = Number{Value: &v, Text: text}
			out.Text += ", worth " + text
		}
	}
	return out
}

// dirt says one kind of dirt in the words of people who know the data.
func (b *builder) dirt(dataset string, p results.Problem) string {
	n := b.Words.Count(p.Rows)
	rows := n + " rows"
	if p.Rows == 1 {
		rows = n + " row"
	}
	if p.Rule != "" {
		return fmt.Sprintf("%q does not hold in %s (%s)", p.Rule, rows, p.Action)
	}
	form, known := dirtWords[p.Reason]
	if !known {
		form = "%[1]s with " + p.Reason + " in %[2]s"
	}
	column := p.Column
	if column == "" {
		column = "a column"
	}
	text := fmt.Sprintf(form, rows, column, b.owner(dataset))
	if doing := doings[p.Action]; doing != "" {
		return text + ", " + doing
	}
	return text + " (" + p.Action + ")"
}

// dirtWords say a reason for rows (1), their column (2) and the entity that
// they belong to (3).
var dirtWords = map[string]string{
	"unreadable value":            "%[1]s with an unreadable value in %[2]s",
	"unreadable line":             "%[1]s with too few or too many cells",
	"required value missing":      "%[1]s without %[2]s, which is required",
	"null key":                    "%[1]s without a key (%[2]s)",
	"no time":                     "%[1]s without a time (%[2]s)",
	"later than as-of":            "%[1]s later than the moment that this is calculated for",
	"duplicate row":               "%[1]s that repeat another row",
	"same key, different content": "%[1]s whose key (%[2]s) another row has",
	"orphan row":                  "%[1]s without a %[3]s",
	"reference to no row":         "%[1]s whose %[2]s is not in the data",
}

var doings = map[string]string{
	"set to null": "read as empty", "read as not set": "read as empty", "row skipped": "left out", "dropped": "left out",
}

// owner is what one row of a dataset belongs to, for people.
func (b *builder) owner(dataset string) string {
	if t := b.Rules.Catalog.Table(dataset); t != nil && t.Of != "" {
		return t.Of
	}
	return "owner"
}
