package duckdb

import (
	"context"
	"strings"
	"testing"

	"personae/engine/diag"
	"personae/engine/source"
	"personae/engine/spec"
)

// introspectErrors gives the diagnostics of a project.
func introspectErrors(t *testing.T, yaml string, files map[string]string) diag.List {
	t.Helper()
	w := newWorld(t, yaml, files)
	_, list := w.db.Introspect(context.Background(), w.m)
	return list
}

func TestColumnMissing(t *testing.T) {
	yaml := "kind: Dataset\nname: d\nkey: ids\ntime: when\nsource: {path: x.csv}\ncolumns:\n  incme: {type: double}\n  job: {from: Occupation}\n"
	list := introspectErrors(t, yaml, map[string]string{"x.csv": "id,income,occupation\n1,2,3\n"})
	want(t, list, yaml, "column-missing", "incme", "Did you mean income?")
	want(t, list, yaml, "column-missing", "Occupation", "Did you mean occupation?")
	yaml = "kind: Dataset\nname: d\nkey: ids\nsource: {path: x.csv}\n"
	list = introspectErrors(t, yaml, map[string]string{"x.csv": "id,income\n1,2\n"})
	want(t, list, yaml, "column-missing", "ids", "Did you mean id?")
}

func TestWrongDeclarations(t *testing.T) {
	yaml := "kind: Dataset\nname: d\nkey: id\nsource: {path: x.csv}\ncolumns:\n  born: {type: date, format: \"%d/%m/%Q\"}\n"
	list := introspectErrors(t, yaml, map[string]string{"x.csv": "id,born\n1,2\n"})
	want(t, list, yaml, "bad-format", `"%d/%m/%Q"`, "%Y year")

	yaml = "kind: Dataset\nname: d\nkey: id\ntime: n\nsource: {path: x.csv}\n"
	list = introspectErrors(t, yaml, map[string]string{"x.csv": "id,n\n1,2\n"})
	want(t, list, yaml, "wrong-type", "n", "not a date")

	yaml = "kind: Dataset\nname: d\nkey: id\nsource: {path: x.parquet}\ncolumns:\n  day: {type: int}\n"
	w := newWorld(t, yaml, nil)
	w.make("COPY (SELECT 1 AS id, DATE '2025-01-01' AS day) TO '" + w.root + "/x.parquet'")
	_, list = w.db.Introspect(context.Background(), w.m)
	want(t, list, yaml, "wrong-type", "int", "DATE")
}

func TestKeyTypes(t *testing.T) {
	files := map[string]string{"c.csv": "id\n1\n2\n", "o.csv": "customer\n1\nA2\n"}
	yaml := "kind: Dataset\nname: customers\nentity: customer\nkey: id\nsource: {path: c.csv}\n---\nkind: Dataset\nname: orders\nentity: order\nof: customer\nby: customer\nsource: {path: o.csv}\n"
	list := introspectErrors(t, yaml, files)
	want(t, list, yaml, "key-type-mismatch", "customer", "orders.customer is string", "customers.id is int", "In dataset customers, declare `columns: {id: {type: string}}`")

	fixed := yaml + "columns: {customer: {type: int}}\n"
	if list = introspectErrors(t, fixed, files); list.HasErrors() {
		t.Error(show(list))
	}

	yaml = "kind: Dataset\nname: customers\nentity: customer\nkey: id\nsource: {path: c.csv}\ncolumns:\n  id: {type: int}\n  home: {from: id, type: string, references: stores}\n---\nkind: Dataset\nname: stores\nkey: id\nsource: {path: c.csv}\n"
	list = introspectErrors(t, yaml, files)
	want(t, list, yaml, "key-type-mismatch", "stores", "customers.home is string", "stores.id is int")
}

func TestRoles(t *testing.T) {
	files := map[string]string{"x.csv": "id,o\n1,1\n"}
	w := newWorld(t, `kind: Dataset
name: customers
entity: customer
key: id
source: {path: x.csv}
columns: {home: {from: o, references: stores}}
---
kind: Dataset
name: stores
entity: store
key: id
source: {path: x.csv}
---
kind: Dataset
name: orders
entity: order
of: customer
by: o
source: {path: x.csv}
---
kind: Dataset
name: reviews
source: {path: x.csv}
`, files)
	got := ""
	for _, tab := range w.introspect().Tables {
		got += tab.Name + "=" + string(tab.Role) + " "
	}
	if got != "customers=root orders=relation reviews=evidence stores=lookup " {
		t.Error(got)
	}
}

func TestDuplicates(t *testing.T) {
	files := map[string]string{"a.csv": "id,v,at\n2,b,2\n1,a,1\n", "b.csv": "id,v,at\n1,a,1\n1,c,3\n1,c,2\n3,x,\n3,y,1\n"}
	base := "kind: Dataset\nname: d\nentity: customer\nkey: id\nsource: {path: \"*.csv\"}\n"

	w := newWorld(t, base, files)
	s, list := w.load()
	want(t, list, base, "duplicate-rows", "id", "on_duplicate", "3 rows", "a.csv, row 2")
	if s != nil {
		t.Error("a snapshot with two rows for a key")
	}

	first := base + "on_duplicate: first\norder_by: [at]\n"
	w = newWorld(t, first, files)
	s = w.mustLoad()
	wantProblems(t, s.health(t, "d"), "duplicate row/id/1/dropped/warn a.csv:2", "same key, different content/id/3/dropped/warn a.csv:2")
	w.wantRows("FROM snapshot.d", "1|a|1", "2|b|2", "3|x|-")

	w = newWorld(t, base+"on_duplicate: last\norder_by: [at]\n", files)
	w.mustLoad()
	w.wantRows("FROM snapshot.d", "1|c|3", "2|b|2", "3|y|1")

	w = newWorld(t, base+"on_duplicate: last\norder_by: [at desc]\n", files)
	w.mustLoad()
	w.wantRows("FROM snapshot.d", "1|a|1", "2|b|2", "3|x|-")

	unsure := base + "on_duplicate: first\norder_by: [v]\n"
	w = newWorld(t, unsure, files)
	_, list = w.load()
	if list.HasErrors() {
		t.Error(show(list)) // v tells all first rows apart
	}
	files["c.csv"] = "id,v,at\n1,a,0\n"
	w = newWorld(t, unsure, files)
	_, list = w.load()
	want(t, list, unsure, "duplicate-rows", "v", "does not decide", "1 keys")
}

func TestRequiredAndOnError(t *testing.T) {
	yaml := `kind: Dataset
name: d
entity: customer
key: id
source: {path: x.csv}
columns:
  a: {type: int, required: true}
  b: {type: int, on_error: skip}
`
	files := map[string]string{"x.csv": "id,a,b,c\n1,1,1,z\n2,,1,z\n3,x,1,z\n4,1,x,z\n5,,x,z\n,,,z\n"}
	w := newWorld(t, yaml, files)
	s := w.mustLoad()
	wantProblems(t, s.health(t, "d"),
		"required value missing/a/3/row skipped/warn x.csv:2",
		`unreadable value/a/1/set to null/warn x.csv:3 "x"`,
		`unreadable value/b/2/row skipped/warn x.csv:4 "x"`)
	w.wantRows("FROM snapshot.d", "1|1|1|z")
	if c := w.db.state.catalog.Tables[0].Column("a"); c.Type.Nullable {
		t.Error("a required column is nullable")
	}

	fail := strings.Replace(yaml, "on_error: skip", "on_error: fail", 1)
	w = newWorld(t, fail, files)
	_, list := w.load()
	want(t, list, fail, "rejected-cells", "b", "2 values", "run failed", "x.csv, row 4", `"x"`)
}

func TestOrphansPolicies(t *testing.T) {
	files := map[string]string{"c.csv": "id\n1\n", "o.csv": "oid,c,v\n1,1,5\n2,2,0.1\n3,,0.2\n", "i.csv": "o\n1\n2\n2\n"}
	yaml := func(policy string) string {
		return "kind: Dataset\nname: c\nentity: customer\nkey: id\nsource: {path: c.csv}\n---\nkind: Dataset\nname: o\nentity: order\nkey: oid\nof: customer\nby: c\nvalue: v\norphans: " + policy +
			"\nsource: {path: o.csv}\n---\nkind: Dataset\nname: i\nentity: item\nof: order\nby: o\nsource: {path: i.csv}\n"
	}
	w := newWorld(t, yaml("warn"), files)
	s := w.mustLoad()
	wantProblems(t, s.health(t, "o"), "orphan row/c/2/row skipped/warn o.csv:2 =0.3")
	wantProblems(t, s.health(t, "i"), "orphan row/o/2/row skipped/warn i.csv:2") // items of orphan orders
	w.wantRows("SELECT count(*) FROM snapshot.i", "1")

	w = newWorld(t, yaml("ignore"), files)
	s, list := w.load()
	for _, d := range list {
		if strings.Contains(d.Summary, "of o ") {
			t.Errorf("not ignored: %s", d.Summary)
		}
	}
	wantProblems(t, s.health(t, "o"), "orphan row/c/2/row skipped/info o.csv:2 =0.3")

	w = newWorld(t, yaml("error"), files)
	_, list = w.load()
	want(t, list, yaml("error"), "orphan-rows", "error", "2 rows", "worth 0.30")
}

// TestDanglingReferences: keys that no row has are counted, the rows stay; a row
// that is later than as-of is missing, and nobody is to blame.
func TestDanglingReferences(t *testing.T) {
	const yaml = "kind: Dataset\nname: c\nentity: customer\nkey: id\nsource: {path: c.csv}\ncolumns: {home: {references: s}, away: {references: s}}\n---\n" +
		"kind: Dataset\nname: s\nentity: store\nkey: sid\ntime: opened\nsource: {path: s.csv}\n"
	w := newWorld(t, yaml, map[string]string{
		"c.csv": "id,home,away\n1,a,a\n2,b,b\n3,x,b\n4,,b\n5,y,a\n6,later,a\n",
		"s.csv": "sid,opened\na,2020-01-01\nb,2021-01-01\nlater,2027-01-01\n",
	})
	s := w.mustLoad()
	wantProblems(t, s.health(t, "c"), "reference to no row/home/2/read as not set/warn c.csv:3")
	if h := s.health(t, "c"); h.Rows != 6 {
		t.Errorf("%d rows are left", h.Rows)
	}
	for column, complete := range map[string]bool{"home": false, "away": true} {
		if f := s.Facts.Column("c", column); f.Complete != complete {
			t.Errorf("%s complete: %v", column, f.Complete)
		}
	}
	_, list := w.load()
	want(t, list, yaml, "dangling-references", "s", "2 rows of c whose home")
}

// TestLaterOwners: what belongs to an owner that is later than as-of is later
// itself; what belongs to an owner that was never there is an orphan.
func TestLaterOwners(t *testing.T) {
	const yaml = "kind: Dataset\nname: c\nentity: customer\nkey: id\ntime: at\nsource: {path: c.csv}\n---\nkind: Dataset\nname: o\nentity: order\nkey: oid\nof: customer\nby: c\ntime: at\nvalue: v\n" +
		"orphans: error\nsource: {path: o.csv}\n---\nkind: Dataset\nname: i\nentity: item\nof: order\nby: o\nsource: {path: i.csv}\n"
	files := map[string]string{
		"c.csv": "id,at\n1,2025-01-01\n2,2027-01-01\n",
		"o.csv": "oid,c,at,v\n1,1,2025-02-01,5\n2,1,2027-02-01,6\n3,2,2025-02-01,7\n",
		"i.csv": "o\n1\n2\n3\n3\n",
	}
	w := newWorld(t, yaml, files)
	s := w.mustLoad()
	wantProblems(t, s.health(t, "c"), "later than as-of/at/1/row skipped/warn c.csv:2")
	wantProblems(t, s.health(t, "o"), "later than as-of/at/2/row skipped/warn o.csv:2")
	wantProblems(t, s.health(t, "i"), "later than as-of/o/3/row skipped/warn i.csv:2")
	if h := s.health(t, "i"); h.Read != 4 || h.Rows != 1 {
		t.Errorf("%d of %d items", h.Rows, h.Read)
	}
	w.wantRows("SELECT oid FROM snapshot.o", "1")
	files["i.csv"] = "o\n9\n2\n"
	s = newWorld(t, yaml, files).mustLoad()
	wantProblems(t, s.health(t, "i"), "later than as-of/o/1/row skipped/warn i.csv:2", "orphan row/o/1/row skipped/warn i.csv:1")
}

func TestUnionByNameAndReplace(t *testing.T) {
	w := newWorld(t, "kind: Dataset\nname: d\nkey: id\nsource: {path: \"**/*.csv\", decimal: comma}\nnull_values: [\"-\"]\ncolumns:\n  job: {replace: {a: Baker, b: \"-\"}}\n  n: {type: double}\n  p: {type: double, decimal: point}\n", map[string]string{
		"x/1.csv": "id;job;n\n1;a;1,5\n2;b;-\n", "2.csv": "p;id\n2.5;3\n",
	})
	w.mustLoad()
	w.wantRows("SELECT id, job, n, p FROM snapshot.d ORDER BY id", "1|Baker|1.5|-", "2|-|-|-", "3|-|-|2.5")
}

func TestJSON(t *testing.T) {
	w := newWorld(t, "kind: Dataset\nname: a\nkey: id\nsource: {path: a.json}\n---\nkind: Dataset\nname: n\nkey: id\nsource: {path: \"n*.ndjson\"}\n", map[string]string{
		"a.json":    `[{"id": "1", "when": "2025-01-01", "tags": ["x", null], "mixed": 1, "zip": "01234"}, {"id": "2", "mixed": "x", "when": null}]`,
		"n1.ndjson": "{\"id\": 1, \"v\": 1}\n{\"id\": 2, \"v\": 2.5}\n", "n2.ndjson": "{\"id\": 3, \"w\": {\"a\": true}}\n",
	})
	w.mustLoad()
	w.wantRows(`SELECT id, "when", tags, mixed, zip FROM snapshot.a`, "1|2025-01-01T00:00:00Z|[x <nil>]|1|01234", "2|-|-|x|-")
	w.wantRows("FROM snapshot.n", "1|1|-", "2|2.5|-", "3|-|map[a:true]")
}

func TestDatabase(t *testing.T) {
	yaml := "kind: Dataset\nname: d\nkey: id\nsource: {database: f.duckdb, table: t}\n"
	w := newWorld(t, yaml, nil)
	w.make("ATTACH '"+w.root+"/f.duckdb' AS f", "CREATE TABLE f.t (id INTEGER NOT NULL, n INTEGER NOT NULL, x DOUBLE)", "INSERT INTO f.t VALUES (2, 1, 'nan'), (1, 2, 5)", "DETACH f")
	s := w.mustLoad()
	w.wantRows("FROM snapshot.d ORDER BY id", "1|2|5", "2|1|-")
	wantProblems(t, s.health(t, "d"), `unreadable value/x/1/set to null/warn f.duckdb:1 "nan"`)
	if c := w.db.state.catalog.Tables[0]; c.Column("n").Type.Nullable || !c.Column("x").Type.Nullable {
		t.Error("NOT NULL is not seen")
	}
	bad := strings.Replace(yaml, "table: t", "table: tt", 1)
	w.m = module(t, bad)
	_, list := w.db.Introspect(context.Background(), w.m)
	want(t, list, bad, "data-missing", "tt", "t")
	bad = strings.Replace(yaml, "f.duckdb", "g.duckdb", 1)
	w.write("g.duckdb", "this is no database at all, whatever its name says")
	w.m = module(t, bad)
	_, list = w.db.Introspect(context.Background(), w.m)
	want(t, list, bad, "data-corrupt", "g.duckdb")
	noRawText(t, list)
}

func TestHeaderQuoteAndTypes(t *testing.T) {
	yaml := "kind: Dataset\nname: d\nkey: id\nsource: {path: x.csv, header: false, quote: \"'\"}\ncolumns:\n  id: {from: column_1}\n  tags: {from: column_2, type: list<string>}\n"
	w := newWorld(t, yaml, map[string]string{"x.csv": "1,'[\"a\",\"b\"]',2025-01-01\r\n2,'it''s no list',2025-01-02\r\n"})
	s := w.mustLoad()
	w.wantRows("FROM snapshot.d", "1|[a b]|2025-01-01T00:00:00Z", "2|-|2025-01-02T00:00:00Z")
	wantProblems(t, s.health(t, "d"), `unreadable value/tags/1/set to null/warn x.csv:2 "it's no list"`)
	if _, list := w.db.Introspect(context.Background(), w.m); len(list) > 0 {
		t.Errorf("columns without a header line need no names: %s", show(list))
	}
}

func TestBadDialect(t *testing.T) {
	for key, at := range map[string]string{"encoding: cp1252": "cp1252", `delimiter: "||"`: `"||"`, `quote: "''"`: `"''"`} {
		yaml := pathYAML("x.csv", ", "+key)
		_, list := spec.Parse([]*source.File{source.NewFile("datasets/d.yaml", []byte(yaml))})
		if !list.HasErrors() {
			list = introspectErrors(t, yaml, map[string]string{"x.csv": "id\n1\n"})
		}
		want(t, list, yaml, "bad-value", at)
	}
}

// TestOnlyUsedColumns: columns that nothing uses are not read, and neither are
// their problems reported.
func TestOnlyUsedColumns(t *testing.T) {
	w := newWorld(t, pathYAML("x.csv", "")+"columns: {v: {type: int}}\n", map[string]string{"x.csv": "id,v,w\n1,x,2\n"})
	c := w.introspect()
	s, list := w.db.Load(context.Background(), w.m, c, nil, LoadOptions{AsOf: asOf})
	if list.HasErrors() || len(s.Health) != 0 {
		t.Errorf("nothing is used: %v %v", s, list)
	}
	uses := everything(c)
	uses[0].Columns = []string{"w"}
	s, list = w.db.Load(context.Background(), w.m, c, uses, LoadOptions{AsOf: asOf})
	if list.HasErrors() {
		t.Fatal(show(list))
	}
	w.wantRows("FROM snapshot.d", "1|2")
	wantProblems(t, s.health(t, "d"))
}
