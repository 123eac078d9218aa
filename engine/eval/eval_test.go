package eval

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"

	"cel.dev/cel-go/cel"
	"github.com/google/go-cmp/cmp"

	"personae/engine/catalog"
	"personae/engine/celenv"
)

func nullable(kind catalog.Kind) catalog.Type { return catalog.Type{Kind: kind, Nullable: true} }

func rowEnv(t testing.TB, zone string) *cel.Env {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	list := func(kind catalog.Kind) catalog.Type {
		elem := nullable(kind)
		return catalog.Type{Kind: catalog.List, Nullable: true, Elem: &elem}
	}
	address := catalog.Type{Kind: catalog.Struct, Nullable: true, Fields: []catalog.Field{{Name: "town", Type: nullable(catalog.String)}, {Name: "years", Type: nullable(catalog.Int)}}}
	env, err := celenv.Row(celenv.Options{
		Zone: loc, Entity: "customer",
		Tables: []*catalog.Table{{Name: "customers", Entity: "customer", Key: "id", Columns: []*catalog.Column{
			{Name: "id", Type: catalog.Type{Kind: catalog.String}}, {Name: "income", Type: nullable(catalog.Double)},
			{Name: "age", Type: nullable(catalog.Int)}, {Name: "city", Type: nullable(catalog.String)},
			{Name: "active", Type: nullable(catalog.Bool)}, {Name: "born", Type: nullable(catalog.Timestamp)},
			{Name: "odd name", Type: nullable(catalog.Int)},
			{Name: "address", Type: address}, {Name: "moves", Type: catalog.Type{Kind: catalog.List, Elem: &address}},
			{Name: "amounts", Type: list(catalog.Double)}, {Name: "counts", Type: list(catalog.Int)},
			{Name: "tags", Type: list(catalog.String)}, {Name: "dates", Type: list(catalog.Timestamp)}, {Name: "flags", Type: list(catalog.Bool)},
		}}},
		Traits:        map[string]catalog.Type{"spend": nullable(catalog.Double)},
		Segments:      []string{"big", "staff"},
		Segmentations: []string{"life"},
		Params:        map[string]any{"limit": 100.0},
	})
	if err != nil {
		t.Fatal(err)
	}
	return env
}

// run compiles and evaluates one expression over one row.
func run(t *testing.T, env *cel.Env, expr string, fields map[string]any) Result {
	t.Helper()
	ast, iss := env.Compile(expr)
	if iss.Err() != nil {
		t.Fatalf("%s: %v", expr, iss.Err())
	}
	p, err := NewProgram(env, ast)
	if err != nil {
		t.Fatal(err)
	}
	row, err := NewRow(env, "customer")
	if err != nil {
		t.Fatal(err)
	}
	row.SetNow(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	for name, v := range fields {
		if name == "segment.big" {
			row.SetSegment("big", v)
		} else if name == "segmentation.life" {
			row.SetSegmentation("life", v)
		} else if err := row.Set(name, v); err != nil {
			t.Fatal(err)
		}
	}
	r, err := p.Eval(context.Background(), row)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

type fields = map[string]any

var (
	yes = Result{Outcome: True, Value: true}
	no  = Result{Outcome: False, Value: false}
)

func value(v any) Result       { return Result{Outcome: Value, Value: v} }
func bottom(why string) Result { return Result{Reason: why} }

func TestThreeOutcomes(t *testing.T) {
	env := rowEnv(t, "Europe/London")
	incomeBad := fields{"income": Unreadable{"income is out of range"}}
	for _, c := range []struct {
		expr string
		row  fields
		want Result
	}{
		{"customer.city == 'x'", nil, no},
		{"customer.city != 'Berlin'", nil, yes},
		{"customer.city == null", nil, yes},
		{"customer.city != null", fields{"city": "x"}, yes},
		{"customer.income == null", fields{"income": 1.0}, no},
		{"customer.income > 1", nil, bottom("income is empty")},
		{"customer.income > 1", fields{"income": 2.0}, yes},
		{"customer.income > customer.age", nil, bottom("income and age are empty")},
		{"customer.income > customer.age", fields{"age": int64(3)}, bottom("income is empty")},
		{"has(customer.income)", nil, no},
		{"has(customer.income)", fields{"income": 0.0}, yes},
		{"has(customer.income)", incomeBad, bottom("income is out of range")},
		{"has(customer.income) && customer.income > 1", nil, no},
		{"customer.income > 1 || customer.age > 1", fields{"age": int64(2)}, yes},
		{"customer.income > 1 && customer.age > 1", fields{"age": int64(1)}, no},
		{"customer.income > 1 || customer.age > 1", fields{"age": int64(1)}, bottom("income is empty")},
		{"!(customer.income > 1)", incomeBad, bottom("income is out of range")},
		{"customer.income == null", incomeBad, bottom("income is out of range")},
		{"customer.?income.orValue(0.5)", nil, value(0.5)},
		{"customer.?income.orValue(0.5)", fields{"income": 7.0}, value(7.0)},
		{"customer.?income.orValue(0.5)", incomeBad, bottom("income is out of range")},
		{"customer.income", nil, Result{Outcome: Null}},
		{"customer.active", nil, Result{Outcome: Null}},
		{"customer.active", fields{"active": true}, yes},
		{"customer.active && true", nil, bottom("active is empty")},
		{"customer.active && false", nil, no},
		{"customer.`odd name` > 2", fields{"odd name": int64(3)}, yes},
		{"customer.born == null", nil, yes},
		{"customer.born < now", nil, bottom("born is empty")},
		{"customer.city in ['a', 'b']", nil, no},
		{"customer.tags.size() > 0", nil, bottom("customer.tags is empty")},
		{"has(customer.tags)", nil, no},
		{"has(customer.tags)", fields{"tags": []any{}}, yes},
		{"customer.spend > 1.0", nil, bottom("spend was not calculated")},
		{"has(customer.spend)", nil, bottom("spend was not calculated")},
		{"has(customer.spend)", fields{"spend": nil}, no},
		{"segment.big", fields{"segment.big": true}, yes},
		{"!segment.big", fields{"segment.big": nil}, bottom("can't tell big")},
		{"segment.big || true", fields{"segment.big": nil}, yes},
		{"segmentation.life == 'new'", fields{"segmentation.life": "old"}, no},
		{"customer.age / 0 == 1", fields{"age": int64(3)}, bottom("a number is divided by zero")},
		{"customer.age + 9223372036854775807 > 0", fields{"age": int64(3)}, bottom("a whole number is out of range")},
		{"customer.income > params.limit", fields{"income": 100.5}, yes},
		{"customer.income < 1.0", fields{"income": math.NaN()}, no},
		{"customer.income >= 1.0", fields{"income": math.NaN()}, no},
		{"customer.income == customer.income", fields{"income": math.NaN()}, no},
		{"customer.tags[3] == 'x'", fields{"tags": []any{"a"}}, bottom("the list is too short")},
		{"[customer.age, customer.age].size()", nil, value(int64(2))},
		{"customer.age.between(1, 3)", fields{"age": int64(3)}, yes},
		{"customer.age.between(1, 2.5)", fields{"age": int64(3)}, no},
		{"customer.age.between(1, 3)", nil, bottom("age is empty")},
		{"1.between(2, customer.age)", nil, bottom("age is empty")}, // strict, although 1 < 2
		{"customer.income.between(1, 2)", incomeBad, bottom("income is out of range")},
		{"customer.income.between(1, 3)", fields{"income": math.NaN()}, bottom("a value is not a number")},
	} {
		if got := run(t, env, c.expr, c.row); !cmp.Equal(got, c.want) {
			t.Errorf("%s over %v:\n got %+v\nwant %+v", c.expr, c.row, got, c.want)
		}
	}
}

func TestStructs(t *testing.T) {
	env := rowEnv(t, "UTC")
	row := fields{"address": map[string]any{"town": "York"}, "moves": []any{map[string]any{"town": "Hull", "years": int64(3)}, map[string]any{"town": "Leeds", "years": int64(2)}}}
	for _, c := range []struct {
		expr       string
		empty, set Result
	}{
		{"has(customer.address)", no, yes},
		{"customer.address.town == 'York'", bottom("address is empty"), yes},
		{"has(customer.address.years)", bottom("customer.address is empty"), no},
		{"customer.address.years > 1", bottom("address is empty"), bottom("years of address is empty")},
		{"customer.?address.?town.orValue('none')", value("none"), value("York")},
		{"customer.moves.map(m, m.years).sum()", bottom("customer.moves is empty"), value(int64(5))},
		{"customer.moves.exists(m, m.town == 'Leeds')", bottom("customer.moves is empty"), yes},
	} {
		if got := run(t, env, c.expr, nil); !cmp.Equal(got, c.empty) {
			t.Errorf("%s over nothing: got %+v, want %+v", c.expr, got, c.empty)
		}
		if got := run(t, env, c.expr, row); !cmp.Equal(got, c.set) {
			t.Errorf("%s: got %+v, want %+v", c.expr, got, c.set)
		}
	}
}

func TestAtLeast(t *testing.T) {
	env := rowEnv(t, "UTC")
	for _, c := range []struct {
		expr string
		want Result
	}{
		{"atLeast(2, true, false, true)", yes},
		{"atLeast(2, true, customer.age > 1, true)", yes},
		{"atLeast(2, true, customer.age > 1, false)", bottom("age is empty")},
		{"atLeast(2, false, customer.age > 1, false)", no},
		{"atLeast(1, customer.active)", bottom("active is empty")},
		{"atLeast(0, customer.active)", yes},
		{"atLeast(customer.age, true)", bottom("age is empty")},
	} {
		if got := run(t, env, c.expr, nil); !cmp.Equal(got, c.want) {
			t.Errorf("%s: got %+v, want %+v", c.expr, got, c.want)
		}
	}
}

func TestLists(t *testing.T) {
	env := rowEnv(t, "UTC")
	day := func(d int) time.Time { return time.Date(2026, 1, d, 0, 0, 0, 0, time.UTC) }
	empty := fields{"amounts": []any{}, "counts": []any{}, "tags": []any{}, "dates": []any{}}
	nulls := fields{"amounts": []any{nil}, "counts": []any{nil, nil}, "tags": []any{nil}, "dates": []any{nil}}
	full := fields{
		"amounts": []any{2.5, nil, 0.1, 0.2, -1.0}, "counts": []any{int64(3), int64(1), nil, int64(3), int64(1), int64(2)},
		"tags": []any{"b", "a", nil, "b", "a"}, "dates": []any{day(3), day(1), day(2)}, "flags": []any{true, false},
	}
	null := Result{Outcome: Null}
	for _, c := range []struct {
		expr               string
		empty, nulls, full Result
	}{
		{"customer.amounts.sum()", value(0.0), value(0.0), value(1.8)},
		{"customer.counts.sum()", value(int64(0)), value(int64(0)), value(int64(10))},
		{"customer.amounts.avg()", null, null, value(0.45)},
		{"customer.counts.avg()", null, null, value(2.0)},
		{"customer.counts.min()", null, null, value(int64(1))},
		{"customer.amounts.max()", null, null, value(2.5)},
		{"customer.tags.min()", null, null, value("a")},
		{"customer.dates.max()", null, null, value(day(3))},
		{"customer.amounts.median()", null, null, value(0.15000000000000002)},
		{"customer.counts.median()", null, null, value(2.0)},
		{"customer.counts.percentile(100)", null, null, value(3.0)},
		{"customer.counts.percentile(0.0)", null, null, value(1.0)},
		{"customer.counts.percentile(101)", bottom("a percentile is from 0 to 100"), bottom("a percentile is from 0 to 100"), bottom("a percentile is from 0 to 100")},
		{"customer.counts.mode()", null, null, value(int64(1))},
		{"customer.tags.mode()", null, null, value("a")},
		{"customer.amounts.sum() + 1.0 > 0.5", yes, yes, yes},
		{"customer.tags.first().hasValue()", no, yes, yes},
		{"customer.tags.last().orValue('none')", value("none"), null, value("a")},
		{"customer.tags.distinct().size()", value(int64(0)), value(int64(1)), value(int64(3))},
	} {
		for _, on := range []struct {
			row  fields
			want Result
		}{{empty, c.empty}, {nulls, c.nulls}, {full, c.full}} {
			if got := run(t, env, c.expr, on.row); !cmp.Equal(got, on.want) {
				t.Errorf("%s over %v:\n got %+v\nwant %+v", c.expr, on.row, got, on.want)
			}
		}
	}
	for expr, want := range map[string]Result{
		"customer.counts.sum()":  bottom("the sum is out of range"),
		"customer.counts.avg()":  value(9223372036854775807.0),
		"customer.amounts.min()": bottom("a value is not a number"),
		"customer.amounts.sum()": bottom("the sum is out of range"),
		"customer.flags.mode()":  bottom("customer.flags is empty"),
		"customer.tags.mode()":   bottom("bad cell"),
		"customer.counts.filter(c, c > 9223372036854775806).size()": value(int64(2)),
	} {
		row := fields{"counts": []any{int64(math.MaxInt64), int64(math.MaxInt64)}, "amounts": []any{math.NaN(), 1.0}, "tags": []any{"a", errors.New("bad cell")}}
		if got := run(t, env, expr, row); !cmp.Equal(got, want) {
			t.Errorf("%s: got %+v, want %+v", expr, got, want)
		}
	}
}

func TestErrors(t *testing.T) {
	env := rowEnv(t, "UTC")
	row, err := NewRow(env, "customer")
	if err != nil {
		t.Fatal(err)
	}
	if row.Set("nonsense", 1) == nil {
		t.Error("a field that there is not was set")
	}
	if _, err := NewRow(env, "nobody"); err == nil {
		t.Error("a row of no entity was made")
	}
	ast, iss := env.Compile("customer.counts.map(a, customer.counts.map(b, customer.counts.map(c, a * b * c))).size() > 0")
	if iss.Err() != nil {
		t.Fatal(iss.Err())
	}
	p, err := NewProgram(env, ast)
	if err != nil {
		t.Fatal(err)
	}
	many := make([]any, 1000)
	for i := range many {
		many[i] = int64(1)
	}
	if err := row.Set("counts", many); err != nil {
		t.Fatal(err)
	}
	r, err := p.Eval(context.Background(), row)
	if err != nil || r.Reason != "the expression is too expensive for this row" {
		t.Errorf("got %+v, %v", r, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := p.Eval(ctx, row); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled context gave %v", err)
	}
}
