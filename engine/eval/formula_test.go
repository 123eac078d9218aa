package eval

import (
	"math"
	"testing"
	"time"

	"cel.dev/cel-go/common/types"
	"github.com/google/go-cmp/cmp"

	"personae/engine/celenv"
	"personae/engine/format"
)

func TestFormula(t *testing.T) {
	f, err := format.New("en-GB", "GBP", time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	env, err := celenv.Formula(map[string]*types.Type{
		"stat_0": types.NewNullableType(types.DoubleType), "stat_1": types.IntType, "stat_2": types.NewListType(celenv.TopType(types.StringType).CEL()),
		"stat_3": types.NewListType(celenv.TopType(types.IntType).CEL()), "stat_4": types.TimestampType,
	}, f)
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]any{
		"stat_0": 0.41, "stat_1": int64(1234), "stat_2": []TopItem{{"Leeds", 30, 0.3}, {"York", 20, 0.2}}, "stat_3": []TopItem{},
		"stat_4": time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC),
	}
	for _, c := range []struct {
		expr  string
		stats map[string]any
		want  Result
	}{
		{"stat_0 > 0.4", known, yes},
		{"stat_0 > 0.5", known, no},
		{"stat_0 > 0.4", map[string]any{"stat_0": nil}, bottom("there is no value")},
		{"stat_0 > 0.4", map[string]any{"stat_0": Unreadable{"under 80% known"}}, bottom("under 80% known")},
		{"stat_0 > 0.4 || stat_1 > 3", map[string]any{"stat_0": nil, "stat_1": int64(4)}, yes},
		{"stat_0", map[string]any{"stat_0": nil}, Result{Outcome: Null}},
		{"stat_0", map[string]any{}, bottom("a value was not calculated")},
		{"asPercent(stat_0) + ' of ' + asNumber(stat_1)", known, value("41% of 1,234")},
		{"asPercent(stat_0, 1)", known, value("41.0%")},
		{"asMoney(stat_0 * 1000.0) + asMoney(stat_1, 2)", known, value("£410£1,234.00")},
		{"asDate(stat_4)", known, value("31 Dec 2025")},
		{"asPercent(stat_0)", map[string]any{"stat_0": math.NaN()}, bottom("there is no value")},
		{"asPercent(stat_0, 12)", known, bottom("a number has 0 to 9 decimals")},
		{"asPercent(stat_0)", map[string]any{"stat_0": nil}, bottom("there is no value")},
		{"stat_2[0].value", known, value("Leeds")},
		{"stat_2[1].count + stat_2[0].count", known, value(int64(50))},
		{"asPercent(stat_2[1].share)", known, value("20%")},
		{"stat_3[0].value > 1", known, bottom("there is no value")},
		{"stat_2.map(x, x.value).join(', ')", known, value("Leeds, York")},
	} {
		ast, iss := env.Compile(c.expr)
		if iss.Err() != nil {
			t.Fatalf("%s: %v", c.expr, iss.Err())
		}
		formula, err := NewFormula(env, ast)
		if err != nil {
			t.Fatal(err)
		}
		got, err := formula.Eval(c.stats)
		if err != nil || !cmp.Equal(got, c.want) {
			t.Errorf("%s over %v: got %+v, %v; want %+v", c.expr, c.stats, got, err, c.want)
		}
	}
	ast, _ := env.Compile("stat_1 > 1")
	formula, err := NewFormula(env, ast)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := formula.Eval(map[string]any{"stat_1": []TopItem{}}); err == nil {
		t.Error("a list was taken for a number")
	}
}
