package duckdb

import (
	"context"
	"strings"
	"testing"
	"time"

	"personae/engine/plan"
)

const sqlBase = `kind: Dataset
name: orders
entity: order
of: customer
by: c
time: at
source: {path: o.csv}
---
kind: Dataset
name: customers
entity: customer
key: id
source:
  sql: `

var sqlFiles = map[string]string{"o.csv": "c,at,v,unused\n1,2025-01-01,0.1,q\n1,2025-02-01,0.2,q\n2,2027-01-01,5,q\n,2025-01-01,7,q\n3,2025-03-01,x,q\n"}

// TestSQLRefused: anything but one SELECT over other datasets.
func TestSQLRefused(t *testing.T) {
	for _, c := range []struct {
		sql, code, at string
		parts         []string
	}{
		{"DROP TABLE orders", "sql-not-select", "", nil},
		{"SELECT 1 AS id; SELECT 2 AS id", "sql-not-select", "", nil},
		{"COPY orders TO 'x.csv'", "sql-not-select", "", nil},
		{"ATTACH 'x.db'", "sql-not-select", "", nil},
		{"SET threads = 1", "sql-not-select", "", nil},
		{"PRAGMA version", "sql-not-select", "", nil},
		{"INSERT INTO orders SELECT * FROM orders", "sql-not-select", "", nil},
		{"SELECT * FROM read_csv('o.csv')", "sql-not-select", "read_csv", []string{"Files are read by datasets"}},
		{"SELECT * FROM glob('*')", "sql-not-select", "glob", nil},
		{"SELECT * FROM duckdb_settings()", "sql-not-select", "duckdb_settings", nil},
		{"SELECT * FROM query('SELECT 1')", "sql-not-select", "query", nil},
		{"SELECT * FROM 'o.csv'", "unknown-name", "'", nil},
		{"SELECT * FROM ordrs", "unknown-name", "ordrs", []string{"Did you mean orders?"}},
		{"SELECT * FROM snapshot.orders", "sql-not-select", "snapshot", []string{"plain names"}},
		{"SELECT * FROM information_schema.tables", "sql-not-select", "information_schema", nil},
		{"SELECT c AS id FROM (SELECT c, now() AS n FROM orders)", "sql-error", "now", []string{"the clock"}},
		{"SELECT c AS id, random() AS r FROM orders", "sql-error", "random", []string{"chance"}},
		{"SELECT c AS id, current_date AS r FROM orders", "sql-error", "current_date", []string{"the clock"}},
		{"SELECT current_setting('threads') AS id FROM orders", "sql-error", "current_setting", nil},
		{"SELECT c AS id FROM orders USING SAMPLE 3", "sql-error", "", []string{"random sample"}},
		{"SELECT c AS id FROM orders WHERE (SELECT count(*) FROM read_text('/etc/passwd')) > 0", "sql-not-select", "read_text", nil},
		{"SELEC c FROM orders", "sql-error", "SELEC", nil},
		{"SELECT nope AS id FROM orders", "sql-error", "", []string{"nope"}},
		{"WITH orders AS (SELECT 1 AS id) SELECT * FROM orders", "sql-error", "orders", []string{"another name"}},
		{"SELECT c AS id, c AS ID FROM orders", "sql-error", "", []string{"two columns"}},
		{"FROM (DESCRIBE orders)", "sql-not-select", "", nil},
		{"FROM (SUMMARIZE orders)", "sql-not-select", "", nil},
		{"SELECT c AS id, any_value(v) AS v FROM orders GROUP BY 1", "sql-not-select", "any_value", []string{"order of rows", "min or max"}},
		{"SELECT c AS id, list(v) AS v FROM orders GROUP BY 1", "sql-not-select", "list", []string{"ORDER BY"}},
		{"SELECT c AS id, arg_max(v, c) AS v FROM orders GROUP BY 1", "sql-not-select", "arg_max", []string{"order of rows"}},
		{"SELECT $1 AS id", "sql-error", "", []string{"placeholder"}},
	} {
		yaml := sqlBase + "|-\n    " + c.sql + "\n"
		list := introspectErrors(t, yaml, sqlFiles)
		found := false
		for _, d := range list {
			covered := ""
			if d.Range.Start.Line > 0 {
				covered = yaml[d.Range.Start.Byte:d.Range.End.Byte]
			}
			all := d.Code == c.code && (c.at == "" || strings.HasPrefix(covered, c.at)) && strings.Contains(yaml[d.Range.Start.Byte:], "\n")
			for _, p := range c.parts {
				all = all && strings.Contains(d.Summary+d.Detail, p)
			}
			found = found || all
		}
		if !found {
			t.Errorf("%s: no %s at %q %q in\n%s", c.sql, c.code, c.at, c.parts, show(list))
		}
		noRawText(t, list)
	}
}

// TestSQLDataset: the SQL sees converted rows, without those that do not exist.
func TestSQLDataset(t *testing.T) {
	yaml := sqlBase + `|-
    WITH o AS (SELECT x.c, x.v FROM orders AS x WHERE c IS NOT NULL)
    SELECT c AS id, count(*) AS n, sum(v) AS spent, sum(1) AS ones FROM o GROUP BY ALL
columns: {spent: {unit: GBP}}
`
	yaml = strings.Replace(yaml, "source: {path: o.csv}\n", "source: {path: o.csv}\ncolumns: {v: {type: double}}\n", 1)
	w := newWorld(t, yaml, sqlFiles)
	c := w.introspect()
	s, list := w.db.Load(context.Background(), w.m, c, []plan.TableUse{{Table: c.Table("customers"), Columns: []string{"spent"}}}, LoadOptions{AsOf: asOf})
	if list.HasErrors() {
		t.Fatal(show(list))
	}
	w.wantRows("FROM snapshot.customers", "1|0.3", "3|-")
	// Only what the SQL names is read of its datasets.
	w.wantRows("SELECT column_name FROM (DESCRIBE snapshot.orders) ORDER BY 1", "at", "c", "v")
	wantProblems(t, s.health(t, "orders"),
		"later than as-of/at/1/row skipped/warn o.csv:3",
		"orphan row/c/1/row skipped/warn o.csv:4",
		`unreadable value/v/1/set to null/warn o.csv:5 "x"`)
	if got := c.Table("customers").Column("spent").Type.String(); got != "double?" {
		t.Errorf("spent is %s", got)
	}
}

// TestSQLOrderedAggregates: an aggregate with an order of its own is welcome.
func TestSQLOrderedAggregates(t *testing.T) {
	w := newWorld(t, sqlBase+"SELECT c AS id, list(v ORDER BY v) AS vs, first(v ORDER BY v) AS v FROM orders WHERE c IS NOT NULL GROUP BY 1\n", sqlFiles)
	w.mustLoad()
	w.wantRows("SELECT count(*) FROM snapshot.customers", "2")
}

func TestSQLReadsWholeRows(t *testing.T) {
	w := newWorld(t, sqlBase+"SELECT DISTINCT ON (c) c AS id, orders.* EXCLUDE (c) FROM orders WHERE c IS NOT NULL ORDER BY c, \"at\"\n", sqlFiles)
	w.mustLoad()
	w.wantRows("SELECT id, unused FROM snapshot.customers", "1|q", "3|q")
}

// TestSQLSeesValues: the star stands for the columns that rules see, no others.
func TestSQLSeesValues(t *testing.T) {
	w := newWorld(t, "kind: Dataset\nname: o\nsource: {path: o.csv}\ncolumns: {v: {type: double}, at: {type: date}}\n---\nkind: Dataset\nname: s\nkey: c\nsource: {sql: \"SELECT k.* FROM o k WHERE c IS NOT NULL\"}\n",
		map[string]string{"o.csv": "c,at,v\n1,2025-01-01,x\n2,y,0.5\n"})
	table := w.introspect().Table("s")
	if len(table.Columns) != 3 || len(table.Hidden) != 0 {
		t.Errorf("%d columns, hidden: %v", len(table.Columns), table.Hidden)
	}
	wantProblems(t, w.mustLoad().health(t, "o"), "unreadable value/at/1/set to null/warn o.csv:2 \"y\"", "unreadable value/v/1/set to null/warn o.csv:1 \"x\"")
	w.wantRows("SELECT c, v FROM snapshot.s", "1|-", "2|0.5")
}

func TestCycle(t *testing.T) {
	yaml := "kind: Dataset\nname: a\nkey: id\nsource: {sql: SELECT * FROM b}\n---\nkind: Dataset\nname: b\nkey: id\nsource: {distinct: c}\n---\nkind: Dataset\nname: c\nkey: id\nsource: {sql: SELECT * FROM a}\n"
	list := introspectErrors(t, yaml, nil)
	want(t, list, yaml, "cycle", "SELECT * FROM b", "a → b → c → a")
	if len(list) != 1 {
		t.Errorf("more than the circle: %s", show(list))
	}
}

func TestDistinct(t *testing.T) {
	files := map[string]string{"o.csv": "c,v\n2,1\n1,1\n,1\n2,1\n"}
	yaml := "kind: Dataset\nname: orders\nentity: order\nof: customer\nby: c\nsource: {path: o.csv}\n---\nkind: Dataset\nname: customers\nentity: customer\nkey: KEY\nsource: {distinct: orders}\n"
	for _, key := range []string{"c", "customer_id"} { // by its name, and by `by`
		w := newWorld(t, strings.Replace(yaml, "KEY", key, 1), files)
		s := w.mustLoad()
		w.wantRows("FROM snapshot.customers", "1", "2")
		wantProblems(t, s.health(t, "orders"), "orphan row/c/1/row skipped/warn o.csv:3")
		wantProblems(t, s.health(t, "customers"))
	}
	bad := strings.Replace(strings.Replace(yaml, "KEY", "nr", 1), "of: customer\nby: c\n", "", 1)
	want(t, introspectErrors(t, bad, files), bad, "column-missing", "nr")
}

func TestFreshness(t *testing.T) {
	files := map[string]string{"o.csv": "id,at\n1,2025-12-30\n2,2026-02-01\n"}
	yaml := func(within, more string) string {
		return "kind: Dataset\nname: o\nkey: id\ntime: at\nfresh: {within: " + within + more + "}\nsource: {path: o.csv}\n"
	}
	w := newWorld(t, yaml("days(2)", ""), files)
	s := w.mustLoad()
	h := s.health(t, "o")
	if h.Stale || h.FreshWithin != 48*time.Hour || h.NewestEvent.Format(time.DateOnly) != "2025-12-30" {
		t.Errorf("%+v", h)
	}
	w = newWorld(t, yaml("hours(12)", ""), files)
	s, list := w.load()
	want(t, list, yaml("hours(12)", ""), "stale-data", "hours(12)", "1 day older", "30 Dec 2025")
	if list.HasErrors() || !s.health(t, "o").Stale {
		t.Error("stale data is a warning")
	}
	w = newWorld(t, yaml("hours(12)", ", severity: error"), files)
	if s, list = w.load(); !list.HasErrors() || s != nil {
		t.Error("severity: error lets it pass")
	}
}

func TestFutureAndLatest(t *testing.T) {
	files := map[string]string{"o.csv": "id,at\n1,2025-12-30\n2,2026-02-01T10:00:00Z\n"}
	yaml := "kind: Dataset\nname: o\nkey: id\ntime: at\nsource: {path: o.csv}\n"
	w := newWorld(t, yaml, files)
	s := w.mustLoad()
	wantProblems(t, s.health(t, "o"), "later than as-of/at/1/row skipped/warn o.csv:2")
	s, _ = w.loadAt(LoadOptions{Latest: true})
	if wantProblems(t, s.health(t, "o")); s.AsOf.Format(time.RFC3339) != "2026-02-01T10:00:00Z" {
		t.Errorf("as of %s", s.AsOf)
	}
	w = newWorld(t, yaml+"future: true\n", files)
	s = w.mustLoad()
	wantProblems(t, s.health(t, "o"))
	if s.health(t, "o").Rows != 2 {
		t.Error("future rows are gone")
	}
}

// TestFingerprints: the order of rows and the split into files make no
// difference; content does, and so do values that change places.
func TestFingerprints(t *testing.T) {
	print := func(files map[string]string) (string, string) {
		w := newWorld(t, pathYAML(`"*.csv"`, ""), files)
		s := w.mustLoad()
		return s.health(t, "d").Fingerprint, s.Facts.Column("d", "v").Fingerprint
	}
	a, av := print(map[string]string{"a.csv": "id,v\n1,x\n2,y\n3,\n"})
	b, bv := print(map[string]string{"b.csv": "v,id\n,3\ny,2\n", "c.csv": "id,v\n1,x\n"})
	if a != b || av != bv || a == "" || av == "" {
		t.Errorf("%s %s, %s %s", a, b, av, bv)
	}
	for name, text := range map[string]string{"swapped": "id,v\n1,y\n2,x\n3,\n", "null": "id,v\n1,x\n2,\n3,\n", "more": "id,v\n1,x\n2,y\n3,\n4,\n", "type": "id,v\n1,1\n2,2\n3,\n"} {
		if c, cv := print(map[string]string{"a.csv": text}); c == a || cv == av {
			t.Errorf("%s: the same fingerprint", name)
		}
	}
}

// TestNamesInSQL: names and values that look like SQL are names and values.
func TestNamesInSQL(t *testing.T) {
	evil := `x'; DROP SCHEMA snapshot; --`
	yaml := "kind: Dataset\nname: d\nkey: id\nsource: {path: \"a'b [1].csv\"}\nnull_values: [\"'; DROP SCHEMA snapshot; --\"]\ncolumns:\n  v: {from: \"" + evil + "\", replace: {\"a'b\": \"c''d\"}}\n"
	w := newWorld(t, yaml, map[string]string{"a'b [1].csv": "id," + evil + "\n1,a'b\n2,'; DROP SCHEMA snapshot; --\n"})
	w.mustLoad()
	w.wantRows("FROM snapshot.d", "1|c''d", "2|-")
}

func TestEmptyTable(t *testing.T) {
	w := newWorld(t, pathYAML("x.csv", ""), map[string]string{"x.csv": "id,v\n"})
	s := w.mustLoad()
	if h := s.health(t, "d"); h.Rows != 0 || h.Read != 0 || h.Fingerprint == "" {
		t.Errorf("%+v", h)
	}
	if f := s.Facts.Column("d", "v"); f.Min != nil || f.Nulls != 0 || f.Distinct == nil {
		t.Errorf("%+v", f)
	}
}
