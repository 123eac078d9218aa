package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// What checking 1,000 rules may cost, cold process included. The time is that
// of `promtool check rules` for 1,000 rules, as once measured; CPU is what it
// allows two cores. Where promtool is installed, it runs in turns with ours.
const (
	benchWall = 158 * time.Millisecond
	benchCPU  = 2 * benchWall
	benchRSS  = 60 << 10 // KB
)

// TestBenchCheck runs `personae check` on 1,000 rules of six clauses, also where
// one clause of each reads a calculated value. Wall time
// depends on what else the machine does and is shown; CPU and memory are
// bounded. What else runs only adds to CPU, so that the least of all runs counts.
func TestBenchCheck(t *testing.T) {
	if os.Getenv("PERSONAE_BENCH") == "" {
		t.Skip("set PERSONAE_BENCH=1 (make bench)")
	}
	program, peak := benchProgram(t), filepath.Join(t.TempDir(), "peak")
	if out, err := exec.Command("go", "build", "-o", peak, "./testdata/peak").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, project := range []struct{ files, values int }{{1000, 0}, {1, 0}, {1, 40}} {
		files := project.files
		dir := benchRules(t, 1000, files, project.values)
		if out, err := exec.Command(program, "-C", dir, "check", "--lock").CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		promtool := benchPromtool(t, 1000, files)
		var wall, cpu, theirs []time.Duration
		var memory []int64
		for range 15 {
			c := exec.Command(program, "-C", dir, "check")
			start := time.Now()
			out, err := c.CombinedOutput()
			wall = append(wall, time.Since(start))
			if err != nil || !strings.Contains(string(out), "1,000 segments  ok") {
				t.Fatalf("%v: %s", err, out)
			}
			if promtool != nil {
				theirs = append(theirs, benchOnce(t, promtool))
			}
			cpu = append(cpu, c.ProcessState.UserTime()+c.ProcessState.SystemTime())
			memory = append(memory, benchPeak(t, peak, program, "-C", dir, "check"))
		}
		t.Logf("1,000 rules in %d files, with %d calculated values, %d cores, medians: wall %v (at most %v on idle cores), CPU %v (least %v, at most %v), memory %d MB (most %d MB, at most %d MB)",
			files, project.values, runtime.NumCPU(), middle(wall).Round(time.Millisecond), benchWall, middle(cpu).Round(time.Millisecond),
			slices.Min(cpu).Round(time.Millisecond), benchCPU, middle(memory)>>10, slices.Max(memory)>>10, benchRSS>>10)
		if promtool != nil {
			ratio := slices.Min(wall).Seconds() / slices.Min(theirs).Seconds()
			t.Logf("against promtool check rules, best of 15 in turns: %v and %v, ratio %.2f, at most 1.00", slices.Min(wall).Round(time.Millisecond), slices.Min(theirs).Round(time.Millisecond), ratio)
			if ratio > 1 {
				t.Errorf("%d files: %.2f of the time of promtool", files, ratio)
			}
		}
		if least := slices.Min(cpu); least > benchCPU {
			t.Errorf("%d files: CPU %v, at most %v", files, least, benchCPU)
		}
		if most := slices.Max(memory); most > benchRSS {
			t.Errorf("%d files: %d KB of memory, at most %d KB", files, most, benchRSS)
		}
	}
}

// benchPeak is how many KB of memory a command has at most. The test cannot ask
// for it itself: see testdata/peak.
func benchPeak(t *testing.T, peak string, command ...string) int64 {
	t.Helper()
	out, err := exec.Command(peak, command...).Output()
	if err != nil {
		t.Fatal(err)
	}
	var most int64
	if _, err := fmt.Sscan(string(out), &most); err != nil {
		t.Fatal(err)
	}
	return most
}

// benchPromtool is the command that checks as many rules of as many clauses with
// promtool, nil where it is not installed (Debian: prometheus).
func benchPromtool(t *testing.T, n, files int) []string {
	t.Helper()
	program, err := exec.LookPath("promtool")
	if err != nil {
		t.Log("promtool is not installed: its time is the one that was measured once")
		return nil
	}
	text := make([]strings.Builder, files)
	for i := range text {
		fmt.Fprintf(&text[i], "groups:\n- name: g%d\n  rules:\n", i)
	}
	for i := range n {
		fmt.Fprintf(&text[i%files], `  - alert: seg_%[1]d
    expr: |-
      customer_age >= %[2]d and customer_income > %[3]d.0
        and (customer_city{city=~"Berlin|Leeds|Bath%[1]d"} or customer_spend < %[4]d.5)
        and customer_visits != %[5]d and customer_joined
    labels: {owner: crm@example.com}
    annotations: {title: Segment %[1]d}
`, i, 18+i%60, i*21, i*10, i%13)
	}
	command := []string{program, "check", "rules"}
	dir := t.TempDir()
	for i := range text {
		path := filepath.Join(dir, fmt.Sprintf("r%04d.yaml", i))
		if err := os.WriteFile(path, []byte(text[i].String()), 0o644); err != nil {
			t.Fatal(err)
		}
		command = append(command, path)
	}
	return command
}

// benchOnce is the time that a command takes.
func benchOnce(t *testing.T, command []string) time.Duration {
	t.Helper()
	start := time.Now()
	if out, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %.500s", err, out)
	}
	return time.Since(start)
}

func middle[T int64 | time.Duration](values []T) T {
	slices.Sort(values)
	return values[len(values)/2]
}

// benchProgram builds the program as it is shipped.
func benchProgram(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("make", "-C", root, "build").CombinedOutput(); err != nil {
		t.Fatalf("make build: %v: %s", err, out)
	}
	return filepath.Join(root, "bin", "personae")
}

// benchRules writes a project of n segments, spread over so many files. Where
// there are calculated values each segment reads one of them.
func benchRules(t *testing.T, n, files, values int) string {
	t.Helper()
	dir := t.TempDir()
	write := func(name, text string) {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("data/customers.csv", "id,city,age,income,spend,visits,joined\na,Bath,30,1000.5,10.5,3,2025-01-01 10:00:00\n")
	write("datasets/customers.yaml", `kind: Dataset
name: customers
entity: customer
key: id
source: {path: data/customers.csv}
columns:
  id: {type: string}
  city: {type: string}
  age: {type: int}
  income: {type: double}
  spend: {type: double}
  visits: {type: int}
  joined: {type: timestamp}
`)
	if values > 0 {
		text := "kind: Traits\ntraits:\n"
		for i := range values {
			text += fmt.Sprintf("  visits_%d: {value: customer.visits * 2 + %d}\n", i, i)
		}
		write("rules/values.yaml", text)
	}
	text := make([]strings.Builder, files)
	for i := range n {
		visits := "visits"
		if values > 0 {
			visits = fmt.Sprintf("visits_%d", i%values)
		}
		fmt.Fprintf(&text[i%files], `---
kind: Segment
name: seg_%[1]d
title: Segment %[1]d
owner: crm@example.com
when: |-
  customer.age >= %[2]d && customer.income > %[3]d.0
    && (customer.city in ['Berlin', 'Leeds', 'Bath%[1]d'] || customer.spend < %[4]d.5)
    && customer.%[6]s != %[5]d && has(customer.joined)
`, i, 18+i%60, i*21, i*10, i%13, visits)
	}
	for i := range text {
		write(fmt.Sprintf("rules/r%04d.yaml", i), text[i].String())
	}
	return dir
}
