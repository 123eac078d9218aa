package duckdb

import (
	"context"
	"fmt"
	"strings"

	"personae/engine/catalog"
)

// guess is a type that a text column may have.
type guess struct {
	typ  catalog.Type
	date bool
	// unlike is a pattern whose match says that the cells are names and not
	// values, as in 01234; "" for none.
	unlike string
	json   bool // tried for text in JSON as well
}

// guesses are tried in order; the first that every cell fits is the type.
// Columns of 1 and 0 are numbers, and numbers with leading zeros or with more
// digits than a double holds are text.
var guesses = []guess{
	{typ: catalog.Type{Kind: catalog.Bool}, unlike: "[01]"},
	{typ: catalog.Type{Kind: catalog.Int}, unlike: leadingZero},
	{typ: catalog.Type{Kind: catalog.Double}, unlike: leadingZero + "|" + longWhole},
	{typ: catalog.Type{Kind: catalog.Timestamp}, date: true, json: true},
	{typ: catalog.Type{Kind: catalog.Timestamp}, json: true},
}

// sampleRows are looked at first, so that few guesses are tried on all rows.
const sampleRows = 20000

// trial is one guess about one column.
type trial struct {
	c *column
	g guess
}

// sniff finds the types of undeclared text columns. A type is chosen only if
// every cell that is not null fits; a column without any value is a string.
func (b *builder) sniff(ctx context.Context, d *dataset) error {
	var open []trial
	for _, c := range d.columns {
		if c.typed || !c.asText || d.rel.kind != "csv" && d.rel.kind != "json" {
			continue
		}
		for _, g := range guesses {
			if d.rel.kind == "csv" || g.json {
				open = append(open, trial{c, g})
			}
		}
	}
	open, err := b.surviving(ctx, d, open, fmt.Sprintf(" LIMIT %d", sampleRows), false)
	if err != nil {
		return err
	}
	open, err = b.surviving(ctx, d, open, "", true)
	if err != nil {
		return err
	}
	done := map[*column]bool{}
	for _, t := range open {
		if !done[t.c] {
			done[t.c] = true
			t.c.rules.date = t.g.date
			b.become(t.c, t.g.typ)
		}
	}
	return nil
}

// surviving tries guesses in one scan and keeps those that every cell fits. A
// column without values keeps its guesses only while values may still come.
func (b *builder) surviving(ctx context.Context, d *dataset, trials []trial, limit string, last bool) ([]trial, error) {
	if len(trials) == 0 {
		return nil, nil
	}
	index := map[*column]int{}
	var cells, counts []string
	for _, t := range trials {
		i, ok := index[t.c]
		if !ok {
			i = len(index)
			index[t.c] = i
			cells = append(cells, fmt.Sprintf("nullif(trim(%s), '') AS c%d", t.c.cell(), i))
		}
		x := fmt.Sprintf("c%d", i)
		rules := t.c.rules
		rules.date = t.g.date
		fits := "(" + textTo(t.g.typ, rules, x) + ") IS NOT NULL"
		if t.g.unlike != "" {
			fits += " AND NOT " + matches(x, t.g.unlike)
		}
		counts = append(counts, fmt.Sprintf("count(%s), count(*) FILTER (%s IS NOT NULL AND %s)", x, x, fits))
	}
	query := "SELECT " + strings.Join(counts, ", ") + " FROM (SELECT " + strings.Join(cells, ", ") + " FROM (" + d.rel.from(reading{}) + ")" + limit + ")"
	found, err := scanInts(ctx, b.conn, query, 2*len(trials))
	if err != nil {
		return nil, err
	}
	var kept []trial
	for i, t := range trials {
		values, fit := found[2*i], found[2*i+1]
		if values == fit && (values > 0 || !last) {
			kept = append(kept, t)
		}
	}
	return kept, nil
}
