package celenv

import (
	"fmt"
	"runtime"
	"sync"
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

// BenchmarkCheckOnCores is BenchmarkCheck1000 on all cores: environments may be
// shared, and parsing is most of the time.
func BenchmarkCheckOnCores(b *testing.B) {
	o := benchOptions(b)
	for b.Loop() {
		env, err := Row(o)
		if err != nil {
			b.Fatal(err)
		}
		var group sync.WaitGroup
		cores := runtime.GOMAXPROCS(0)
		for core := range cores {
			group.Go(func() {
				for i := core; i < 1000; i += cores {
					if _, iss := env.Compile(benchRule(i)); iss.Err() != nil {
						b.Error(iss.Err())
					}
				}
			})
		}
		group.Wait()
	}
}

// benchRule is a rule of four conditions, longer than most.
func benchRule(i int) string {
	return fmt.Sprintf("customer.c%d > %d.0 && customer.t%d * 2.0 < 3.5 || segment.s%d && customer.?income.orValue(0.0) > 1.0", i%50, i, i%100, i%100)
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
			if _, iss := env.Compile(benchRule(i)); iss.Err() != nil {
				b.Fatal(iss.Err())
			}
		}
	}
}
