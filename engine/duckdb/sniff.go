package duckdb

import (
	"context"
	"fmt"
	"strings"

	"personae/engine/catalog"
	"personae/engine/sqltext"
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

// test is a guess as it is tried on cells: columns that are read by the same
// rules share it.
type test struct {
	typ    catalog.Kind
	unlike string
	rules  cellRules
}

// surviving tries guesses in one scan and keeps those that every cell fits. A
// column without values keeps its guesses only while values may still come.
//
// The cells of a row are made into a list, and its entries into rows of their
// own: each test stands once in the query, however many columns there are. A
// query that names every test of every column takes the square of them.
func (b *builder) surviving(ctx context.Context, d *dataset, trials []trial, limit string, last bool) ([]trial, error) {
	if len(trials) == 0 {
		return nil, nil
	}
	index, place := map[*column]int{}, map[test]int{}
	var cells, fits []string
	var tried [][]string // of each test, the columns
	tests := make([]int, len(trials))
	for n, t := range trials {
		i, ok := index[t.c]
		if !ok {
			i = len(index)
			index[t.c] = i
			cells = append(cells, fmt.Sprintf("nullif(trim(%s), '')", t.c.cell()))
		}
		k := test{typ: t.g.typ.Kind, unlike: t.g.unlike, rules: t.c.rules}
		k.rules.date = t.g.date
		if tests[n], ok = place[k]; !ok {
			tests[n] = len(place)
			place[k] = tests[n]
			fits, tried = append(fits, k.fits(t.g.typ)), append(tried, nil)
		}
		tried[tests[n]] = append(tried[tests[n]], sqltext.Int(int64(i)))
	}
	counts := []string{"count(*)"}
	for n, f := range fits {
		counts = append(counts, fmt.Sprintf("count(CASE WHEN i IN (%s) THEN CASE WHEN %s THEN 1 END END)", strings.Join(tried[n], ", "), f))
	}
	query := fmt.Sprintf("SELECT i, %s FROM (SELECT unnest([%s]) AS x, unnest(range(%d)) AS i FROM (%s%s)) WHERE x IS NOT NULL GROUP BY i",
		strings.Join(counts, ", "), strings.Join(cells, ", "), len(cells), "FROM ("+d.rel.from(reading{})+")", limit)
	found, err := b.countsOf(ctx, query, len(cells), len(counts))
	if err != nil {
		return nil, err
	}
	var kept []trial
	for n, t := range trials {
		row := found[index[t.c]]
		if values, fit := row[0], row[1+tests[n]]; values == fit && (values > 0 || !last) {
			kept = append(kept, t)
		}
	}
	return kept, nil
}

// fits is the SQL that is true for a cell x, not null, that can be read.
func (k test) fits(t catalog.Type) string {
	fits := "(" + textTo(t, k.rules, "x") + ") IS NOT NULL"
	if k.unlike != "" {
		fits += " AND NOT " + matches("x", k.unlike)
	}
	return fits
}

// countsOf runs a query that gives, for some of the columns, the column's
// number and counts. Columns without a row have zeros.
func (b *builder) countsOf(ctx context.Context, query string, columns, counts int) ([][]int64, error) {
	found := make([][]int64, columns)
	for i := range found {
		found[i] = make([]int64, counts)
	}
	rows, err := b.conn.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		values, pointers := make([]int64, 1+counts), make([]any, 1+counts)
		for i := range values {
			pointers[i] = &values[i]
		}
		if err := rows.Scan(pointers...); err != nil {
			return nil, err
		}
		copy(found[values[0]], values[1:])
	}
	return found, rows.Err()
}
