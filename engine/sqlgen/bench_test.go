package sqlgen_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"personae/engine/sqlgen/sqltest"

	"cel.dev/cel-go/cel"

	"personae/engine/catalog"
	"personae/engine/celenv"
	"personae/engine/compile"
	"personae/engine/plan"
	"personae/engine/source"
	"personae/engine/spec"
	"personae/engine/sqlgen"
)

// column of the generated customers: how DuckDB makes it, and its clauses.
// Texts with decimals are doubles. nulls says that one value in ten is empty.
type benchColumn struct {
	name  string
	kind  catalog.Kind
	sql   string
	nulls bool
}

var benchColumns = []benchColumn{
	{"age", catalog.Int, "(18 + random() * 70)::BIGINT", false},
	{"orders", catalog.Int, "(random() * random() * 60)::BIGINT", false},
	{"idle_days", catalog.Int, "(random() * 700)::BIGINT", false},
	{"children", catalog.Int, "(random() * 4)::BIGINT", false},
	{"visits", catalog.Int, "(random() * 200)::BIGINT", false},
	{"spend", catalog.Double, "random() * 2000", false},
	{"basket", catalog.Double, "random() * 150", false},
	{"discount", catalog.Double, "random()", false},
	{"city", catalog.String, "'city' || (random() * 30)::INT", false},
	{"channel", catalog.String, "['web', 'shop', 'app', 'phone'][1 + floor(random() * 3.999)::INT]", false},
	{"income", catalog.Double, "random() * 90000", true},
	{"tenure", catalog.Int, "(random() * 4000)::BIGINT", true},
}

// clause is one condition in both languages.
type clause struct{ cel, sql, column string }

// clauses are the pool from which segments take theirs; people repeat
// themselves, so there are fewer than segments times four.
func clauses(rng *rand.Rand, columns []benchColumn, n int) []clause {
	var pool []clause
	for len(pool) < n {
		c := columns[rng.Intn(len(columns))]
		switch op := []string{"<", ">", "<=", ">="}[rng.Intn(4)]; c.kind {
		case catalog.Int:
			v := strconv.Itoa(1 + rng.Intn(60))
			pool = append(pool, clause{"customer." + c.name + " " + op + " " + v, c.name + " " + op + " " + v, c.name})
		case catalog.Double:
			v := strconv.Itoa(rng.Intn(1500)) + ".5"
			pool = append(pool, clause{"customer." + c.name + " " + op + " " + v, c.name + " " + op + " " + v + "::DOUBLE", c.name})
		default:
			v := "city" + strconv.Itoa(rng.Intn(30))
			if c.name == "channel" {
				v = []string{"web", "shop", "app", "phone"}[rng.Intn(4)]
			}
			pool = append(pool, clause{"customer." + c.name + " == '" + v + "'", c.name + " = '" + v + "'", c.name})
		}
	}
	return pool
}

// segment is a && b && (c || d) over the pool.
type benchSegment [4]clause

func segments(seed int64, columns []benchColumn, n int) []benchSegment {
	rng := rand.New(rand.NewSource(seed))
	pool := clauses(rng, columns, max(40, n))
	out := make([]benchSegment, n)
	for i := range out {
		for j := range out[i] {
			out[i][j] = pool[rng.Intn(len(pool))]
		}
	}
	return out
}

func (s benchSegment) cel() string {
	return s[0].cel + " && " + s[1].cel + " && (" + s[2].cel + " || " + s[3].cel + ")"
}

func (s benchSegment) where() string {
	return s[0].sql + " AND " + s[1].sql + " AND (" + s[2].sql + " OR " + s[3].sql + ")"
}

// bench is one data set and one set of segments.
type bench struct {
	db       *sql.DB
	columns  []benchColumn
	segments []benchSegment
	rows     int
	script   *sqlgen.EntityScript
	env      *cel.Env
}

// benchRows is how many customers there are.
func benchRows() int {
	if n, err := strconv.Atoi(os.Getenv("PERSONAE_BENCH_ROWS")); err == nil {
		return n
	}
	return 5_000_000
}

func newBench(t *testing.T, nulls bool, n int) *bench {
	t.Helper()
	b := &bench{db: sqltest.Open(t), rows: benchRows()}
	for _, c := range benchColumns {
		if !c.nulls || nulls {
			b.columns = append(b.columns, c)
		}
	}
	b.segments = segments(int64(n), b.columns, n)
	sqltest.Exec(t, b.db, "SET threads = 2")
	sqltest.Exec(t, b.db, "SELECT setseed(0.5)")
	sqltest.Exec(t, b.db, "CREATE SCHEMA snapshot")
	list := []string{"range::BIGINT AS customer_id"}
	for _, c := range b.columns {
		e := c.sql
		if c.nulls {
			e = "CASE WHEN random() < 0.9 THEN " + e + " END"
		}
		list = append(list, e+" AS "+c.name)
	}
	sqltest.Exec(t, b.db, fmt.Sprintf("CREATE TABLE snapshot.customers AS SELECT %s FROM range(%d)", strings.Join(list, ", "), b.rows))
	b.compile(t)
	return b
}

// compile takes the public path: YAML, rules, plan, SQL.
func (b *bench) compile(t *testing.T) {
	t.Helper()
	table := &catalog.Table{Name: "customers", Entity: "customer", Role: catalog.Root, Key: "customer_id",
		Columns: []*catalog.Column{{Name: "customer_id", Type: catalog.Type{Kind: catalog.Int}}}}
	facts := &catalog.TableFacts{Rows: int64(b.rows), Columns: map[string]*catalog.ColumnFacts{}}
	for _, c := range b.columns {
		table.Columns = append(table.Columns, &catalog.Column{Name: c.name, Type: catalog.Type{Kind: c.kind, Nullable: true}})
		f := &catalog.ColumnFacts{}
		if err := b.db.QueryRow("SELECT count(*) - count(" + c.name + ") FROM snapshot.customers").Scan(&f.Nulls); err != nil {
			t.Fatal(err)
		}
		if c.kind != catalog.String {
			if err := b.db.QueryRow("SELECT min("+c.name+"), max("+c.name+") FROM snapshot.customers").Scan(&f.Min, &f.Max); err != nil {
				t.Fatal(err)
			}
		}
		facts.Columns[c.name] = f
	}
	var y strings.Builder
	y.WriteString("kind: Project\nname: bench\nroot: customer\n---\nkind: Dataset\nname: customers\nentity: customer\nkey: customer_id\nsource: {path: x.parquet}\n")
	for i, s := range b.segments {
		fmt.Fprintf(&y, "---\nkind: Segment\nname: s%d\nwhen: |-\n  %s\n", i, s.cel())
	}
	m, found := spec.Parse([]*source.File{source.NewFile("rules/bench.yaml", []byte(y.String()))})
	if found.HasErrors() {
		t.Fatal(found)
	}
	rs, found := compile.Compile(m, &catalog.Catalog{Tables: []*catalog.Table{table}}, compile.Options{})
	if found.HasErrors() {
		t.Fatal(found)
	}
	p, found := plan.Build(rs, &catalog.Facts{Tables: map[string]*catalog.TableFacts{"customers": facts}})
	if found.HasErrors() {
		t.Fatal(found)
	}
	script, err := sqlgen.Generate(p, sqlgen.DuckDB{}, asOf)
	if err != nil {
		t.Fatal(err)
	}
	b.script = script.Entities[0]
	b.env, err = celenv.Row(celenv.Options{Tables: []*catalog.Table{table}, Entity: "customer"})
	if err != nil {
		t.Fatal(err)
	}
}

// filterQuery is what people write first.
func (b *bench) filterQuery() string {
	var list []string
	for _, s := range b.segments {
		list = append(list, "count(*) FILTER ("+s.where()+")")
	}
	return "SELECT " + strings.Join(list, ", ") + " FROM snapshot.customers"
}

// run reads all of a query and gives the time it took.
func (b *bench) run(t *testing.T, query string) time.Duration {
	t.Helper()
	start := time.Now()
	rows, err := b.db.QueryContext(context.Background(), query)
	if err != nil {
		t.Fatalf("%v\n%.2000s", err, query)
	}
	for rows.Next() {
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%v\n%.2000s", err, query)
	}
	rows.Close()
	return time.Since(start)
}

// best interleaves the candidates, so that a busy machine is busy for all, and
// gives the best time of each.
func best(rounds int, candidates ...func() time.Duration) []time.Duration {
	out := make([]time.Duration, len(candidates))
	for range rounds {
		for i, c := range candidates {
			if d := c(); out[i] == 0 || d < out[i] {
				out[i] = d
			}
		}
	}
	return out
}

// oneByOne runs a query for each segment, or for every step-th, and scales.
//
// unknown asks each query for what we answer too: for how many rows it cannot
// tell. Without it a query may stop at the first clause that is not true.
func (b *bench) oneByOne(t *testing.T, step int, unknown bool) time.Duration {
	var total time.Duration
	n := 0
	for i := 0; i < len(b.segments); i += step {
		query := "SELECT count(*) FROM snapshot.customers WHERE " + b.segments[i].where()
		if unknown {
			query = "SELECT count_if(p), count(*) - count(p) FROM (SELECT (" + b.segments[i].where() + ") AS p FROM snapshot.customers)"
		}
		total += b.run(t, query)
		n++
	}
	return total * time.Duration(len(b.segments)) / time.Duration(n)
}

func skipUnlessBench(t *testing.T) {
	if os.Getenv("PERSONAE_BENCH") == "" {
		t.Skip("set PERSONAE_BENCH=1, or run `make bench`")
	}
}

func TestBench50Segments(t *testing.T) {
	skipUnlessBench(t)
	for _, nulls := range []bool{false, true} {
		t.Run(fmt.Sprintf("nulls %v", nulls), func(t *testing.T) {
			b := newBench(t, nulls, 50)
			b.agree(t, b.filterQuery())
			parquet := filepath.Join(t.TempDir(), "m.parquet")
			memberships := "COPY (SELECT * EXCLUDE (customer_id) FROM (" + b.script.Select + ")) TO '" + parquet + "' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"
			d := best(3,
				func() time.Duration { return b.run(t, b.filterQuery()) },
				func() time.Duration { return b.run(t, b.script.ScanCounts) },
				func() time.Duration { return b.run(t, b.counts(handForms[1])) },
				func() time.Duration { return b.run(t, memberships) })
			single, members, loop := b.oneByOne(t, 1, nulls), b.oneByOne(t, 1, false), b.celLoop(t, min(20_000, b.rows))
			report(t, fmt.Sprintf("50 segments, %d customers, nulls %v, two threads", b.rows, nulls), []benchRow{
				{"count(*) FILTER in one pass", d[0], 0, 0},
				{"ours, counts; against FILTER", d[1], d[0], 0.45},
				{"ours, memberships in Parquet; against FILTER", d[3], d[0], 0.80},
				{"ours, counts; against the best by hand", d[1], d[2], 1.10},
				{"ours, counts; against a query per segment, same answers", d[1], single, 1. / 3},
				{"ours, counts; against a query per segment, members only", d[1], members, 0},
				{"ours, counts; against cel-go on both cores (20,000 rows, scaled)", d[1], loop, 1. / 30},
			})
		})
	}
}

func TestBench300Segments(t *testing.T) {
	skipUnlessBench(t)
	b := newBench(t, true, 300)
	d := best(2, func() time.Duration { return b.run(t, b.script.ScanCounts) })
	plan := b.run(t, "EXPLAIN "+b.script.ScanCounts)
	single := b.oneByOne(t, 10, false)
	report(t, fmt.Sprintf("300 segments, %d customers with nulls, two threads", b.rows), []benchRow{
		{"planning alone", plan, 0, 0},
		{"ours, counts; against 300 queries (every tenth, scaled)", d[0], single, 0.5},
	})
}

// agree asserts that ours and a query by hand count the same members.
func (b *bench) agree(t *testing.T, byHand string) {
	t.Helper()
	ours := oneRow(t, b.db, b.script.ScanCounts)
	rows, err := b.db.Query(byHand)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	counts, pointers := make([]int64, len(b.segments)), make([]any, len(b.segments))
	for i := range counts {
		pointers[i] = &counts[i]
	}
	rows.Next()
	if err := rows.Scan(pointers...); err != nil {
		t.Fatal(err)
	}
	some := 0
	for _, g := range b.script.Groups {
		i, _ := strconv.Atoi(strings.TrimPrefix(g.Name, "s"))
		if ours[g.Members] != counts[i] {
			t.Errorf("%s: %v, by hand %d", g.Name, ours[g.Members], counts[i])
		}
		if counts[i] > 0 {
			some++
		}
	}
	if some < len(counts)/2 {
		t.Errorf("only %d of %d segments have members", some, len(counts))
	}
}
