package main

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// What checking 1,000 rules may cost, cold process included: at most the time of
// `promtool check rules` for as many rules, no more work of the processors than that,
// and so much memory.
const (
	benchMost = 1.0
	benchRSS  = 60 << 10 // KB
)

// benchRatio wants ours to be at most theirs.
func benchRatio(t *testing.T, what string, ours, theirs time.Duration) {
	t.Helper()
	ratio := ours.Seconds() / theirs.Seconds()
	if t.Logf("%s: %.2f of promtool's, at most %.2f", what, ratio, benchMost); ratio > benchMost {
		t.Errorf("%s: %.2f of promtool's, at most %.2f", what, ratio, benchMost)
	}
}

// TestBenchCheck runs `personae check` and `promtool check rules` in turns, on 1,000
// rules of six clauses: each in a file of its own, all in one, and where one clause
// of each reads a calculated value. What else a machine does only adds to the time of
// a run, so that the least of all runs counts; of memory, the most.
func TestBenchCheck(t *testing.T) {
	if os.Getenv("PERSONAE_BENCH") == "" {
		t.Skip("set PERSONAE_BENCH=1 (make bench)")
	}
	program, peak := benchProgram(t), filepath.Join(t.TempDir(), "peak")
	if out, err := exec.Command("go", "build", "-o", peak, "./testdata/peak").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, project := range []struct {
		name          string
		files, values int
	}{
		{"in 1,000 files", 1000, 0}, {"in one file", 1, 0}, {"that read 40 calculated values", 1, 40},
	} {
		t.Run(project.name, func(t *testing.T) {
			dir := benchRules(t, 1000, project.files, project.values)
			if out, err := exec.Command(program, "-C", dir, "check", "--lock").CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			command := []string{program, "-C", dir, "check"}
			promtool := benchPromtool(t, 1000, project.files)
			ours, theirs := least, least
			var memory int64
			for range 15 {
				ours = ours.min(benchOnce(t, command, "1,000 segments  ok"))
				theirs = theirs.min(benchOnce(t, promtool, "SUCCESS"))
				memory = max(memory, benchPeak(t, peak, command...))
			}
			t.Logf("best of 15 in turns, personae and promtool: time %v and %v, CPU %v and %v; memory at most %d MB (allowed %d MB)",
				ours.wall.Round(time.Millisecond), theirs.wall.Round(time.Millisecond), ours.cpu.Round(time.Millisecond), theirs.cpu.Round(time.Millisecond), memory>>10, benchRSS>>10)
			benchRatio(t, "time", ours.wall, theirs.wall)
			benchRatio(t, "CPU", ours.cpu, theirs.cpu)
			if memory > benchRSS {
				t.Errorf("%d KB of memory, at most %d KB", memory, benchRSS)
			}
		})
	}
}

// benchCost is what one run of a command takes.
type benchCost struct{ wall, cpu time.Duration }

// least is more than any run takes.
var least = benchCost{math.MaxInt64, math.MaxInt64}

func (c benchCost) min(o benchCost) benchCost {
	return benchCost{min(c.wall, o.wall), min(c.cpu, o.cpu)}
}

// benchOnce runs a command that has to say something.
func benchOnce(t *testing.T, command []string, says string) benchCost {
	t.Helper()
	c := exec.Command(command[0], command[1:]...)
	start := time.Now()
	out, err := c.CombinedOutput()
	wall := time.Since(start)
	if err != nil || !strings.Contains(string(out), says) {
		t.Fatalf("%v: %.500s", err, out)
	}
	return benchCost{wall, c.ProcessState.UserTime() + c.ProcessState.SystemTime()}
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
// promtool (Debian: prometheus).
func benchPromtool(t *testing.T, n, files int) []string {
	t.Helper()
	program, err := exec.LookPath("promtool")
	if err != nil {
		t.Fatal("there is no promtool to compare with: make promtool installs it")
	}
	text := make([]strings.Builder, files)
	for i := range text {
		fmt.Fprintf(&text[i], "groups:\n- name: g%d\n  rules:\n", i)
	}
	for i := range n {
		fmt.Fprintf(&text[i%files], "  - alert: seg_%[1]d\n    expr: |-\n      %[2]s and %[3]s\n        and (%[4]s or %[5]s)\n        and %[6]s and %[7]s\n    labels: {owner: crm@example.com}\n    annotations: {title: Segment %[1]d}\n",
			append([]any{i}, benchClauses(i,
				"customer_age >= N", "customer_income > N.5", `customer_city{city=~"Berlin|Leeds|BathN"}`, "customer_spend < N.5", "customer_visits != N", "customer_joined",
				"customer_age + 1 < N", "customer_visits > N", `customer_city{city="LeedsN"}`, "customer_income <= N.0", "customer_spend >= N.5", `customer_city{city=~"BathN.*"}`)...)...)
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

// benchClauses are the six clauses of a rule, of so many that rules may have: those of
// a rule, their order and the numbers in them are not those of the next.
func benchClauses(rule int, of ...string) []any {
	step := []int{1, 5, 7, 11}[rule/len(of)%4] // any of them meets all of twelve
	var out []any
	for i := range 6 {
		clause := of[(rule+i*step)%len(of)]
		out = append(out, strings.ReplaceAll(clause, "N", strconv.Itoa((rule*21+i*13)%997)))
	}
	return out
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
		visits := "customer.visits"
		if values > 0 {
			visits = fmt.Sprintf("customer.visits_%d", i%values)
		}
		fmt.Fprintf(&text[i%files], "---\nkind: Segment\nname: seg_%[1]d\ntitle: Segment %[1]d\nowner: crm@example.com\nwhen: |-\n  %[2]s && %[3]s\n    && (%[4]s || %[5]s)\n    && %[6]s && %[7]s\n",
			append([]any{i}, benchClauses(i,
				"customer.age >= N", "customer.income > N.5", "customer.city in ['Berlin', 'Leeds', 'BathN']", "customer.spend < N.5", visits+" != N", "has(customer.joined)",
				"customer.age + 1 < N", visits+" > N", "customer.city == 'LeedsN'", "customer.income <= N.0", "customer.spend >= N.5", "customer.city.startsWith('BathN')")...)...)
	}
	for i := range text {
		write(fmt.Sprintf("rules/r%04d.yaml", i), text[i].String())
	}
	return dir
}
