package celenv

import (
	"testing"

	"cel.dev/cel-go/common/types"

	"personae/engine/format"
)

func TestPopulationChecks(t *testing.T) {
	env, err := Population(testOptions(t))
	if err != nil {
		t.Fatal(err)
	}
	for expr, want := range map[string]string{
		"count()":                             "int",
		"share(customer.children > 0) > 0.4":  "bool",
		"share(customer.active)":              "wrapper(double)",
		"lift(segment.big)":                   "wrapper(double)",
		"median(customer.age)":                "wrapper(double)",
		"median(customer.income)":             "wrapper(double)",
		"percentile(customer.income, 90)":     "wrapper(double)",
		"sum(customer.spend)":                 "double",
		"sum(customer.children)":              "int",
		"mode(customer.city)":                 "wrapper(string)",
		"top(customer.city, 3)[0].value":      "string",
		"top(customer.children, 3)[0].value":  "int",
		"top(customer.city, 1)[0].share":      "double",
		"top(customer.joined, 1)[0].value":    "google.protobuf.Timestamp",
		"asPercent(share(customer.age > 18))": "string",
		"asMoney(avg(customer.spend), 2)":     "string",
		"asDate(mode(customer.joined))":       "string",
		"asNumber(count())":                   "string",
	} {
		ast, iss := env.Compile(expr)
		if iss.Err() != nil {
			t.Errorf("%s: %v", expr, iss.Err())
		} else if got := ast.OutputType().String(); got != want {
			t.Errorf("%s: type %s, want %s", expr, got, want)
		}
	}
}

func TestFormulaEvaluates(t *testing.T) {
	f, err := format.New("en-GB", "GBP", london(t))
	if err != nil {
		t.Fatal(err)
	}
	env, err := Formula(map[string]*types.Type{"stat_0": nullableDouble, "stat_1": types.NewListType(TopType(tString).CEL())}, f)
	if err != nil {
		t.Fatal(err)
	}
	ast, iss := env.Compile("asMoney(stat_0) + ' in ' + stat_1[0].value")
	if iss.Err() != nil {
		t.Fatal(iss.Err())
	}
	prg, err := env.Program(ast)
	if err != nil {
		t.Fatal(err)
	}
	top := NewRecord(TopType(tString), TopItem("Leeds", 3, 0.25))
	out, _, err := prg.Eval(map[string]any{"stat_0": 1234.4, "stat_1": []*Record{top}})
	if err != nil || out.Value() != "£1,234 in Leeds" {
		t.Errorf("got %v, %v", out, err)
	}
	if out, _, err := prg.Eval(map[string]any{"stat_0": nil, "stat_1": []*Record{top}}); err == nil {
		t.Errorf("no value printed as %v", out)
	}
}
