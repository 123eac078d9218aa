package eval

import (
	"context"
	"testing"
	"time"
)

// BenchmarkRow is one rule over one row that is filled anew: the cost of a
// hole. It gates on allocations in TestAllocations.
func BenchmarkRow(b *testing.B) {
	env := rowEnv(b, "Europe/London")
	ast, iss := env.Compile("customer.income > 500.0 && customer.age.between(18, 65) && !segment.staff && daysSince(customer.born) > 30")
	if iss.Err() != nil {
		b.Fatal(iss.Err())
	}
	p, err := NewProgram(env, ast)
	if err != nil {
		b.Fatal(err)
	}
	row, err := NewRow(env, "customer")
	if err != nil {
		b.Fatal(err)
	}
	row.SetNow(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	row.SetSegment("staff", false)
	income, _ := row.Position("income")
	age, _ := row.Position("age")
	born, _ := row.Position("born")
	birth := time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	b.ReportAllocs()
	members := 0
	fill := func(i int, row *Row) error {
		row.SetAt(income, float64(i))
		row.SetAt(age, int64(i%100))
		row.SetAt(born, birth)
		return nil
	}
	take := func(_, _ int, r Result) error {
		if r.Member() {
			members++
		}
		return nil
	}
	if err := Each(context.Background(), row, b.N, fill, []*Program{p}, take); err != nil {
		b.Fatal(err)
	}
}

// TestAllocations keeps a row cheap: one allocation a value at most, and what
// cel-go itself needs.
func TestAllocations(t *testing.T) {
	r := testing.Benchmark(BenchmarkRow)
	if got := r.AllocsPerOp(); got > 20 {
		t.Errorf("%d allocations a row", got)
	}
	t.Logf("%s, %d allocations a row", r, r.AllocsPerOp())
}
