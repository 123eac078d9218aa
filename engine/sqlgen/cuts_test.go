package sqlgen

import (
	"math"
	"slices"
	"sort"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// spreadOf reads numbers as the sample is read.
func spreadOf(values []float64) Spread {
	sorted := slices.Sorted(slices.Values(values))
	s := Spread{Distinct: int64(len(slices.Compact(slices.Clone(sorted))))}
	for _, q := range Quantiles {
		s.At = append(s.At, sorted[int(math.Floor(q*float64(len(sorted)-1)+0.5))])
	}
	return s
}

func numbers(from, to, step float64) []float64 {
	var out []float64
	for v := from; v <= to; v += step {
		out = append(out, v)
	}
	return out
}

func TestEdgesAreRound(t *testing.T) {
	heavy := append(numbers(0, 0.9, 0.001), numbers(1, 9_000, 10)...)
	for name, c := range map[string]struct {
		values []float64
		want   []float64
	}{
		"ages":       {numbers(18, 90, 0.1), []float64{20, 30, 40, 50, 60, 70, 80}},
		"shares":     {numbers(0, 1, 0.001), []float64{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9}},
		"negative":   {numbers(-50, 50, 0.1), []float64{-40, -30, -20, -10, 0, 10, 20, 30, 40}},
		"heavy tail": {append(heavy, numbers(0, 1, 0.0001)...), []float64{0.1, 1, 10, 100, 1000}},
		"one value":  {[]float64{3, 3, 3}, nil},
	} {
		if got := spreadOf(c.values).Edges(int64(len(c.values)), 5); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestWholeNumbersGetABinEach(t *testing.T) {
	few := []float64{}
	for range 100 {
		few = append(few, 0, 1, 2, 3)
	}
	if edges, each := spreadOf(few).WholeEdges(400, 5); !each || !slices.Equal(edges, []float64{1, 2, 3}) {
		t.Errorf("0 to 3: %v, %v", edges, each)
	}
	if edges, each := spreadOf(numbers(0, 200, 1)).WholeEdges(201, 5); each || len(edges) < 5 {
		t.Errorf("0 to 200: %v, %v", edges, each)
	}
}

// Whatever the data: edges rise, lie inside it, and are few.
func TestEdgesOfAnyData(t *testing.T) {
	seen := map[bool]int{}
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(-1e12, 1e12), 1, 200).Draw(t, "values")
		s := spreadOf(values)
		edges := s.Edges(int64(len(values)), 5)
		seen[len(edges) > 0]++
		if !sort.Float64sAreSorted(edges) || len(edges) > 2*about {
			t.Fatalf("%v", edges)
		}
		for _, e := range edges {
			if e <= s.At[0] || e > s.At[len(s.At)-1] {
				t.Fatalf("edge %v outside %v", e, s.At)
			}
		}
	})
	if seen[true] == 0 || seen[false] == 0 {
		t.Errorf("edges and none: %v", seen)
	}
}

func TestTimesAreCutAtMonths(t *testing.T) {
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	day := func(y, m, d int) float64 {
		return float64(time.Date(y, time.Month(m), d, 0, 0, 0, 0, zone).UnixMicro())
	}
	edges := spreadOf(numbers(day(2025, 1, 10), day(2025, 12, 20), 3.6e9)).TimeEdges(8000, 5, zone)
	if len(edges) != 11 || edges[0] != day(2025, 2, 1) || edges[6] != day(2025, 8, 1) {
		t.Errorf("%d edges, the first %v", len(edges), time.UnixMicro(int64(edges[0])).In(zone))
	}
	if years := spreadOf(numbers(day(2005, 1, 10), day(2025, 12, 20), 3.6e11)).TimeEdges(1800, 5, zone); len(years) > 24 || years[1] != day(2007, 1, 1) {
		t.Errorf("%d edges over 20 years", len(years))
	}
}
