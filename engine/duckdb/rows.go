package duckdb

import (
	"context"
	"fmt"
	"strings"

	"personae/engine/catalog"
	"personae/engine/results"
	"personae/engine/source"
	"personae/engine/sqltext"
)

// The reasons of problems, as reports show them.
const (
	reasonCell      = "unreadable value"
	reasonLine      = "unreadable line"
	reasonRequired  = "required value missing"
	reasonNoKey     = "null key"
	reasonNoTime    = "no time"
	reasonFuture    = "later than as-of"
	reasonCopy      = "duplicate row"
	reasonDuplicate = "same key, different content"
	reasonOrphan    = "orphan row"
	reasonDangling  = "reference to no row"
)

// What happens to rows and cells with a problem.
const (
	actionNull    = "set to null"
	actionSkipped = "row skipped"
	actionUnset   = "read as not set"
	actionDropped = "dropped"
	actionFailed  = "run failed"
)

// problem is a counted problem and how to find its first row again.
type problem struct {
	results.Problem
	code   string       // of its diagnostic
	at     source.Range // of its diagnostic
	where  string       // true, in a numbered reading, for the rows that have it; "" where place is known or none
	sample string       // column of the numbered reading that is shown; "" for none
}

// kind of row that is not kept, in the order that decides where a row has
// several reasons: each row of the source is counted once.
type rowClass struct {
	reason, code, where string
	at                  source.Range
	column              string
}

// rowClasses lists why rows of d are left out before duplicates and orphans.
func (l *loader) rowClasses(d *dataset, columns []*column) []rowClass {
	var classes []rowClass
	for _, c := range columns {
		if c.fallible && c.onError == "skip" {
			classes = append(classes, rowClass{reasonCell, "", sqltext.Ident(c.flag()), c.place, c.cat.Name})
		}
	}
	key, at := d.spec.Key.Value(), d.spec.Time.Value()
	for _, c := range columns {
		if c.required && c.cat.Name != key && c.cat.Name != at {
			classes = append(classes, rowClass{reasonRequired, "rejected-rows", isNull(c), c.place, c.cat.Name})
		}
	}
	if c := d.column(key); c != nil {
		classes = append(classes, rowClass{reasonNoKey, "null-keys", isNull(c), d.spec.Key.Range(), key})
	}
	if c := d.column(at); c != nil {
		if d.role == catalog.Relation || c.required {
			classes = append(classes, rowClass{reasonNoTime, "rejected-rows", isNull(c), d.spec.Time.Range(), at})
		}
		if !d.spec.Future.V {
			later := fmt.Sprintf("coalesce(%s > TIMESTAMPTZ %s, false)", sqltext.Ident(at), sqltext.Literal(l.asOf.UTC().Format("2006-01-02 15:04:05.999999")+"+00"))
			classes = append(classes, rowClass{reasonFuture, "rejected-rows", later, d.spec.Time.Range(), at})
		}
	}
	return classes
}

func isNull(c *column) string { return sqltext.Ident(c.cat.Name) + " IS NULL" }

// stage reads a dataset into its snapshot table: values converted, rows that
// cannot be used left out and counted, one row for each key.
func (l *loader) stage(ctx context.Context, d *dataset) bool {
	name := d.spec.Name.Value()
	h := &health{DatasetHealth: results.DatasetHealth{Dataset: name}}
	l.health[name] = h
	columns := l.used(d)
	rd := reading{schema: snapshotSchema}
	if d.rel.rejects {
		l.db.reads++
		rd.rejects = fmt.Sprintf("rejected_lines_%d", l.db.reads)
		defer l.forgetRejects(ctx, rd.rejects)
	}
	from, done, ok := l.staged(ctx, d, "("+d.converted(columns, rd)+")")
	if !ok {
		return false
	}
	defer done()
	kept, ok := l.judge(ctx, d, columns, h, from)
	if !ok || rd.rejects != "" && !l.rejectedLines(ctx, d, h, rd.rejects) {
		return false
	}
	for _, p := range h.problems {
		if p.Reason == reasonFuture && !l.noteLater(ctx, d, from, p.where) {
			return false
		}
	}
	if d.inPlace() {
		return l.trim(ctx, d, columns, h) && l.duplicates(ctx, d, columns, h)
	}
	query := "CREATE TABLE " + snapshotTable(name) + " AS SELECT " + selected(columns) + " FROM " + from + kept + sortedBy(d)
	return l.exec(ctx, d, query) && l.duplicates(ctx, d, columns, h)
}

// ruled says whether rules may be about the rows of d.
func (d *dataset) ruled() bool {
	return d.role == catalog.Root && !d.spec.Entity.IsZero()
}

// inPlace says whether a reading becomes the snapshot table at once, and loses
// rows there. It does where reading twice is costly and the rows need not be
// written in another form than they are read in.
func (d *dataset) inPlace() bool { return d.rel.costly && !d.ruled() }

// staged stores a reading that is costly, and gives what to read it from.
func (l *loader) staged(ctx context.Context, d *dataset, from string) (string, func(), bool) {
	if !d.rel.costly {
		return from, func() {}, true
	}
	if d.inPlace() {
		table := snapshotTable(d.spec.Name.Value())
		return table, func() {}, l.exec(ctx, d, "CREATE TABLE "+table+" AS "+from+sortedBy(d))
	}
	table := sqltext.Path(stageSchema, d.spec.Name.Value())
	return table, func() { l.exec(ctx, d, "DROP TABLE IF EXISTS "+table) }, l.exec(ctx, d, "CREATE TABLE "+table+" AS "+from)
}

// trim makes a reading that was stored as the snapshot table what it has to
// be: without the rows that are left out, and without flags.
func (l *loader) trim(ctx context.Context, d *dataset, columns []*column, h *health) bool {
	table := snapshotTable(d.spec.Name.Value())
	if h.left > 0 && !l.exec(ctx, d, "DELETE FROM "+table+" WHERE NOT ("+h.kept+")") {
		return false
	}
	for _, c := range columns {
		if c.fallible && !l.exec(ctx, d, "ALTER TABLE "+table+" DROP COLUMN "+sqltext.Ident(c.flag())) {
			return false
		}
	}
	return true
}

// selected lists the columns of a snapshot table.
func selected(columns []*column) string {
	if len(columns) == 0 {
		return "one"
	}
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = sqltext.Ident(c.cat.Name)
	}
	return strings.Join(names, ", ")
}

// sortedBy orders tables that rules are about, so that their rows lie as the
// reports name them. What `sql` makes comes out in no order: it is given one,
// since doubles that other SQL takes the mean of depend on it in the last digit.
func sortedBy(d *dataset) string {
	if !d.spec.Key.IsZero() && (d.ruled() || d.rel.kind == "sql" || d.rel.kind == "distinct") {
		return " ORDER BY " + sqltext.Ident(d.spec.Key.Value())
	}
	return ""
}

// judge counts rejected cells and rows in one scan, and gives the WHERE that
// keeps the rest.
func (l *loader) judge(ctx context.Context, d *dataset, columns []*column, h *health, from string) (string, bool) {
	classes := l.rowClasses(d, columns)
	counts := []string{"count(*)"}
	var cells []*column
	for _, c := range columns {
		if c.fallible {
			cells = append(cells, c)
			counts = append(counts, "count(*) FILTER ("+sqltext.Ident(c.flag())+")")
		}
	}
	var left []string
	for i, class := range classes {
		where := "(" + class.where + ")"
		for _, earlier := range left {
			where += " AND " + earlier
		}
		classes[i].where = where
		left = append(left, "NOT ("+class.where+")")
		counts = append(counts, "count(*) FILTER ("+where+")")
	}
	found, ok := l.counts(ctx, d, "SELECT "+strings.Join(counts, ", ")+" FROM "+from, len(counts))
	if !ok {
		return "", false
	}
	h.Read = found[0]
	h.Rows = h.Read
	for i, c := range cells {
		l.rejectedCells(c, h, found[1+i])
	}
	for i, class := range classes {
		n := found[1+len(cells)+i]
		h.Rows -= n
		h.left += n
		if n > 0 && class.code != "" {
			h.problems = append(h.problems, &problem{
				Problem: results.Problem{Column: class.column, Reason: class.reason, Action: actionSkipped, Severity: "warn", Rows: n},
				code:    class.code, at: class.at, where: class.where,
			})
		}
	}
	if len(left) == 0 {
		h.kept = "true"
		return "", true
	}
	h.kept = strings.Join(left, " AND ")
	return " WHERE " + strings.Join(left, " AND "), true
}

// fewCells is how many unreadable values may stand alone in a column before
// the column itself must be declared wrongly.
const fewCells = 10

// rejectedCells notes the cells of a column that our grammar does not read.
func (l *loader) rejectedCells(c *column, h *health, n int64) {
	if n == 0 {
		return
	}
	p := &problem{
		Problem: results.Problem{Column: c.cat.Name, Reason: reasonCell, Action: actionNull, Severity: "warn", Rows: n},
		code:    "rejected-cells", at: c.place, where: sqltext.Ident(c.flag()), sample: "cell:" + c.cat.Name,
	}
	switch c.onError {
	case "skip":
		p.Action = actionSkipped
	case "fail":
		p.Action, p.Severity = actionFailed, "error"
	}
	if c.cat.PII {
		p.sample = ""
	}
	if n == h.Read && n >= fewCells && (c.decl == nil || c.decl.OnError.IsZero()) {
		// Not one value can be read: that is no dirt, but a wrong type or format.
		p.code, p.Action, p.Severity = "column-unreadable", actionFailed, "error"
	}
	h.problems = append(h.problems, p)
}

// rejectedLines counts the lines of text files that cannot be split into
// cells. A line in another encoding is an error: all names with accents would
// be lost without anyone noticing.
func (l *loader) rejectedLines(ctx context.Context, d *dataset, h *health, table string) bool {
	from := sqltext.Ident(table) + " r JOIN " + sqltext.Ident(table+"_files") + " f USING (scan_id, file_id)"
	found, ok := l.counts(ctx, d, "SELECT count(DISTINCT (file_path, line)), count(*) FILTER (error_type = 'INVALID ENCODING') FROM "+from, 2)
	if !ok {
		return false
	}
	lines, encoding := found[0], found[1]
	if lines == 0 {
		return true
	}
	where := ""
	if encoding > 0 {
		where = " WHERE error_type = 'INVALID ENCODING'"
	}
	var path, message string
	var line int64
	if err := l.conn.QueryRowContext(ctx, "SELECT file_path, line, error_message FROM "+from+where+" ORDER BY file_path, line, error_type LIMIT 1").Scan(&path, &line, &message); err != nil {
		l.exec(ctx, d, "SELECT 1") // the connection is as good as before
		return false
	}
	file := d.rel.fileName(path)
	if encoding > 0 {
		l.list.Errorf("data-corrupt", d.rel.at, "%s is not in the encoding that was expected: %d lines, the first is line %d", file, encoding, line).Detail =
			"Files are UTF-8 unless `encoding` says otherwise. Write `encoding: latin-1` if it comes from an older program, or convert it."
		return false
	}
	h.Read += lines
	if h.Read == lines {
		l.list.Errorf("data-corrupt", d.rel.at, "No line of %s fits its first line", file).Detail =
			"Check `delimiter`, `quote` and `header`. The first problem is in line " + fmt.Sprint(line) + ": " + message
		return false
	}
	h.problems = append(h.problems, &problem{
		Problem: results.Problem{Reason: reasonLine, Action: actionSkipped, Severity: "warn", Rows: lines, File: file, Row: line},
		code:    "rejected-rows", at: d.rel.at,
	})
	return true
}

// forgetRejects drops the tables of rejected lines: each reading makes two, 16 KB
// of memory in a process that stays.
func (l *loader) forgetRejects(ctx context.Context, table string) {
	for _, t := range []string{table, table + "_files"} {
		// One that is left takes room and does no harm: the next has another name.
		_, _ = l.conn.ExecContext(context.WithoutCancel(ctx), "DROP TABLE IF EXISTS "+sqltext.Ident(t))
	}
}

// fileName is the name for people of a file that the database read.
func (r *relation) fileName(path string) string {
	for _, f := range r.files {
		if f.path == path {
			return f.name
		}
	}
	return path
}
