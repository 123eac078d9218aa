package render

import (
	"fmt"
	"os"
	"slices"
	"syscall"
	"testing"
	"time"

	"personae/engine/report"
)

// fifty is fifty personas with five charts each, no two alike.
func fifty() *report.Report {
	r := base()
	for i := range 50 {
		p := bianca()
		p.Name, p.DisplayName = fmt.Sprintf("persona_%02d", i), fmt.Sprintf("Persona %d", i)
		by := float64(i) / 1000
		cities := distribution("chart_2", "Where they live", report.Categories, []string{"Leeds", "York", "Hull", "All others"}, []float64{.31 + by, .22, .12, .2}, []float64{.2, .21, .02, .46})
		yes := distribution("chart_3", "Has children", report.YesNo, []string{"Yes"}, []float64{.46 + by}, []float64{.33})
		parts := distribution("chart_4", "Lifecycle", report.Exclusive, []string{"Champions", "At risk", "New"}, []float64{.31 + by, .12, .2}, []float64{.1, .19, .08})
		age, week := ages(), weekHours()
		age.Bins[1].Share, week.Bins[100].Share = share(.1+by), share(.01+by)
		p.Charts = []report.Distribution{age, week, cities, yes, parts}
		r.Personas = append(r.Personas, p)
	}
	return r
}

// spent is the processor time of this process.
func spent() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// TestBenchFiftyPersonas measures 50 personas with 5 charts each: cold (at most 20 s
// on two cores), and where one persona changed (under 1 s).
func TestBenchFiftyPersonas(t *testing.T) {
	if os.Getenv("PERSONAE_BENCH") == "" {
		t.Skip("set PERSONAE_BENCH")
	}
	kept := &held{things: map[string][]byte{}}
	measure := func(what string, r *report.Report, most time.Duration) {
		kept.missed = 0
		start, cpu := time.Now(), spent()
		pages, err := HTML(r, Art{Cache: kept})
		if err != nil {
			t.Fatal(err)
		}
		took, cpu := time.Since(start), spent()-cpu
		size := 0
		for _, b := range pages {
			size += len(b)
		}
		t.Logf("%-28s %6.2f s, %6.2f s of processor time, %d drawings, %d pages, %.1f MB", what, took.Seconds(), cpu.Seconds(), kept.missed, len(pages), float64(size)/1e6)
		// A busy machine takes longer by the clock: two cores have twice the time.
		if cpu > 2*most && took > most {
			t.Errorf("%s took %v, and may take %v on two cores", what, took, most)
		}
	}
	r := fifty()
	measure("50 personas x 5 charts, cold", r, 20*time.Second)
	if kept.missed < 50*5 {
		t.Errorf("only %d drawings", kept.missed)
	}
	measure("nothing changed", r, time.Second)
	if kept.missed != 0 {
		t.Errorf("%d drawings were drawn again", kept.missed)
	}
	changed := r.Personas[7]
	changed.Charts = slices.Clone(changed.Charts)
	for i := range changed.Charts {
		changed.Charts[i].Bins = slices.Clone(changed.Charts[i].Bins)
		changed.Charts[i].Bins[0].Share = share(.555)
	}
	r.Personas[7] = changed
	measure("one persona changed", r, time.Second)
	if kept.missed != 5 {
		t.Errorf("%d drawings, want 5", kept.missed)
	}
}
