package celenv

import (
	"fmt"
	"testing"

	"personae/engine/catalog"
)

// benchOptions describe a project of a realistic size: 60 columns, 100 traits,
// 100 segments.
func benchOptions(b *testing.B) Options {
	o := testOptions(b)
	for i := range 50 {
		o.Tables[0].Columns = append(o.Tables[0].Columns, column(fmt.Sprintf("c%d", i), catalog.Double, i%2 == 0))
	}
	for i := range 100 {
		o.Traits[fmt.Sprintf("t%d", i)] = catalog.Type{Kind: catalog.Double}
		o.Segments = append(o.Segments, fmt.Sprintf("s%d", i))
	}
	return o
}

func BenchmarkRow(b *testing.B) {
	o := benchOptions(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Row(o); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPopulation(b *testing.B) {
	o := benchOptions(b)
	for b.Loop() {
		if _, err := Population(o); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCheck1000 is what `check` costs in CEL, environment included.
func BenchmarkCheck1000(b *testing.B) {
	o := benchOptions(b)
	for b.Loop() {
		env, err := Row(o)
		if err != nil {
			b.Fatal(err)
		}
		for i := range 1000 {
			text := fmt.Sprintf("customer.c%d > %d.0 && customer.t%d * 2.0 < 3.5 || segment.s%d && customer.?income.orValue(0.0) > 1.0", i%50, i, i%100, i%100)
			if _, iss := env.Compile(text); iss.Err() != nil {
				b.Fatal(iss.Err())
			}
		}
	}
}
