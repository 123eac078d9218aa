package watch

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// start watches a project and returns a function that waits for a batch.
func start(t *testing.T, dir string) (batch func() bool) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	calls := make(chan struct{}, 100)
	done := make(chan error, 1)
	o := Options{Rules: []string{filepath.Join(dir, "rules"), filepath.Join(dir, "datasets")}, Data: []string{filepath.Join(dir, "data")}}
	go func() { done <- Run(ctx, o, func() { calls <- struct{}{} }) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	time.Sleep(100 * time.Millisecond) // until the first digest is taken
	return func() bool {
		select {
		case <-calls:
			return true
		case <-time.After(700 * time.Millisecond):
			return false
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestContentsDecide(t *testing.T) {
	dir := t.TempDir()
	rule := filepath.Join(dir, "rules", "a.yaml")
	write(t, rule, "kind: Segment\n")
	batch := start(t, dir)
	write(t, rule, "kind: Segment\nname: x\n")
	if !batch() {
		t.Fatal("a save was not seen")
	}
	write(t, rule, "kind: Segment\nname: x\n")
	if batch() {
		t.Fatal("a save of the same bytes counted as a change")
	}
	write(t, filepath.Join(dir, "rules", "notes.txt"), "no rule")
	if batch() {
		t.Fatal("a file that holds no rules counted as a change")
	}
}

func TestSavesByRenameNewFoldersAndData(t *testing.T) {
	dir := t.TempDir()
	rule := filepath.Join(dir, "rules", "a.yaml")
	write(t, rule, "a\n")
	batch := start(t, dir)
	write(t, filepath.Join(dir, "rules", ".a.yaml.swp~"), "b\n")
	if err := os.Rename(filepath.Join(dir, "rules", ".a.yaml.swp~"), rule); err != nil {
		t.Fatal(err)
	}
	if !batch() {
		t.Fatal("a save by rename was not seen")
	}
	write(t, filepath.Join(dir, "rules", "new", "deep", "b.yaml"), "b\n")
	if !batch() {
		t.Fatal("a file in a new folder was not seen")
	}
	write(t, filepath.Join(dir, "rules", "new", "deep", "b.yaml"), "c\n")
	if !batch() {
		t.Fatal("a new folder is not watched")
	}
	write(t, filepath.Join(dir, "data", "rows.csv"), "x\n")
	if !batch() {
		t.Fatal("a new data folder was not seen")
	}
	if err := os.Remove(rule); err != nil {
		t.Fatal(err)
	}
	if !batch() {
		t.Fatal("a removed file was not seen")
	}
}

func TestAStormIsFewBatches(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "rules", "a.yaml"), "a\n")
	batch := start(t, dir)
	for i := range 200 {
		write(t, filepath.Join(dir, "rules", "many", string(rune('a'+i%26))+".yaml"), time.Now().String())
	}
	n := 0
	for batch() {
		n++
	}
	if n == 0 || n > 20 {
		t.Fatalf("200 saves were %d batches, want a few", n)
	}
}
