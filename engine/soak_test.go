package engine_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"personae/engine"
)

// held is what a process holds: what must not grow with reloads.
type held struct {
	goroutines, files int
	heap, resident    uint64 // bytes
}

func holds(t *testing.T) held {
	t.Helper()
	runtime.GC()
	runtime.GC() // what the first one finalised
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	h := held{goroutines: runtime.NumGoroutine(), heap: m.HeapAlloc}
	if open, err := os.ReadDir("/proc/self/fd"); err == nil {
		h.files = len(open)
	}
	if b, err := os.ReadFile("/proc/self/statm"); err == nil {
		pages, err := strconv.ParseUint(strings.Fields(string(b))[1], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		h.resident = pages * uint64(os.Getpagesize())
	}
	return h
}

// soaked is a small project that is edited without end.
type soaked struct {
	t   *testing.T
	dir string
	now time.Time
}

func (p *soaked) save(name, text string) {
	p.t.Helper()
	path := filepath.Join(p.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// edit saves other data, moves the clock, or saves bad rules or good ones.
func (p *soaked) edit(i int) {
	switch {
	case i%50 == 49:
		p.save("customers.csv", "id,spend\n1,10\n2,20\n3,30\n"+strings.Repeat("4,40\n", i/50%2))
	case i%30 == 29:
		p.now = p.now.Add(time.Duration(1-i/30%2*2) * 24 * time.Hour)
	case i%7 == 6:
		p.save("rules/r.yaml", "kind: Segment\nname: a\nwhen: customer.nothing > 1.0\n")
	default:
		p.save("rules/r.yaml", "kind: Segment\nname: a\nwhen: customer.spend > "+strconv.Itoa(i%40)+".0\n---\nkind: Segment\nname: b\nwhen: \"!segment.a\"\n---\n"+
			"kind: Persona\nname: ann\nwho: segment.a\nidentity: {name: Ann}\nstory: ${count()} of "+strconv.Itoa(i)+"\n")
	}
}

func (p *soaked) options() engine.Options {
	return engine.Options{Root: p.dir, Now: p.now, Threads: 1, MemoryLimit: "200MB"}
}

// TestReloadsLeaveNothingBehind reloads a small project again and again, with
// good and bad rules, other data and other instants, and compares what the
// process holds after the first hundred, halfway and in the end. PERSONAE_RELOADS
// says how often.
func TestReloadsLeaveNothingBehind(t *testing.T) {
	reloads := 100
	if n, err := strconv.Atoi(os.Getenv("PERSONAE_RELOADS")); err == nil {
		reloads = n
	}
	p := &soaked{t: t, dir: t.TempDir(), now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	p.save("datasets/d.yaml", "kind: Project\nname: small\nroot: customer\n---\nkind: Dataset\nname: customers\nentity: customer\nkey: id\nsource: {path: customers.csv}\ncolumns: {spend: {type: double}}\n")
	p.edit(49)
	s, err := engine.NewSession(p.options())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	good, bad := 0, 0
	begin, middle, start := held{}, held{}, time.Now()
	for i := range reloads {
		p.edit(i)
		_, list, err := s.Draft(context.Background(), p.options())
		if err != nil {
			t.Fatal(err)
		}
		if list.HasErrors() {
			bad++
		} else {
			good++
		}
		if i == min(100, reloads/2) {
			begin = holds(t)
		}
		if i == reloads/2 {
			middle = holds(t)
		}
	}
	end := holds(t)
	t.Logf("%d good and %d rejected reloads in %v: goroutines %d → %d, open files %d → %d, heap %.1f → %.1f MB, resident %d → %d → %d MB", good, bad, time.Since(start).Round(time.Second),
		begin.goroutines, end.goroutines, begin.files, end.files, float64(begin.heap)/1e6, float64(end.heap)/1e6, begin.resident>>20, middle.resident>>20, end.resident>>20)
	if good < reloads/2 || bad < reloads/20 {
		t.Error("the reloads are too good or too bad: the test sees too little")
	}
	if end.goroutines > begin.goroutines+5 || end.files > begin.files+5 {
		t.Error("reloads leave goroutines or open files behind")
	}
	if end.heap > begin.heap+32<<20 {
		t.Error("reloads leave memory behind")
	}
	// The database keeps up to 32,768 dead entries in each of its queues: what a
	// process holds settles only after some ten thousand reloads.
	if reloads >= 20_000 && end.resident > middle.resident+32<<20 {
		t.Error("reloads leave memory of the database behind")
	}
}
