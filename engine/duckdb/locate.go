package duckdb

import (
	"context"
	"database/sql"
	"fmt"
	"sort"
	"strings"

	"personae/engine/english"
	"personae/engine/sqltext"
)

// locate finds the first row of every problem: the smallest file, then the
// smallest row in it, the first row of data being 1. The data is read again
// only where there are problems: once for the files, and once for each file.
func (l *loader) locate(ctx context.Context, d *dataset) {
	h := l.health[d.spec.Name.Value()]
	if len(d.rel.files) == 0 {
		return
	}
	byFile := map[int][]*problem{}
	var open []*problem
	for _, p := range h.problems {
		if p.where != "" {
			open = append(open, p)
		}
	}
	if len(open) == 0 {
		return
	}
	if len(d.rel.files) == 1 {
		byFile[0] = open
	} else if !l.firstFiles(ctx, d, open, byFile) {
		return
	}
	files := make([]int, 0, len(byFile))
	for i := range byFile {
		files = append(files, i)
	}
	sort.Ints(files)
	for _, i := range files {
		l.firstRows(ctx, d, i, byFile[i])
	}
}

// firstFiles finds in one scan the first file that shows each problem.
func (l *loader) firstFiles(ctx context.Context, d *dataset, open []*problem, byFile map[int][]*problem) bool {
	var counts []string
	for _, p := range open {
		counts = append(counts, "min("+sqltext.Ident(fileColumn)+") FILTER ("+p.where+")")
	}
	found := make([]sql.NullString, len(open))
	pointers := make([]any, len(open))
	for i := range found {
		pointers[i] = &found[i]
	}
	query := "SELECT " + strings.Join(counts, ", ") + " FROM (" + d.converted(l.used(d), reading{schema: snapshotSchema, numbered: true}) + ")"
	if err := l.conn.QueryRowContext(ctx, query).Scan(pointers...); err != nil {
		report(l.list, err, d.spec.Name.Value(), d.rel.at)
		return false
	}
	for i, p := range open {
		for n, f := range d.rel.files {
			if found[i].Valid && f.path == found[i].String {
				byFile[n] = append(byFile[n], p)
			}
		}
	}
	return true
}

// firstRows finds in one scan of a file the first row of each problem.
func (l *loader) firstRows(ctx context.Context, d *dataset, file int, open []*problem) {
	var outputs []string
	row := sqltext.Ident(rowColumn)
	for _, p := range open {
		sample := "''"
		if p.sample != "" {
			sample = sqltext.Ident(p.sample)
		}
		outputs = append(outputs, "min("+row+") FILTER ("+p.where+")", "arg_min("+sample+", "+row+") FILTER ("+p.where+")")
	}
	rows, samples := make([]sql.NullInt64, len(open)), make([]sql.NullString, len(open))
	pointers := make([]any, 0, 2*len(open))
	for i := range open {
		pointers = append(pointers, &rows[i], &samples[i])
	}
	query := "SELECT " + strings.Join(outputs, ", ") + " FROM (" + d.converted(l.used(d), reading{files: []int{file}, schema: snapshotSchema, numbered: true}) + ")"
	if err := l.conn.QueryRowContext(ctx, query).Scan(pointers...); err != nil {
		report(l.list, err, d.spec.Name.Value(), d.rel.at)
		return
	}
	for i, p := range open {
		p.File, p.Row, p.Sample = d.rel.files[file].name, rows[i].Int64, shorten(samples[i].String)
	}
}

// shorten keeps samples short enough for a line on a terminal.
func shorten(s string) string {
	runes := []rune(s)
	if len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return s
}

// describe turns the problems of a dataset into diagnostics.
func (l *loader) describe(d *dataset) {
	for _, p := range l.health[d.spec.Name.Value()].problems {
		if p.Severity == "info" {
			continue
		}
		text := sentence(p, d.spec.Name.Value())
		if p.HasValue {
			text += fmt.Sprintf(" (worth %s)", number(p.Value))
		}
		found := l.list.Warnf
		if p.Severity == "error" {
			found = l.list.Errorf
		}
		found(p.code, p.at, "%s", text).Detail = strings.TrimSpace(advice[p.Reason] + "\n" + place(p))
	}
}

func place(p *problem) string {
	if p.File == "" || p.Row == 0 {
		return ""
	}
	what := "row"
	if p.Reason == reasonLine {
		what = "line"
	}
	text := fmt.Sprintf("The first is in %s, %s %d", p.File, what, p.Row)
	if p.Sample != "" {
		text += fmt.Sprintf(": %q", p.Sample)
	}
	return text + "."
}

func sentence(p *problem, dataset string) string {
	n := p.Rows
	switch p.Reason {
	case reasonCell:
		if p.code == "column-unreadable" {
			return fmt.Sprintf("Not one of the %s of %s.%s can be read", english.Count(n, "value", "values"), dataset, p.Column)
		}
		return fmt.Sprintf("%s of %s.%s cannot be read: %s", english.Count(n, "value", "values"), dataset, p.Column, p.Action)
	case reasonLine:
		return fmt.Sprintf("%s of %s cannot be split into cells: left out", english.Count(n, "line", "lines"), dataset)
	case reasonRequired:
		return fmt.Sprintf("%s of %s without %s, which is required: left out", english.Count(n, "row", "rows"), dataset, p.Column)
	case reasonNoKey:
		return fmt.Sprintf("%s of %s without a key (%s): left out", english.Count(n, "row", "rows"), dataset, p.Column)
	case reasonNoTime:
		return fmt.Sprintf("%s of %s without a time (%s): left out", english.Count(n, "row", "rows"), dataset, p.Column)
	case reasonFuture:
		return fmt.Sprintf("%s of %s later than the instant that is calculated for: left out", english.Count(n, "row", "rows"), dataset)
	case reasonCopy:
		return fmt.Sprintf("%s of %s, the same in all that is read: left out", english.Count(n, "copy of a row", "copies of rows"), dataset)
	case reasonDuplicate:
		return fmt.Sprintf("%s of %s whose key (%s) another row has, with other content", english.Count(n, "row", "rows"), dataset, p.Column)
	case reasonOrphan:
		return fmt.Sprintf("%s of %s without an owner (%s): left out", english.Count(n, "row", "rows"), dataset, p.Column)
	case reasonDangling:
		return fmt.Sprintf("%s of %s whose %s is in no row of the dataset that it references: %s", english.Count(n, "row", "rows"), dataset, p.Column, p.Action)
	}
	return fmt.Sprintf("%s of %s: %s", english.Count(n, "row", "rows"), dataset, p.Reason)
}

var advice = map[string]string{
	reasonCell:      "Correct the data, or declare how it is written: `type`, `format`, `decimal`, `null_values`, `replace`.",
	reasonLine:      "They have too many or too few cells, or broken quotes. Correct the file, or declare its `delimiter` and `quote`.",
	reasonRequired:  "Correct the data, or take `required` out.",
	reasonNoKey:     "A row without its key belongs to nobody. Correct the data.",
	reasonNoTime:    "A row of a relation counts only with its time. Correct the data.",
	reasonFuture:    "Rows from the future do not exist, unless the dataset says `future: true`.",
	reasonCopy:      "They count once. Check why the delivery repeats them.",
	reasonDuplicate: "Write `on_duplicate: first` or `last` with an `order_by` that decides, or correct the data.",
	reasonDangling:  "has() of such a reference is false. Check whether both deliveries are of the same day.",
	reasonOrphan:    "Their owner is not named, or is in no row of its own table: check whether both deliveries are of the same day. `orphans: ignore` accepts them.",
}
