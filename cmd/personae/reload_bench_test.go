package main

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"personae/engine"
)

// TestBenchReload evaluates 300 segments, and then again after one of them
// changed, after a text changed, and after a bad edit. Only the first is a ratio
// that has to hold: the others are reported.
func TestBenchReload(t *testing.T) {
	if os.Getenv("PERSONAE_BENCH") == "" {
		t.Skip("set PERSONAE_BENCH=1 (make bench)")
	}
	rows := 1_000_000
	if n, err := strconv.Atoi(os.Getenv("PERSONAE_BENCH_ROWS")); err == nil {
		rows = n
	}
	dir := benchCustomers(t, rows, 300)
	o := engine.Options{Root: dir, Now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	rules := filepath.Join(dir, "rules", "bench.yaml")
	b, err := os.ReadFile(rules)
	if err != nil {
		t.Fatal(err)
	}
	text := string(b) + "---\nkind: Persona\nname: ann\nwho: segment.s1\nidentity: {name: Ann Example}\nstory: Ann is ${median(customer.age)}.\n"
	s, err := engine.NewSession(o)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	draft := func(text string, bad bool) (*engine.Outcome, time.Duration) {
		t.Helper()
		if err := os.WriteFile(rules, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		out, list, err := s.Draft(context.Background(), o)
		if err != nil || list.HasErrors() != bad {
			t.Fatal(err, list)
		}
		return out, time.Since(start)
	}
	_, full := draft(text, false)
	one := strings.Replace(text, "title: Segment 7\nwhen: |-\n  ", "title: Segment 7\nwhen: |-\n  customer.age > 40.0 && ", 1)
	out, segment := draft(one, false)
	if out.Results.Effort.Computed > 1 {
		t.Errorf("one segment changed and %d columns were calculated", out.Results.Effort.Computed)
	}
	for _, step := range out.Steps {
		t.Logf("  one segment, %s: %d ms", step.Name, step.Took.Milliseconds())
	}
	prose, words := draft(strings.Replace(one, "Ann is", "She is", 1), false)
	for _, step := range prose.Steps {
		t.Logf("  a text, %s: %d ms", step.Name, step.Took.Milliseconds())
	}
	_, rejected := draft(strings.Replace(one, "customer.age > 40.0 && ", "customer.aged > 40.0 && ", 1), true)
	ratio := segment.Seconds() / full.Seconds()
	t.Logf("%d customers, 300 segments: everything %.1f s, one changed segment %.0f ms (%.1f %%, at most 3 %%), a changed text %d ms, an error %d ms",
		rows, full.Seconds(), segment.Seconds()*1000, 100*ratio, words.Milliseconds(), rejected.Milliseconds())
	if ratio > 0.03 {
		t.Errorf("one changed segment takes %.3f of everything, at most 0.03", ratio)
	}
}
