package sqltest

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Benches skips a test that measures, unless it is asked for.
func Benches(t testing.TB) {
	t.Helper()
	if os.Getenv("PERSONAE_BENCH") == "" {
		t.Skip("set PERSONAE_BENCH=1, or run `make bench`")
	}
}

// BenchRows is how many rows are measured: PERSONAE_BENCH_ROWS.
func BenchRows() int {
	if n, err := strconv.Atoi(os.Getenv("PERSONAE_BENCH_ROWS")); err == nil {
		return n
	}
	return 5_000_000
}

// BenchRounds is how often both sides take turns: PERSONAE_BENCH_ROUNDS, or
// once where a round takes minutes.
func BenchRounds(usual, manyRows int) int {
	if n, err := strconv.Atoi(os.Getenv("PERSONAE_BENCH_ROUNDS")); err == nil {
		return n
	}
	if BenchRows() > manyRows {
		return 1
	}
	return usual
}

// Cost is what something took, on the clock and of processors.
type Cost struct{ Wall, CPU time.Duration }

// Moment is when something began, on the clock and in the time that processors
// have given to this process.
type Moment struct {
	at  time.Time
	cpu time.Duration
}

// Now is this moment.
func Now() Moment {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return Moment{time.Now(), time.Duration(u.Utime.Nano() + u.Stime.Nano())}
}

// Until is what it has taken since.
func (m Moment) Until() Cost {
	n := Now()
	return Cost{n.at.Sub(m.at), n.cpu - m.cpu}
}

// Plus is the cost of both.
func (c Cost) Plus(other Cost) Cost { return Cost{c.Wall + other.Wall, c.CPU + other.CPU} }

// Least is the less of two costs, each by itself; nothing is no cost.
func (c Cost) Least(other Cost) Cost {
	if c == (Cost{}) {
		return other
	}
	return Cost{min(c.Wall, other.Wall), min(c.CPU, other.CPU)}
}

// Ratio says both times of a cost.
func (c Cost) Ratio(what string) Ratio {
	return Ratio{What: fmt.Sprintf("%-44s (%8.2f s of CPU)", what, c.CPU.Seconds()), Took: c.Wall}
}

// Ratio is a row of what is reported: a time, against another in the same run.
type Ratio struct {
	What  string
	Took  time.Duration
	Base  time.Duration // 0 for none
	Bound float64       // of Took/Base; 0 for none
}

// Report prints ratios, and fails the test of those beyond their bounds.
func Report(t testing.TB, title string, list []Ratio) {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s\n", title)
	for _, r := range list {
		fmt.Fprintf(&b, "  %-64s %9.3f s", r.What, r.Took.Seconds())
		if r.Base > 0 {
			ratio := r.Took.Seconds() / r.Base.Seconds()
			fmt.Fprintf(&b, "   ratio %6.3f", ratio)
			if r.Bound > 0 {
				fmt.Fprintf(&b, "   at most %.3f", r.Bound)
				if ratio > r.Bound {
					b.WriteString("   MISSED")
					t.Errorf("%s: ratio %.3f, at most %.3f", r.What, ratio, r.Bound)
				}
			}
		}
		b.WriteByte('\n')
	}
	t.Log(b.String())
}
