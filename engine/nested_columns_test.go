package engine_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"personae/engine"
	"personae/engine/ruletest"
)

// nestedTable is a Parquet file with a column of every type that files have.
const nestedTable = `COPY (SELECT 'c' || i AS id, i % 2 = 0 AS member, 'u' || i AS code,
  CASE WHEN i % 7 = 0 THEN NULL WHEN i % 5 = 0 THEN MAP{} ELSE MAP{'vip': i % 2 = 0, 'beta': CASE WHEN i % 3 = 0 THEN NULL ELSE i % 4 = 0 END} END AS flags,
  CASE WHEN i % 11 = 0 THEN NULL ELSE MAP{1::INTEGER: 'one', i::INTEGER + 2: 'own'} END AS by_year,
  CASE WHEN i % 8 = 0 THEN NULL ELSE MAP{'a': {'n': i, 's': 'x'}} END AS deep,
  CASE WHEN i % 6 = 0 THEN NULL ELSE {'city': CASE WHEN i % 4 = 0 THEN NULL ELSE 'Leeds' END, 'geo': {'lat': i / 10.0::DOUBLE, 'big': i::UBIGINT}} END AS address,
  CASE WHEN i % 5 = 0 THEN NULL ELSE [[i, i + 1], [], [NULL]]::INTEGER[][] END AS grid,
  CASE WHEN i % 5 = 1 THEN NULL ELSE [{'sku': 'a' || (i % 3), 'price': i::DECIMAL(9, 2)}, {'sku': NULL, 'price': NULL}] END AS items,
  CASE WHEN i % 10 = 0 THEN NULL WHEN i = 13 THEN 18446744073709551615::UBIGINT ELSE i::UBIGINT END AS points,
  (i * 1.25)::DECIMAL(12, 3) AS paid, (['gold', 'silver', 'bronze'][i % 3 + 1])::ENUM('gold', 'silver', 'bronze') AS tier,
  TIME '10:20:30' AS opens, INTERVAL 3 DAY AS waits, DATE '2020-01-01' + i::INTEGER AS since
  FROM range(1, 61) t(i)) TO ? (FORMAT parquet)`

// nestedRules asks something of each of them, in the database and, where a
// pattern varies from row to row, by cel-go. Beside each segment stands what
// independent SQL takes for it.
var nestedRules = []struct{ name, when, sql string }{
	{"vip", "customer.flags['vip']", "flags['vip']"},
	{"vip_by_row", "customer.code.matches(customer.code) && customer.flags.vip", "flags['vip']"},
	{"no_flags", "!has(customer.flags) || customer.flags.size() == 0", "flags IS NULL OR cardinality(flags) = 0"},
	{"any_flag", "customer.flags.exists(k, customer.flags[k] == true)", "len(list_filter(map_values(flags), x -> x)) > 0"},
	{"other_keys", "customer.flags.filter(k, k != 'vip').size() > 0", "len(list_filter(map_keys(flags), k -> k <> 'vip')) > 0"},
	{"other_keys_by_row", "customer.code.matches(customer.code) && customer.flags.filter(k, k != 'vip').size() > 0", "len(list_filter(map_keys(flags), k -> k <> 'vip')) > 0"},
	{"own_year", "customer.by_year[5] == 'own'", "by_year[5] = 'own'"},
	{"own_year_by_row", "customer.code.matches(customer.code) && customer.by_year[5] == 'own'", "by_year[5] = 'own'"},
	{"deep", "customer.deep['a'].n > 30", "deep['a'].n > 30"},
	{"deep_keys", "customer.deep.filter(k, customer.deep[k].n > 30).size() > 0", "deep['a'].n > 30"},
	{"deep_keys_by_row", "customer.code.matches(customer.code) && customer.deep.filter(k, customer.deep[k].n > 30).size() > 0", "deep['a'].n > 30"},
	{"leeds", "customer.?address.?city.orValue('') == 'Leeds' && customer.address.geo.big > 20", "address.city = 'Leeds' AND address.geo.big > 20"},
	{"leeds_by_row", "customer.code.matches(customer.code) && customer.address.city == 'Leeds' && customer.address.geo.big > 20", "address.city = 'Leeds' AND address.geo.big > 20"},
	{"seven", "customer.grid.exists(g, g.exists(x, x == 7))", "list_contains(flatten(grid), 7)"},
	{"sevens", "[customer.grid[0]] == [[7, 8]]", "grid[1] = [7, 8]"},
	{"seven_by_row", "customer.code.matches(customer.code) && customer.grid[0] == [7, 8]", "grid[1] = [7, 8]"},
	{"dear", "customer.items.exists(i, i.sku == 'a1' && i.price > 20.0)", "len(list_filter(items, i -> i.sku = 'a1' AND i.price > 20)) > 0"},
	{"dear_by_row", "customer.code.matches(customer.code) && customer.items[0].price > 20.0", "items[1].price > 20"},
	{"many_points", "customer.points > 30", "points > 30 AND points < 9223372036854775807"},
	{"unsigned", "customer.days_known > 2160u", "date_diff('day', since, DATE '2026-01-01') > 2160"},
	{"unsigned_by_row", "customer.days_or_one > 2160u", "date_diff('day', since, DATE '2026-01-01') > 2160 AND id <> 'c7'"},
	{"gold", "customer.tier == 'gold' && customer.paid > 10.0", "tier = 'gold' AND paid > 10"},
}

const nestedTraits = `kind: Project
name: nested
root: customer
as_of: 2026-01-01T00:00:00Z
privacy: {min_group: 1}
---
kind: Traits
traits:
  days_known:  {value: uint(daysSince(customer.since))}
  days_or_one: {value: "customer.id.matches(customer.id.replace('c7', 'x')) ? customer.days_known : 1u"}
  most:        {value: "customer.code.matches(customer.code) ? 18446744073709551615u : 1u"}
---
kind: Test
name: maps, and what is in them
now: 2026-01-01T00:00:00Z
given:
  customers:
    - {id: a, since: 2020-01-01, flags: {vip: true, beta: false}, by_year: {5: own}, deep: {x: {n: 31}}, address: {city: Leeds, geo: {big: 21}}, grid: [[7, 8], [null]], items: [{sku: a1, price: 21}]}
    - {id: b, since: 2026-01-01, flags: {}, by_year: {4: own}, deep: {}}
    - {id: c, flags: {beta: null}}
expect:
  a: {segment.vip: true, segment.vip_by_row: unknown, segment.other_keys: true, segment.own_year: true, segment.deep_keys: true, segment.leeds: true, segment.sevens: true, segment.dear: true, customer.days_known: 2192}
  b: {segment.vip: unknown, segment.no_flags: true, segment.any_flag: false, segment.other_keys: false, segment.own_year: unknown, segment.deep_keys: false, segment.unsigned: false}
  c: {segment.vip: unknown, segment.other_keys: true, segment.no_flags: false, segment.any_flag: false, segment.unsigned: unknown, customer.days_known: unknown}
`

// Columns of maps, structs, lists of lists, unsigned numbers, decimals and enums
// of a Parquet file are what independent SQL says they are, whether the database
// or cel-go decides; values of the type uint are in the published rows.
func TestNestedColumnsOfParquet(t *testing.T) {
	dir := t.TempDir()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	file := filepath.Join(dir, "rows.parquet")
	if _, err := db.Exec(strings.Replace(nestedTable, "?", "'"+file+"'", 1)); err != nil {
		t.Fatal(err)
	}
	rules := nestedTraits
	for _, r := range nestedRules {
		rules += fmt.Sprintf("---\nkind: Segment\nname: %s\nwhen: |-\n  %s\n", r.name, r.when)
	}
	for name, text := range map[string]string{"datasets/d.yaml": "kind: Dataset\nname: customers\nentity: customer\nkey: id\nsource: {path: rows.parquet}\n", "rules/r.yaml": rules} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	o := engine.Options{Root: dir, Reports: t.TempDir(), Now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	out, list, err := engine.Run(context.Background(), o)
	if err != nil || list.HasErrors() {
		t.Fatal(err, list)
	}
	byRow := map[string]bool{}
	for _, r := range out.Results.Entities[0].ByRow {
		byRow[r.Name] = true
	}
	published := filepath.Join(out.Version.Dir, "data", "customer.parquet")
	for _, r := range nestedRules {
		var want, got int
		one(t, db, &want, "SELECT count(*) FILTER (%s) FROM '%s'", r.sql, file)
		one(t, db, &got, "SELECT count(*) FILTER (in_%s) FROM '%s'", r.name, published)
		if got != want || want == 0 || want == 60 {
			t.Errorf("%s: %s takes %d, and SQL %d", r.name, r.when, got, want)
		}
		if named := strings.HasSuffix(r.name, "_by_row"); named != byRow[r.name] && r.name != "unsigned_by_row" {
			t.Errorf("%s is decided by row: %v", r.name, byRow[r.name])
		}
	}
	var types, most string
	one(t, db, &types, "SELECT typeof(days_known) || ' ' || typeof(days_or_one) FROM '%s' LIMIT 1", published)
	one(t, db, &most, "SELECT DISTINCT most::VARCHAR FROM '%s'", published)
	if types != "UBIGINT UBIGINT" || most != "18446744073709551615" {
		t.Errorf("types %s, most %s", types, most)
	}
	sameInTests(t, out.Project, o)
}

func one(t *testing.T, db *sql.DB, into any, query string, args ...any) {
	t.Helper()
	if err := db.QueryRow(fmt.Sprintf(query, args...)).Scan(into); err != nil {
		t.Fatal(err)
	}
}

// sameInTests runs the tests of the rules over rows that they give.
func sameInTests(t *testing.T, p *engine.Project, o engine.Options) {
	t.Helper()
	out, list, err := ruletest.Run(context.Background(), p, o, nil)
	if err != nil || list.HasErrors() {
		t.Fatal(err, list)
	}
	if failed := out.Failures(); len(failed) > 0 || len(out.Tests) != 1 {
		t.Errorf("%d tests: %v", len(out.Tests), failed)
	}
}
