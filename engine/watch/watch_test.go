package watch

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fsnotify/fsnotify"
)

// start watches a project, from what it is like now, and returns a function that
// waits for a batch.
func start(t *testing.T, dir string, with ...func(*Options)) (batch func() bool) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	calls := make(chan Change, 1000)
	done := make(chan error, 1)
	o := Options{
		Rules: []string{filepath.Join(dir, "rules"), filepath.Join(dir, "datasets")}, Data: func() []Glob { return []Glob{{dir, "data/**/*.csv"}} },
		Say: func(sentence string) { t.Log(sentence) },
	}
	for _, f := range with {
		f(&o)
	}
	o, w, before := o.begin()
	go func() { done <- o.run(ctx, w, before, func(c Change) { calls <- c }) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
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
	t.Parallel()
	dir := t.TempDir()
	rule := filepath.Join(dir, "rules", "a.yaml")
	write(t, rule, "kind: Segment\n")
	batch := start(t, dir)
	must(t, batch, "a save", func() { write(t, rule, "kind: Segment\nname: x\n") })
	write(t, rule+".new", "kind: Segment\nname: x\n")
	rename(t, rule+".new", rule)
	if batch() {
		t.Fatal("a save of the same bytes counted as a change")
	}
	write(t, filepath.Join(dir, "rules", "notes.txt"), "no rule")
	if batch() {
		t.Fatal("a file that holds no rules counted as a change")
	}
}

func TestSavesByRenameNewFoldersAndData(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rule := filepath.Join(dir, "rules", "a.yaml")
	write(t, rule, "a\n")
	batch := start(t, dir)
	write(t, filepath.Join(dir, "rules", ".a.yaml.swp~"), "b\n")
	if err := os.Rename(filepath.Join(dir, "rules", ".a.yaml.swp~"), rule); err != nil {
		t.Fatal(err)
	}
	if !soon(batch) {
		t.Fatal("a save by rename was not seen")
	}
	write(t, filepath.Join(dir, "rules", "new", "deep", "b.yaml"), "b\n")
	if !soon(batch) {
		t.Fatal("a file in a new folder was not seen")
	}
	write(t, filepath.Join(dir, "rules", "new", "deep", "b.yaml"), "c\n")
	if !soon(batch) {
		t.Fatal("a new folder is not watched")
	}
	write(t, filepath.Join(dir, "data", "rows.csv"), "x\n")
	if !soon(batch) {
		t.Fatal("a new data folder was not seen")
	}
	if err := os.Remove(rule); err != nil {
		t.Fatal(err)
	}
	if !soon(batch) {
		t.Fatal("a removed file was not seen")
	}
}

func TestAStormIsFewBatches(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "rules", "a.yaml"), "a\n")
	batch := start(t, dir)
	must(t, batch, "a storm of saves", func() {
		for i := range 200 {
			write(t, filepath.Join(dir, "rules", "many", string(rune('a'+i%26))+".yaml"), fmt.Sprint(i))
		}
	})
}

// TestEventsComeToRest has events come by a clock of its own: saves that follow
// each other are one batch, and a storm without end is looked at every second.
func TestEventsComeToRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		events := make(chan fsnotify.Event)
		send := func(n int, gap time.Duration) {
			for range n {
				select {
				case events <- fsnotify.Event{}:
				case <-ctx.Done():
					return
				}
				time.Sleep(gap)
			}
		}
		rested := func() time.Duration {
			begin := time.Now()
			if err := (Options{Settle: settle}).rest(ctx, events, nil); err != nil {
				t.Fatal(err)
			}
			return time.Since(begin)
		}
		go send(30, 10*time.Millisecond)
		if took := rested(); took != 29*10*time.Millisecond+settle {
			t.Errorf("30 saves, 10 ms apart, came to rest after %v", took)
		}
		go send(1000, 20*time.Millisecond)
		if took := rested(); took != longest {
			t.Errorf("a storm was first looked at after %v, want %v", took, longest)
		}
		cancel()
	})
}

// soon gives a busy machine more time than the batch takes on an idle one.
func soon(batch func() bool) bool {
	for range 20 {
		if batch() {
			return true
		}
	}
	return false
}

// must saves, waits for a batch, and for no second one.
func must(t *testing.T, batch func() bool, what string, save func()) {
	t.Helper()
	begin := time.Now()
	save()
	took := time.Since(begin)
	if !soon(batch) {
		t.Fatalf("%s was not seen", what)
	}
	// A busy machine may halt a save half-way for longer than files have to rest.
	halts := int(took / settle)
	for range halts {
		batch()
	}
	if batch() {
		t.Fatalf("%s was seen too often, %d halts allowed for", what, halts)
	}
}

// TestHowEditorsSave saves as vim, VS Code and JetBrains do.
func TestHowEditorsSave(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rule := filepath.Join(dir, "rules", "a.yaml")
	write(t, rule, "1\n")
	batch := start(t, dir)
	steps := map[string]func(){
		"vim's save (the old file becomes a backup, a new one takes its name)": func() {
			rename(t, rule, rule+"~")
			write(t, rule, "2\n")
			if err := os.Remove(rule + "~"); err != nil {
				t.Fatal(err)
			}
		},
		"VS Code's save (cut to nothing, then written)": func() {
			write(t, rule, "")
			write(t, rule, "3\n")
		},
		"JetBrains' save (written beside it, then renamed over it)": func() {
			write(t, rule+"___jb_tmp___", "4\n")
			rename(t, rule, rule+"___jb_old___")
			rename(t, rule+"___jb_tmp___", rule)
			if err := os.Remove(rule + "___jb_old___"); err != nil {
				t.Fatal(err)
			}
		},
	}
	for what, save := range steps {
		must(t, batch, what, save)
	}
}

func rename(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

func link(t *testing.T, target, path string) {
	t.Helper()
	if err := os.Symlink(target, path); err != nil {
		t.Fatal(err)
	}
}

// TestAConfigMapIsSwapped does what the kubelet does: every file is a link into
// ..data, which is a link to a folder with a date, and is replaced as one.
func TestAConfigMapIsSwapped(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rules := filepath.Join(dir, "rules")
	write(t, filepath.Join(rules, "..2026_01_01", "a.yaml"), "1\n")
	link(t, "..2026_01_01", filepath.Join(rules, "..data"))
	link(t, "..data/a.yaml", filepath.Join(rules, "a.yaml"))
	batch := start(t, dir)
	for _, day := range []string{"..2026_01_02", "..2026_01_03"} {
		write(t, filepath.Join(rules, day, "a.yaml"), day+"\n")
		link(t, day, filepath.Join(rules, "..data_tmp"))
		must(t, batch, "the swap to "+day, func() {
			rename(t, filepath.Join(rules, "..data_tmp"), filepath.Join(rules, "..data"))
		})
	}
}

func TestALinkedFolderIsSwapped(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "v1", "a.yaml"), "1\n")
	write(t, filepath.Join(dir, "v2", "a.yaml"), "2\n")
	link(t, "v1", filepath.Join(dir, "rules"))
	batch := start(t, dir)
	link(t, "v2", filepath.Join(dir, "next"))
	must(t, batch, "the swap of a linked folder", func() { rename(t, filepath.Join(dir, "next"), filepath.Join(dir, "rules")) })
	must(t, batch, "a save behind the link", func() { write(t, filepath.Join(dir, "v2", "a.yaml"), "3\n") })
}

func TestAFolderGoesAndComesBack(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rules := filepath.Join(dir, "rules")
	write(t, filepath.Join(rules, "a.yaml"), "1\n")
	batch := start(t, dir)
	must(t, batch, "a folder that went away", func() { rename(t, rules, rules+".away") })
	must(t, batch, "a folder that came back", func() { rename(t, rules+".away", rules) })
	must(t, batch, "a save in a folder that came back", func() { write(t, filepath.Join(rules, "a.yaml"), "2\n") })
}

func TestACheckoutIsOneBatch(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for i := range 300 {
		write(t, filepath.Join(dir, "rules", fmt.Sprint(i%17), fmt.Sprint(i)+".yaml"), "old\n")
	}
	batch := start(t, dir)
	must(t, batch, "a checkout", func() {
		for i := range 300 {
			write(t, filepath.Join(dir, "rules", fmt.Sprint(i%17), fmt.Sprint(i)+".yaml"), "new\n")
		}
	})
}

func TestLookingInsteadOfListening(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rule := filepath.Join(dir, "rules", "a.yaml")
	write(t, rule, "1\n")
	batch := start(t, dir, func(o *Options) { o.Poll = 20 * time.Millisecond })
	must(t, batch, "a save", func() { write(t, rule, "2\n") })
	must(t, batch, "a data file", func() { write(t, filepath.Join(dir, "data", "deep", "rows.csv"), "x\n") })
	write(t, filepath.Join(dir, "data", "deep", "notes.txt"), "x\n")
	if batch() {
		t.Fatal("a file that no dataset names counted as a change")
	}
}

// TestLimitsAreSaid gives up as where the system has no more watches to give.
func TestLimitsAreSaid(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rule := filepath.Join(dir, "rules", "a.yaml")
	write(t, rule, "1\n")
	var said []string
	o := Options{Rules: []string{filepath.Join(dir, "rules")}, Say: func(s string) { said = append(said, s) }, Settle: settle}
	w := o.listen()
	l, ok := w.(*listener)
	if !ok {
		t.Skip("this machine has no watches left: " + strings.Join(said, ""))
	}
	go func() { l.w.Errors <- syscall.ENOSPC }()
	next, err := w.wait(context.Background(), o)
	if _, looks := next.(poller); err != nil || !looks || len(said) != 1 || !strings.Contains(said[0], "looked at every second") {
		t.Fatalf("%T %v %q", next, err, said)
	}
}
