package watch

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"personae/engine"
	"personae/engine/diag"
	"personae/engine/ruletest"
)

const shop = `kind: Project
name: shop
timezone: UTC
as_of: 2026-01-01T00:00:00Z
root: customer
---
kind: Dataset
name: customers
entity: customer
key: id
source: {path: data/customers.csv}
`

func segment(least string) string {
	return "kind: Segment\nname: rich\nwhen: customer.spend > " + least + "\n---\nkind: Segment\nname: grown_up\nwhen: customer.age >= 18\n"
}

func rows(n int) string {
	var b strings.Builder
	b.WriteString("id,spend,age\n")
	for i := range n {
		fmt.Fprintf(&b, "%d,%d.5,%d\n", i, i*10, i%60)
	}
	return b.String()
}

// running is a loop over a project in a folder of its own.
type running struct {
	t      *testing.T
	dir    string
	loop   *Loop
	events chan Event
}

func run(t *testing.T, with ...func(*Loop)) *running {
	t.Helper()
	r := &running{t: t, dir: t.TempDir(), events: make(chan Event, 1000)}
	r.save("datasets/shop.yaml", shop)
	r.save("rules/rich.yaml", segment("100.0"))
	r.save("data/customers.csv", rows(100))
	r.loop = &Loop{
		Options: func() engine.Options {
			return engine.Options{Root: r.dir, Threads: 1, MemoryLimit: "500MB", Now: time.Now()}
		},
		Tell: func(e Event) { r.events <- e },
	}
	for _, f := range with {
		f(r.loop)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- r.loop.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return r
}

// save saves a file at once: whoever looks sees the old bytes or the new ones.
func (r *running) save(name, text string) {
	r.t.Helper()
	path := filepath.Join(r.dir, name)
	whole := filepath.Join(filepath.Dir(path), ".whole")
	write(r.t, whole, text)
	rename(r.t, whole, path)
}

// next is the next event that is not of a run that a newer save ended.
func (r *running) next() Event {
	r.t.Helper()
	for {
		select {
		case e := <-r.events:
			if !e.Superseded {
				return e
			}
		case <-time.After(time.Minute):
			r.t.Fatal("nothing was evaluated")
		}
	}
}

func (r *running) rich(e Event) int64 {
	r.t.Helper()
	if e.Err != nil || e.Rejected || e.Outcome.Results == nil {
		r.t.Fatalf("not evaluated: %v %v", e.Err, e.Diagnostics)
	}
	for _, g := range e.Outcome.Results.Entities[0].Groups {
		if g.Name == "rich" {
			return g.Members
		}
	}
	r.t.Fatal("there is no such segment")
	return 0
}

func TestTheLastGoodEvaluationStands(t *testing.T) {
	r := run(t)
	first := r.next()
	if n := r.rich(first); n != 90 || !first.Cause.Start {
		t.Fatalf("%d are rich, cause %s", n, first.Cause)
	}
	r.save("rules/rich.yaml", segment("customer.spent"))
	bad := r.next()
	s := r.loop.Status()
	if !bad.Rejected || s.Active.Revision != first.Revision || s.Rejected.Revision != bad.Revision {
		t.Fatalf("a bad save: %+v", s)
	}
	r.save("rules/rich.yaml", "")
	if e := r.next(); !e.Rejected || r.loop.Status().Active.Revision != first.Revision {
		t.Fatalf("an empty file, as a save that was cut short leaves one: %+v", e)
	}
	r.save("rules/rich.yaml", segment("500.0"))
	good := r.next()
	if n := r.rich(good); n != 50 {
		t.Fatalf("%d are rich", n)
	}
	if s := r.loop.Status(); s.Rejected != nil || s.Active.Revision != good.Revision {
		t.Fatalf("a good save: %+v", s)
	}
	effort := good.Outcome.Results.Effort
	if effort.Computed != 1 || effort.Reused == 0 || len(effort.Moved) != 1 || effort.Moved[0].Left != 40 || effort.Moved[0].Entered != 0 {
		t.Fatalf("%+v", effort)
	}
	r.save("data/customers.csv", rows(60))
	if e := r.next(); r.rich(e) != 10 || !e.Cause.Data || e.Cause.Rules {
		t.Fatalf("%d are rich of the new rows, cause %s", r.rich(e), e.Cause)
	}
	if err := os.Remove(filepath.Join(r.dir, "data/customers.csv")); err != nil {
		t.Fatal(err)
	}
	if e := r.next(); !e.Rejected {
		t.Fatalf("the data went away, and nothing was said: %+v", e)
	}
	r.save("data/customers.csv", rows(100))
	if e := r.next(); r.rich(e) != 50 {
		t.Fatalf("%d are rich when the data came back", r.rich(e))
	}
}

// TestPortraitsAreWatched names a portrait that is not there yet, in a folder
// that is not there either, and then puts it there and changes it.
func TestPortraitsAreWatched(t *testing.T) {
	r := run(t)
	r.next()
	r.save("rules/ann.yaml", "kind: Persona\nname: ann\nwho: segment.rich\nidentity: {name: Ann Example, portrait: {file: faces/ann.png}}\n")
	if e := r.next(); !e.Rejected {
		t.Fatal("a portrait that is not there was not missed")
	}
	for _, size := range []int{8, 16} {
		var face bytes.Buffer
		if err := png.Encode(&face, image.NewGray(image.Rect(0, 0, size, size))); err != nil {
			t.Fatal(err)
		}
		r.save("faces/ann.png", face.String())
		if e := r.next(); r.rich(e) != 90 || !e.Cause.Data || e.Outcome.Same {
			t.Fatalf("a new portrait: cause %s, same %v", e.Cause, e.Outcome.Same)
		}
	}
}

func TestTheClockMoves(t *testing.T) {
	r := run(t, func(l *Loop) { l.Every = 200 * time.Millisecond })
	r.next()
	if e := r.next(); !e.Cause.Clock || !e.Outcome.Same {
		t.Fatalf("cause %s, same %v", e.Cause, e.Outcome.Same)
	}
}

// TestStormsOfSaves saves good and bad rules as fast as it can while others
// read, and looks at what stands in the end.
func TestStormsOfSaves(t *testing.T) {
	r := run(t)
	r.next()
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					if s := r.loop.Status(); s.Active == nil || s.Active.Rejected || s.Active.Outcome.Report == nil {
						t.Error("a reader found no good evaluation")
						return
					}
					time.Sleep(time.Millisecond)
				}
			}
		})
	}
	rnd := rand.New(rand.NewPCG(3, 4))
	for range 150 {
		text := segment(fmt.Sprintf("%d.0", rnd.IntN(1000)))
		switch rnd.IntN(4) {
		case 0:
			text = text[:rnd.IntN(len(text))]
		case 1:
			text = segment("nothing")
		}
		write(t, filepath.Join(r.dir, "rules/rich.yaml"), text) // cut to nothing, then written
		time.Sleep(time.Duration(rnd.IntN(12)) * time.Millisecond)
	}
	r.save("rules/rich.yaml", segment("900.0"))
	deadline := time.After(time.Minute)
	for {
		if s := r.loop.Status(); s.Rejected == nil && r.rich(*s.Active) == 10 {
			break
		}
		select {
		case <-deadline:
			t.Fatal("the last save never stood")
		case <-time.After(20 * time.Millisecond):
		}
	}
	close(stop)
	readers.Wait()
}

// TestRejectedWhileAnotherRuns tells of a good evaluation after rules that are
// newer than its own were rejected: what is wrong with them is not forgotten.
func TestRejectedWhileAnotherRuns(t *testing.T) {
	l := &Loop{Tell: func(Event) {}}
	w := &work{loop: l}
	w.tell(Event{Revision: 1})
	w.tell(Event{Revision: 3, Rejected: true})
	w.tell(Event{Revision: 2})
	if s := l.Status(); s.Active.Revision != 2 || s.Rejected == nil || s.Rejected.Revision != 3 {
		t.Fatalf("%+v", s)
	}
	w.tell(Event{Revision: 4})
	if s := l.Status(); s.Active.Revision != 4 || s.Rejected != nil {
		t.Fatalf("%+v", s)
	}
}

// TestARejectedSaveEndsNothing: what is saved while a good evaluation runs, and has
// errors, leaves it running: of the first one, and of one with other datasets.
func TestARejectedSaveEndsNothing(t *testing.T) {
	held := make(chan chan struct{}, 1) // the next evaluation waits until this is closed
	release := make(chan struct{})
	held <- release
	r := run(t, func(l *Loop) {
		plain := l.Options
		l.Options = func() engine.Options {
			o := plain()
			o.Verify = func(context.Context, *engine.Project) (diag.List, error) {
				select {
				case wait := <-held:
					<-wait
				default:
				}
				return nil, nil
			}
			return o
		}
	})
	for len(held) > 0 {
		time.Sleep(time.Millisecond)
	}
	rejected := func(first int) {
		t.Helper()
		for range 2 {
			if bad := r.next(); !bad.Rejected || bad.Beside != first {
				t.Fatalf("revision %d, which is %s beside %d: %v", bad.Revision, bad.Result(), bad.Beside, bad.Diagnostics)
			}
			r.save("rules/rich.yaml", segment("customer.spent + 1.0"))
		}
		close(release)
		good := r.next()
		if r.rich(good); good.Revision != first {
			t.Fatalf("revision %d ended, want %d", good.Revision, first)
		}
		if s := r.loop.Status(); s.Active.Revision != first || s.Rejected.Revision != first+2 || s.Rejected.Beside != 0 {
			t.Fatalf("%+v", s)
		}
	}
	r.save("rules/rich.yaml", segment("customer.spent"))
	rejected(1)

	release = make(chan struct{})
	held <- release
	r.save("rules/rich.yaml", segment("200.0"))
	for len(held) > 0 {
		time.Sleep(time.Millisecond)
	}
	r.save("datasets/more.yaml", "kind: Dataset\nname: orders\nentity: order\nof: customer\nby: id\nsource: {path: data/orders.csv}\n")
	rejected(4)
}

// TestAFailedTestRejects: rules whose tests fail are like rules with an error, and
// a test that is corrected lets them through.
func TestAFailedTestRejects(t *testing.T) {
	const test = "kind: Test\nname: at the line\ngiven: {customer: {spend: 100.0}}\nexpect: {segment.rich: false}\n"
	r := run(t, func(l *Loop) {
		plain := l.Options
		verify := ruletest.Gate(plain)
		l.Options = func() engine.Options {
			o := plain()
			o.Verify = verify
			return o
		}
	})
	if n := r.rich(r.next()); n != 90 {
		t.Fatalf("without tests: %d are rich", n)
	}
	r.save("rules/test.yaml", test)
	first := r.next()
	if n := r.rich(first); n != 90 {
		t.Fatalf("a test that passes: %d are rich", n)
	}
	r.save("rules/rich.yaml", segment("99.0"))
	bad := r.next()
	if !bad.Rejected || len(bad.Diagnostics) != 1 || bad.Diagnostics[0].Code != "test-failed" {
		t.Fatalf("a test that fails: %v", bad.Diagnostics)
	}
	if s := r.loop.Status(); s.Active.Revision != first.Revision || s.Rejected.Revision != bad.Revision {
		t.Fatalf("%+v", s)
	}
	r.save("rules/test.yaml", strings.Replace(test, "100.0", "99.0", 1))
	if n := r.rich(r.next()); n != 90 {
		t.Fatalf("a test that was corrected: %d are rich", n)
	}
}
