package sqlgen_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"personae/engine/eval"
	"personae/engine/plan"
	"personae/engine/sqlgen"
	"personae/engine/sqlgen/sqltest"
)

// lowered is an expression and what CEL says about it, by customer.
type lowered struct {
	text  string
	e     *plan.Expr
	wants []any
}

func (s *shop) lower(t testing.TB, b *plan.Builder, text string) (lowered, []plan.Hole) {
	t.Helper()
	checked, issues := s.env.Compile(text)
	if issues.Err() != nil {
		t.Fatalf("%s: %v", text, issues.Err())
	}
	e, holes := plan.Lower(b, plan.Scope{Entity: "customer", Table: s.customers, Tables: s.tables(), Zone: london}, checked)
	if len(holes) > 0 {
		return lowered{}, holes
	}
	out := lowered{text: text, e: e}
	program, err := eval.NewProgram(s.env, checked)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range s.celRows(t) {
		found, err := program.Eval(context.Background(), row)
		if err != nil {
			t.Fatal(err)
		}
		if found.Outcome == eval.Bottom {
			out.wants = append(out.wants, errors.New(found.Reason))
		} else {
			out.wants = append(out.wants, found.Value)
		}
	}
	return out, nil
}

// celRows are the customers as cel-go reads them, made once.
func (s *shop) celRows(t testing.TB) []*eval.Row {
	t.Helper()
	if s.made != nil {
		return s.made
	}
	for _, c := range s.rows {
		row, err := eval.NewRow(s.env, "customer")
		if err != nil {
			t.Fatal(err)
		}
		row.SetNow(asOf)
		for _, column := range s.customers.Columns {
			name := column.Name
			if column.References != "" {
				to, _ := c[eval.ReferenceName(name)].(map[string]any)
				err = errors.Join(err, row.SetReference(name, to))
				name += "_key"
			}
			err = errors.Join(err, row.Set(name, c[column.Name]))
		}
		for _, table := range s.tables() {
			if table.Of == "customer" {
				rows, _ := c[table.Name].([]map[string]any)
				err = errors.Join(err, row.SetRelated(table.Name, rows))
			}
		}
		if err != nil {
			t.Fatal(err)
		}
		s.made = append(s.made, row)
	}
	return s.made
}

// tally counts what was compared.
type tally struct{ yes, no, values, null, bottom, wrong int }

// compare runs all expressions in one statement and compares them with CEL.
func (s *shop) compare(t *testing.T, b *plan.Builder, list []lowered) tally {
	t.Helper()
	var outputs []plan.Output
	for i, l := range list {
		outputs = append(outputs, plan.Output{Name: "o" + itoa(i), Expr: l.e}, plan.Output{Name: "n" + itoa(i), Expr: b.NullTest(l.e)})
	}
	f := &fixture{db: s.db}
	got, err := f.values(t, "snapshot.customers", outputs)
	if err != nil {
		for i := range list {
			if _, err := f.values(t, "snapshot.customers", outputs[2*i:2*i+2]); err != nil {
				t.Errorf("%s: %.3000v", list[i].text, err)
			}
		}
		t.Fatalf("%.1000v", err)
	}
	var n tally
	for i, l := range list {
		bad := 0
		for r, w := range l.wants {
			g, isNull := got[2*i][r], got[2*i+1][r]
			_, isErr := w.(error)
			ok := false
			switch {
			case isErr:
				ok = g == nil && isNull == nil && l.e.MayBottom
				n.bottom++
			case w == nil:
				ok = g == nil && isNull == true && l.e.MayNull
				n.null++
			default:
				ok = same(w, g) && isNull == false
				switch w {
				case true:
					n.yes++
				case false:
					n.no++
				default:
					n.values++
				}
			}
			if !ok {
				n.wrong++
				if bad++; bad <= 2 {
					t.Errorf("%s\n  %s\n  customer %v\n  CEL %v, SQL %v, null test %v (may be ⊥ %v, null %v)", l.text, l.e, s.rows[r], w, g, isNull, l.e.MayBottom, l.e.MayNull)
				}
			}
		}
	}
	return n
}

var foldExpressions = strings.Split(strings.TrimSpace(`
customer.orders.size()
size(customer.orders)
customer.visits.size() == 0
customer.orders.filter(o, o.total > 50.0).size()
customer.orders.filter(o, o.price > 50.0).size()
customer.orders.filter(o, o.paid).size()
customer.orders.filter(o, has(o.total)).size()
customer.orders.filter(o, has(o.total) && o.total > 0.1).map(o, o.total).sum()
customer.orders.within(days(90)).size()
customer.orders.before(days(90)).size()
customer.orders.between(days(90), days(10)).size()
customer.orders.within(days(customer.level)).size()
customer.visits.within(days(customer.level)).size()
customer.visits.within(hours(24)).filter(v, v.seconds > 1).size()
customer.visits.filter(v, v.seconds > 1).within(hours(24)).size()
customer.orders.within(days(90)).filter(o, o.total > 50.0).map(o, o.total).sum()
customer.orders.within(days(90)).map(o, o.total).sum()
customer.orders.map(o, o.total).sum()
customer.orders.map(o, o.price).sum()
customer.orders.map(o, o.total).avg()
customer.orders.map(o, o.price).avg()
customer.orders.map(o, o.total).min()
customer.orders.map(o, o.total).max()
customer.orders.map(o, o.price).min()
customer.orders.map(o, o.total).median()
customer.orders.map(o, o.price).median()
customer.orders.map(o, o.price).percentile(90)
customer.orders.map(o, o.price).percentile(12.5)
customer.orders.map(o, o.price).percentile(101)
customer.orders.map(o, o.total).mode()
customer.orders.map(o, o.n).sum()
customer.orders.map(o, o.m).sum()
customer.orders.map(o, o.n).avg()
customer.orders.map(o, o.n).min()
customer.orders.map(o, o.m).max()
customer.orders.map(o, o.m).median()
customer.orders.map(o, o.n).percentile(25)
customer.orders.map(o, o.n).mode()
customer.orders.map(o, o.city).mode()
customer.orders.map(o, o.city).min()
customer.orders.map(o, o.city).max()
customer.orders.map(o, o.paid).mode()
customer.orders.map(o, o.at).min()
customer.orders.map(o, o.sent).max()
customer.orders.map(o, o.sent).mode()
daysSince(customer.orders.map(o, o.at).max()) > 10
customer.orders.map(o, days(o.n)).sum()
customer.orders.map(o, now - o.at).avg()
customer.orders.map(o, now - o.at).min()
customer.orders.map(o, o.city).distinct().size()
customer.orders.map(o, o.total).distinct().size()
customer.orders.map(o, o.m).distinct().size()
customer.orders.map(o, o.n).distinct().min()
customer.orders.map(o, o.city).distinct().exists(c, c == 'Berlin')
customer.orders.map(o, o.total > 50.0, o.total).sum()
customer.orders.map(o, o.n + 1).sum()
customer.orders.map(o, o.n + 1).size()
customer.orders.map(o, o.n).filter(n, n > 1).size()
customer.orders.map(o, o.n).filter(n, n != null).map(n, n * 2).max()
customer.orders.map(o, o.n).exists(n, n > 1)
customer.orders.map(o, o.n + 1).exists(n, n > 1)
customer.orders.map(o, o.n / o.m).all(n, n > 1)
customer.orders.filter(o, o.n > 0).filter(o, o.total < 1.0).size()
customer.orders.filter(o, o.n > 0).exists(o, o.total < 1.0)
customer.orders.filter(o, o.price > 0.1).exists(o, o.total < 1.0)
customer.orders.filter(o, o.n > 0).all(o, o.price < 60.0)
customer.orders.filter(o, o.price > 0.0).exists_one(o, o.n > 0)
customer.orders.exists(o, o.total > 50.0)
customer.orders.exists(o, o.paid)
customer.orders.exists(o, true)
customer.orders.exists(o, o.?paid.hasValue())
customer.orders.exists(o, o.price > 60.0)
customer.orders.all(o, o.total > 0.0)
customer.orders.all(o, o.paid)
customer.orders.all(o, o.price > 0.0)
!customer.orders.all(o, o.price > 0.0)
!customer.orders.exists(o, o.total > 50.0)
customer.orders.exists_one(o, o.price > 50.0)
customer.orders.exists_one(o, o.paid)
customer.orders.exists(o, o.city == 'Berlin' && o.total > 0.1 || o.paid)
customer.orders.exists(o, o.city == customer.city)
customer.orders.filter(o, o.price > customer.budget).size()
customer.orders.exists(o, o.total > customer.budget)
customer.orders.filter(o, customer.vip).size()
customer.orders.map(o, o.price * customer.budget).sum()
customer.orders.exists(o, o.price > customer.orders.map(x, x.price).avg())
customer.orders.filter(o, o.price >= customer.orders.map(x, x.price).max()).map(o, o.m).min()
customer.orders.filter(o, o.m > customer.visits.size()).size()
customer.orders.exists(o, o.price > 50.0) && customer.visits.size() > 0
'Berlin' in customer.orders.map(o, o.city)
customer.city in customer.orders.map(o, o.city)
!(customer.city in customer.visits.map(v, v.page))
customer.level + 1 in customer.orders.map(o, o.m)
customer.orders.map(o, o.city).first().orValue('none')
customer.orders.map(o, o.city).last().orValue('none')
customer.orders.map(o, o.m).last().orValue(-5)
customer.orders.map(o, o.price).first().value()
customer.orders.map(o, o.price).first().hasValue()
customer.orders.filter(o, o.paid).map(o, o.city).last().orValue('none')
customer.visits.map(v, v.page).first().orValue('none')
customer.visits.map(v, v.page).last().orValue('none')
customer.visits.map(v, v.seconds).first().orValue(1)
customer.visits.within(days(90)).map(v, v.page).mode()
customer.visits.map(v, v.page).mode() == null
customer.orders.map(o, o.n).min() == null
customer.orders.map(o, o.price).avg() == null
customer.orders.filter(o, o.n > 0).map(o, o.total).max() == customer.budget
customer.orders.map(o, o.price).max() > customer.budget
customer.orders.filter(o, o.items.size() > 1).size()
customer.orders.map(o, o.items.size()).sum()
customer.orders.exists(o, o.items.exists(i, i.cost > 50.0))
customer.orders.filter(o, o.items.exists(i, i.colour == 'Berlin')).map(o, o.price).sum()
customer.orders.filter(o, o.items.all(i, i.cost > 0.0)).size()
customer.orders.exists(o, o.items.exists(i, i.cost > o.price))
customer.orders.exists(o, o.items.exists(i, i.colour == customer.city))
customer.orders.exists(o, o.items.exists(i, i.cost > customer.orders.map(x, x.price).avg()))
customer.orders.map(o, o.items.map(i, i.cost).max()).max()
customer.orders.filter(o, o.items.map(i, i.cost).sum() > 0.2).size()
cel.bind(r, customer.orders.within(days(90)), r.size() > 1 && r.exists(o, o.price > 0.1))
cel.bind(n, customer.orders.size(), n > 1 && n < 4)
customer.orders.size() > 2 ? 'many' : 'few'
customer.orders.filter(o, true).size()
customer.orders.map(o, 2.5).sum()
customer.orders.filter(o, o.price / 0.0 > 1.0).size()
`), "\n")

func TestFoldsAgreeWithCEL(t *testing.T) {
	for name, config := range map[string]struct {
		cells shopCells
		facts bool
	}{"hostile rows": {hostileCells, false}, "hostile rows, facts": {hostileCells, true}, "calm rows, facts": {calmCells, true}, "money, facts": {moneyCells, true}} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t, config.cells, config.facts, 400)
			b := plan.NewBuilder(s.facts)
			var list []lowered
			for _, text := range foldExpressions {
				l, holes := s.lower(t, b, text)
				if len(holes) > 0 {
					t.Errorf("%s: not compiled: %s", text, holes[0].Reason)
					continue
				}
				list = append(list, l)
			}
			n := s.compare(t, b, list)
			if n.yes == 0 || n.no == 0 || n.values == 0 || n.null == 0 || n.bottom == 0 {
				t.Errorf("the test proves nothing: %+v", n)
			}
			t.Logf("%d expressions: %+v", len(list), n)
		})
	}
}

// chains makes random expressions over related rows: steps, then what is asked
// of the list.
type chains struct{ r *rand.Rand }

func (c chains) one(list ...string) string { return list[c.r.IntN(len(list))] }

func (c chains) condition(depth int) string {
	if depth > 0 && c.r.IntN(3) == 0 {
		return c.one("!(", "(") + c.condition(depth-1) + c.one(" && ", " || ") + c.condition(depth-1) + ")"
	}
	return c.one("o.total > 50.0", "o.price > 0.1", "o.n > 1", "o.m <= 2", "o.paid", "has(o.total)", "o.n == null", "o.city == 'Berlin'", "o.n / o.m > 0", "o.m + 1 > 2",
		"o.city != customer.city", "o.price > customer.budget", "customer.level > 0", "o.items.size() > 1", "o.items.exists(i, i.cost > 0.1)", "o.at < now - days(30)", "o.sent > o.at", "o.m > customer.visits.size()")
}

func (c chains) expression() string {
	text := "customer.orders"
	for range c.r.IntN(4) {
		text += c.one(".filter(o, "+c.condition(1)+")", ".within(days(90))", ".before(days(10))", ".between(days(91), hours(24))", ".within(days(customer.level))")
	}
	switch c.r.IntN(6) {
	case 0:
		return text + ".size()" + c.one("", " > 1", " == 0")
	case 1:
		return text + c.one(".exists(o, ", ".all(o, ", ".exists_one(o, ") + c.condition(2) + ")"
	case 2:
		return "!" + text + c.one(".exists(o, ", ".all(o, ") + c.condition(1) + ")"
	case 3:
		return text + ".map(o, " + c.one("o.city", "o.paid", "o.sent", "o.n") + ")" + c.one(".mode()", ".first().hasValue()", ".distinct().size()")
	case 4:
		return text + ".map(o, " + c.condition(1) + ", " + c.one("o.total", "o.price") + ")" + c.one(".sum()", ".avg()", ".min()", ".max()", ".median()", ".percentile(90)", ".mode()")
	}
	return text + ".map(o, " + c.one("o.total", "o.price", "o.n", "o.m", "o.n + o.m", "o.m / o.n", "o.price * 2.0", "o.total - o.price") + ")" + c.one(".sum()", ".avg()", ".min()", ".max()", ".median()", ".percentile(12.5)", ".mode()", ".size()")
}

func TestRandomFoldsAgreeWithCEL(t *testing.T) {
	for name, config := range map[string]struct {
		cells shopCells
		facts bool
		seed  uint64
	}{"hostile rows": {hostileCells, false, 1}, "hostile rows, facts": {hostileCells, true, 2}, "calm rows, facts": {calmCells, true, 3}, "money, facts": {moneyCells, true, 4}} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t, config.cells, config.facts, 150)
			b := plan.NewBuilder(s.facts)
			c := chains{rand.New(rand.NewPCG(config.seed, 9))}
			var list []lowered
			for range 120 {
				text := c.expression()
				l, holes := s.lower(t, b, text)
				if len(holes) > 0 {
					t.Errorf("%s: not compiled: %s", text, holes[0].Reason)
					continue
				}
				list = append(list, l)
			}
			n := s.compare(t, b, list)
			if n.yes == 0 || n.no == 0 || n.values == 0 || n.null == 0 || n.bottom == 0 {
				t.Errorf("the test proves nothing: %+v", n)
			}
			t.Logf("%+v", n)
		})
	}
}

// values runs outputs over a table, all in one statement.
func (f *fixture) values(t testing.TB, table string, outputs []plan.Output) ([][]any, error) {
	t.Helper()
	query, err := sqlgen.SelectSQL(sqlgen.DuckDB{}, asOf, table, "id", outputs)
	if err != nil {
		return nil, err
	}
	return sqltest.Columns(f.db, query)
}
