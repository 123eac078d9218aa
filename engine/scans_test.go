package engine_test

import (
	"context"
	"regexp"
	"testing"

	"personae/engine"
)

// TestPlanScansEachTableOnce reads the printed plan of the example: however many
// rules ask, a table is scanned once in each stratum, and sorted once where the
// order of its rows tells something.
func TestPlanScansEachTableOnce(t *testing.T) {
	project, _, err := engine.Check(context.Background(), engine.Options{Root: harbourRoot})
	if err != nil {
		t.Fatal(err)
	}
	text, found, err := project.Stage("plan", engine.Options{Root: harbourRoot})
	if err != nil || found.HasErrors() {
		t.Fatal(err, found)
	}
	var pass, scan string
	scans, folds, sorts := map[string]int{}, map[string]int{}, map[string]int{}
	for _, line := range regexp.MustCompile(`(?m)^(pass \d+ over \w+|  scan \w+|    sorted once|      \w+#\d+ = \w+)`).FindAllString(text, -1) {
		switch {
		case line[0] == 'p':
			pass = line
		case line[2] == 's':
			scan = pass + line
			scans[scan]++
		case line[4] == 's':
			sorts[scan]++
		default:
			folds[scan]++
		}
	}
	for scan, n := range scans {
		if n != 1 {
			t.Errorf("%s: %d times", scan, n)
		}
	}
	const sessions, orders = "pass 2 over customers  scan sessions", "pass 2 over customers  scan orders"
	if scans[sessions] != 1 || sorts[sessions] != 1 || folds[sessions] < 5 || scans[orders] != 1 || sorts[orders] != 1 || folds[orders] < 15 {
		t.Errorf("%d sequences of sessions and folds of them share a scan, and %d of orders:\n%.3000s", folds[sessions], folds[orders], text)
	}
	if len(scans) < 7 {
		t.Errorf("only %d scans: %v", len(scans), scans)
	}
}
