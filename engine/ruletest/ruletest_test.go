package ruletest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"personae/engine"
	"personae/engine/compile"
	"personae/engine/eval"
	"personae/engine/spec"
)

// TestExample runs the tests of the shipped example, as everybody does who tries
// it. Every condition of its rules is seen true and false.
func TestExample(t *testing.T) {
	o := engine.Options{Root: "../..", Now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	p, list, err := engine.Check(context.Background(), o)
	if err != nil || list.HasErrors() {
		t.Fatal(err, describe(list))
	}
	out, list, err := Run(context.Background(), p, o, nil)
	if err != nil || len(list) > 0 {
		t.Fatal(err, describe(list))
	}
	if f := out.Failures(); len(f) > 0 || len(out.Tests) < 31 {
		t.Errorf("%s\n%s", out.Summary(), describe(f))
	}
	if c := out.Coverage; c.Clauses < 100 || c.Tested != c.Clauses {
		t.Errorf("conditions that no test sees true and false:\n%s", strings.Join(c.Lines(100), "\n"))
	}
}

// TestMutants changes one number or operator of a rule of the example at a time,
// and wants its tests to notice.
func TestMutants(t *testing.T) {
	for _, m := range []struct{ file, old, new, tests string }{
		{"rules/parameters.yaml", "big_spender: 500.0", "big_spender: 500.02", "spender"},
		{"rules/segments/behaviour.yaml", "o.total > 100.0", "o.total >= 100.0", "telephone"},
		{"rules/segments/places.yaml", "floor_area > 1800.0", "floor_area >= 1800.0", "large shop"},
		{"rules/rfm.yaml", "leave: customer.orders_365d < 4", "leave: customer.orders_365d < 5", "regulars"},
		{"rules/scores/bant.yaml", "'this month', points: 20", "'this month', points: 19", "BANT"},
		{"rules/journeys/purchase.yaml", "r.rating == 5", "r.rating >= 4", "stage"},
		{"rules/personas/bianca.yaml", "&& !segment.staff", "", "personas"},
	} {
		dir := t.TempDir()
		for _, folder := range []string{"rules", "datasets", "schemas"} {
			if err := os.CopyFS(filepath.Join(dir, folder), os.DirFS("../../"+folder)); err != nil {
				t.Fatal(err)
			}
		}
		path := filepath.Join(dir, m.file)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		changed := strings.Replace(string(text), m.old, m.new, 1)
		if changed == string(text) {
			t.Fatalf("%s has no %q", m.file, m.old)
		}
		if err := os.WriteFile(path, []byte(changed), 0o644); err != nil {
			t.Fatal(err)
		}
		o := engine.Options{Root: dir}
		p, list, err := engine.Check(context.Background(), o)
		if err != nil || list.HasErrors() {
			t.Fatal(err, describe(list))
		}
		out, _, err := Run(context.Background(), p, o, regexp.MustCompile(m.tests))
		if err != nil {
			t.Fatal(err)
		}
		if out.Passed() == len(out.Tests) {
			t.Errorf("%s → %s: %s", m.old, m.new, out.Summary())
		}
	}
}

// TestTenThousandRows: a fixture may be large.
func TestTenThousandRows(t *testing.T) {
	var b strings.Builder
	b.WriteString("kind: Test\nname: many\nnow: 2026-01-01\ngiven:\n  customers:\n")
	for i := range 10_000 {
		fmt.Fprintf(&b, "    - {customer_id: c%d, age: %d, orders: [{ordered_at: 2025-12-31, total: %d}]}\n", i, i%40, i)
	}
	b.WriteString("expect:\n")
	for i := range 10_000 {
		fmt.Fprintf(&b, "  c%d: {segment.adults: %t, customer.paid: %d}\n", i, i%40 >= 18, i)
	}
	out := outcome(t, rules, b.String())
	if f := out.Failures(); len(f) > 0 || len(out.Tests) != 1 {
		t.Errorf("%d failures, the first: %v", len(f), f[0])
	}
	if d := strings.Replace(b.String(), "c9999: {segment.adults: true", "c9999: {segment.adults: false", 1); d == b.String() {
		t.Fatal("the last row is not there")
	} else if f := outcome(t, rules, d).Failures(); len(f) != 1 || f[0].Range.Start.Line != 20_006 {
		t.Errorf("%v", f)
	}
}

// TestDisagreement: where the two engines differ, that is our error, whatever was
// expected.
func TestDisagreement(t *testing.T) {
	e := &compile.Expectation{Name: "segment.a", Want: compile.Answer{Value: true}, Row: &compile.TestRow{},
		Rule: &compile.Rule{Kind: compile.SegmentRule, Expr: &compile.Expr{}}}
	test := &compile.Test{Name: "a", Spec: &spec.Test{}, Expects: []*compile.Expectation{e}, Rows: []*compile.TestRow{e.Row}}
	yes, no := resultOf(compile.Answer{Value: true}), resultOf(compile.Answer{Value: false})
	for _, c := range []struct {
		a    answer
		code string
	}{
		{answer{cel: yes, sql: yes, decided: true}, ""},
		{answer{cel: yes, decided: false}, ""},
		{answer{cel: yes, sql: no, decided: true}, "internal"},
		{answer{cel: yes, sql: eval.Result{}, decided: true}, "internal"},
		{answer{cel: no, sql: no, decided: true}, "test-failed"},
		{answer{cel: no, decided: false}, "test-failed"},
	} {
		r := &runner{answers: map[*compile.Expectation]*answer{e: &c.a}}
		got := ""
		for _, d := range r.judge(test).Failures {
			got += d.Code
		}
		if got != c.code {
			t.Errorf("%+v: %q, not %q", c.a, got, c.code)
		}
	}
	if f := (&runner{}).judge(test).Failures; len(f) != 1 || f[0].Code != "internal" {
		t.Errorf("what nobody answered: %v", f)
	}
}

// TestBatches: tests share tables unless a key of one could be taken for a key of
// the other.
func TestBatches(t *testing.T) {
	const given = "---\nkind: Test\nname: %d\nnow: 202%d-01-01\ngiven: {customer: {%s}}\nexpect: {segment.adults: unknown}\n"
	var docs string
	for i, c := range []struct {
		year int
		row  string
	}{
		{6, ""}, {6, ""}, {6, "customer_id: a"}, {6, "customer_id: a"}, {6, "store: 1"}, {6, "store: {store_id: 1}"}, {7, ""},
	} {
		docs += fmt.Sprintf(given, i, c.year, c.row)
	}
	p, list := project(t, rules, strings.TrimPrefix(docs, "---\n"))
	if list.HasErrors() {
		t.Fatal(describe(list))
	}
	var got []string
	for _, b := range batches(p.Rules.Catalog, p.Rules.Tests) {
		var names []string
		for _, test := range b.tests {
			names = append(names, test.Name)
		}
		got = append(got, strings.Join(names, ""))
	}
	if s := strings.Join(got, " "); s != "0124 35 6" {
		t.Errorf("the batches are %s", s)
	}
}

// TestOnly: --run chooses by name, and says how many it left out.
func TestOnly(t *testing.T) {
	p, _ := project(t, rules, answers)
	out, _, err := Run(context.Background(), p, engine.Options{}, regexp.MustCompile("^stubs$|third"))
	if err != nil || len(out.Tests) != 2 || out.Skipped != strings.Count(answers, "kind: Test")-2 {
		t.Errorf("%v %s", err, out.Summary())
	}
}

// TestJSON: the outcome is one object, and says of each condition what was seen.
func TestJSON(t *testing.T) {
	out := outcome(t, rules, "kind: Test\nname: <a>\ngiven: {customer: {age: 18}}\nexpect: {segment.adults: false}\n")
	var b bytes.Buffer
	if err := out.JSON(&b); err != nil {
		t.Fatal(err)
	}
	var got jsonOutcome
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Failed != 1 || got.Tests[0].Name != "<a>" || got.Tests[0].Failures[0].Place != (jsonPlace{"rules/tests.yaml", 4, 26}) {
		t.Errorf("%s", b.String())
	}
	adults := got.Clauses.Untested[0]
	if adults.Rule != "segment.adults" || !adults.True || adults.False || adults.Place.Line == 0 {
		t.Errorf("%+v", adults)
	}
}

// TestGate refuses rules whose tests fail, and does not run again what passed.
func TestGate(t *testing.T) {
	gate := Gate(func() engine.Options { return engine.Options{Root: t.TempDir()} })
	ask := func(age string) (int, error) {
		p, list := project(t, rules, "kind: Test\nname: a\ngiven: {customer: {age: "+age+"}}\nexpect: {segment.adults: true}\n")
		if list.HasErrors() {
			t.Fatal(describe(list))
		}
		list, err := gate(context.Background(), p)
		return len(list), err
	}
	for _, c := range []struct {
		age  string
		want int
	}{{"18", 0}, {"18", 0}, {"17", 1}, {"17", 1}, {"18", 0}} {
		if n, err := ask(c.age); n != c.want || err != nil {
			t.Errorf("%s: %d findings, %v", c.age, n, err)
		}
	}
	p, _ := project(t, rules, answers)
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := gate(cancelled, p); err == nil {
		t.Error("a run that was ended passed the gate")
	}
}
