// Package conformance proves that SQL means what CEL means: cel.dev/expr's
// conformance suite, random expressions over hostile rows, and a list of the
// facts about both engines that the operator tables rest on. It holds tests
// alone; the reference is cel-go as engine/eval runs it.
package conformance

import (
	"database/sql"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	_ "github.com/duckdb/duckdb-go/v2"

	"personae/engine/catalog"
	"personae/engine/celenv"
	"personae/engine/eval"
	"personae/engine/plan"
	"personae/engine/sqlgen"
	"personae/engine/sqlgen/sqltest"
)

// asOf of these tests, with a fraction.
var asOf = time.Date(2026, 1, 1, 0, 0, 0, 123456000, time.UTC)

// London has odd offsets before 1847 and summer time since 1916.
var london, _ = time.LoadLocation("Europe/London")

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		panic(err)
	}
	return t
}

// engines is one table in both engines.
type engines struct {
	env     *cel.Env
	table   *catalog.Table
	tables  []*catalog.Table // it, and those whose rows belong to its rows
	data    []map[string]any
	facts   *catalog.Facts // nil: nothing is known
	zone    *time.Location
	rows    []map[string]any // activations of cel-go, one a row
	db      *sql.DB
	source  string
	queries int
}

// newEngines loads rows into a database of its own. The table's entity is row.
func newEngines(t testing.TB, table *catalog.Table, data []map[string]any, facts bool, zone *time.Location) *engines {
	t.Helper()
	return newRelatedEngines(t, table, nil, data, facts, zone)
}

// newRelatedEngines is newEngines with a table whose rows, in the cell that is
// called like the table, belong to the rows; nil for none.
func newRelatedEngines(t testing.TB, table, related *catalog.Table, data []map[string]any, facts bool, zone *time.Location) *engines {
	t.Helper()
	tables := []*catalog.Table{table}
	if related != nil {
		tables = append(tables, related)
	}
	env, err := celenv.Row(celenv.Options{Zone: zone, Tables: tables, Entity: "row"})
	if err != nil {
		t.Fatal(err)
	}
	e := &engines{env: env, table: table, tables: tables, data: data, zone: zone, db: sqltest.Open(t), source: "snapshot.rows"}
	var below []map[string]any
	if facts {
		e.facts = &catalog.Facts{Tables: map[string]*catalog.TableFacts{table.Name: sqltest.Facts(table, data)}}
	}
	record := celenv.RecordOf(env, "row")
	for _, row := range data {
		values := make([]ref.Val, len(record.Fields()))
		for i, field := range record.Fields() {
			if field.Kind == celenv.RelationField {
				rows, _ := row[related.Name].([]map[string]any)
				below = append(below, rows...)
				if values[i], err = eval.Related(env, related, rows, types.Timestamp{Time: asOf}); err != nil {
					t.Fatal(err)
				}
				continue
			}
			values[i] = eval.FieldValue(field, row[field.Column])
		}
		e.rows = append(e.rows, map[string]any{"row": celenv.NewRecord(record, values), "now": asOf})
	}
	sqltest.Load(t, e.db, table, data)
	if related != nil {
		sqltest.Load(t, e.db, related, below)
		if facts {
			e.facts.Tables[related.Name] = sqltest.Facts(related, below)
		}
	}
	return e
}

// reference is what cel-go says for every row: a value, nil for null, an error for ⊥.
func (e *engines) reference(ast *cel.Ast) ([]any, error) {
	program, err := e.env.Program(ast)
	if err != nil {
		return nil, err
	}
	out := make([]any, len(e.rows))
	for r, row := range e.rows {
		v, _, err := program.Eval(row)
		switch {
		case err != nil:
			out[r] = err
		case v == types.NullValue:
			out[r] = nil
		default:
			out[r] = goValue(v)
		}
	}
	return out, nil
}

// query runs outputs over the table, all in one statement. Every other time they
// go through a table of results, in which conditions are bits.
func (e *engines) query(outputs []plan.Output) ([][]any, error) {
	write := sqlgen.SelectSQL
	if e.queries++; e.queries%2 == 0 {
		write = sqlgen.StoredSQL
	}
	query, err := write(sqlgen.DuckDB{}, asOf, e.source, "id", outputs)
	if err != nil {
		return nil, err
	}
	return sqltest.Columns(e.db, query)
}

// answer is what both engines say about one expression, and what of it differs.
type answer struct {
	text     string
	ast      *cel.Ast
	expr     *plan.Expr
	holes    []plan.Hole
	want     []any // by row, see reference
	got      []any // SQL's values
	null     []any // SQL's null test
	err      error // the statement fails, or cel-go does
	differs  []int // rows
	decided  int   // rows with a value in SQL
	bottoms  int   // rows on which cel-go errs
	nulls    int   // rows on which cel-go gives null
	yes, no  int   // rows that are TRUE, FALSE in SQL
	compared int   // rows on which the two had to agree
}

// compare asks both engines about checked expressions, in one statement. If it
// fails it is halved until the expression at fault stands alone.
func (e *engines) compare(asts []*cel.Ast, texts []string) []*answer {
	b := plan.NewBuilder(e.facts)
	answers := make([]*answer, len(asts))
	for i, ast := range asts {
		a := &answer{text: texts[i], ast: ast}
		a.expr, a.holes = plan.Lower(b, plan.Scope{Entity: "row", Table: e.table, Tables: e.tables, Zone: e.zone}, ast)
		a.want, a.err = e.reference(ast)
		answers[i] = a
	}
	e.fill(b, answers)
	for _, a := range answers {
		a.judge()
	}
	return answers
}

func (e *engines) fill(b *plan.Builder, answers []*answer) {
	if len(answers) == 0 {
		return
	}
	var outputs []plan.Output
	for i, a := range answers {
		outputs = append(outputs, plan.Output{Name: fmt.Sprint("o", i), Expr: a.expr}, plan.Output{Name: fmt.Sprint("n", i), Expr: b.NullTest(a.expr)})
	}
	got, err := e.query(outputs)
	switch {
	case err == nil:
		for i, a := range answers {
			a.got, a.null = got[2*i], got[2*i+1]
		}
	case len(answers) == 1:
		answers[0].err = err
	default:
		half := len(answers) / 2
		e.fill(b, answers[:half])
		e.fill(b, answers[half:])
	}
}

// judge compares row by row. SQL's values are cel-go's. Without a hole SQL is
// NULL exactly where cel-go errs or gives null, and the null test tells which.
func (a *answer) judge() {
	if a.err != nil {
		return
	}
	for r, w := range a.want {
		g, n := a.got[r], a.null[r]
		_, isErr := w.(error)
		ok := false
		switch {
		case len(a.holes) > 0 && g == nil:
			ok = n == nil || !isErr && n == (w == nil)
		case isErr:
			ok = g == nil && n == nil && a.expr.MayBottom
			a.bottoms++
		case w == nil:
			ok = g == nil && n == true && a.expr.MayNull
			a.nulls++
		default:
			ok = same(w, g) && n == false
		}
		if len(a.holes) == 0 || g != nil {
			a.compared++
		}
		switch {
		case g == true:
			a.yes++
		case g == false:
			a.no++
		}
		if g != nil {
			a.decided++
		}
		if !ok {
			a.differs = append(a.differs, r)
		}
	}
}

// wrong says what differs, for people; "" where nothing does.
func (a *answer) wrong(e *engines) string {
	switch {
	case a.err != nil:
		return fmt.Sprintf("%s\n  fails: %.600v", a.text, a.err)
	case len(a.differs) == 0:
		return ""
	}
	r := a.differs[0]
	return fmt.Sprintf("%s\n  in %d rows of %d, first %s\n  CEL %#v, SQL %#v, null test %v\n  %s (may be ⊥ %v, null %v)", a.text, len(a.differs), len(a.want),
		cells(a.text, e.data[r]), a.want[r], a.got[r], a.null[r], a.expr, a.expr.MayBottom, a.expr.MayNull)
}

// cells are the values that an expression reads.
func cells(text string, row map[string]any) string {
	var list []string
	for name, v := range row {
		if strings.Contains(text, "."+name) || strings.Contains(text, "?"+name) {
			list = append(list, fmt.Sprintf("%s=%#v", name, v))
		}
	}
	return strings.Join(list, " ")
}

// same compares a CEL value with what SQL gave, the sign of zero included.
func same(want, got any) bool {
	switch w := want.(type) {
	case []ref.Val:
		return sameList(w, got)
	case map[ref.Val]ref.Val:
		return sameMap(w, got)
	case time.Time:
		g, ok := got.(time.Time)
		return ok && g.Equal(w)
	case []byte:
		g, ok := got.([]byte)
		return ok && string(g) == string(w)
	case time.Duration:
		return got == int64(w)
	case float64:
		g, ok := got.(float64)
		return ok && (g == w && math.Signbit(g) == math.Signbit(w) || g != g && w != w)
	case int64:
		switch g := got.(type) {
		case int32:
			return int64(g) == w
		case int64:
			return g == w
		}
		return false
	}
	return want == got
}
