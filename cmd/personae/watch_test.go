package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// screen collects what a command prints.
type screen struct {
	mutex sync.Mutex
	text  bytes.Buffer
	grown chan struct{}
}

func (s *screen) Write(p []byte) (int, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	select {
	case s.grown <- struct{}{}:
	default:
	}
	return s.text.Write(p)
}

// until waits for a text, and gives what was printed since the last call.
func (s *screen) until(t *testing.T, want string) string {
	t.Helper()
	for deadline := time.After(2 * time.Minute); ; {
		s.mutex.Lock()
		text := s.text.String()
		if strings.Contains(text, want) {
			s.text.Reset()
		}
		s.mutex.Unlock()
		if strings.Contains(text, want) {
			return text
		}
		select {
		case <-s.grown:
		case <-deadline:
			t.Fatalf("%q never came:\n%s", want, text)
		}
	}
}

// watched is a small project, and what watch says of it.
type watched struct {
	*screen
	t    *testing.T
	dir  string
	args []string
}

func newWatched(t *testing.T, args ...string) *watched {
	w := &watched{t: t, dir: t.TempDir(), args: args}
	rows := "id,spend\n"
	for i := range 3000 {
		rows += fmt.Sprintf("%d,%d\n", i, i)
	}
	w.save("data/c.csv", rows)
	w.save("datasets/c.yaml", "kind: Dataset\nname: customers\nentity: customer\nkey: id\nsource: {path: data/c.csv}\n")
	w.save("rules/r.yaml", watchedRules)
	return w
}

const watchedRules = "kind: Project\nname: small\nroot: customer\n---\nkind: Segment\nname: all_in\ntitle: All in\nwhen: customer.spend >= 0\n---\n" +
	"kind: Segment\nname: half\ntitle: Half\nwhen: customer.spend < 1500\n---\nkind: Segment\nname: other\ntitle: The other half\nwhen: segment.all_in && !segment.half\n---\n" +
	"kind: Persona\nname: ann\nwho: segment.other && !segment.half\nidentity: {name: Ann Example}\nstory: One of ${count()}.\n"

func (w *watched) save(name, text string) {
	w.t.Helper()
	path := filepath.Join(w.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		w.t.Fatal(err)
	}
}

// start runs watch until stop.
func (w *watched) start() (stop func()) {
	w.screen = &screen{grown: make(chan struct{}, 1)}
	ctx, cancel := context.WithCancel(w.t.Context())
	ended := make(chan error)
	root := newRoot()
	root.SetArgs(append([]string{"-C", w.dir, "--as-of", "2026-01-01", "--color", "never", "watch"}, w.args...))
	root.SetOut(w.screen)
	root.SetErr(w.screen)
	go func() { ended <- root.ExecuteContext(ctx) }()
	return func() {
		cancel()
		if err := <-ended; err != nil {
			w.t.Error(err)
		}
	}
}

// edit saves rules, and wants to be told something before what it ends with.
func (w *watched) edit(rules, ends, says string) {
	w.t.Helper()
	w.save("rules/r.yaml", rules)
	if text := w.until(w.t, ends); !strings.Contains(text, says) {
		w.t.Errorf("watch says:\n%s\nwant:\n%s", text, says)
	}
}

var fewer = strings.Replace(watchedRules, "< 1500", "< 200", 1)

const (
	nowFewer = "  changed   The other half: 1,500 → 2,800 (1,300 entered, 0 left)\n  changed   Half: 1,500 → 200 (0 entered, 1,300 left)\n"
	nowMore  = "  changed   Half: 200 → 1,500 (1,300 entered, 0 left)\n"
)

// TestWatchSaysWhatMoved saves rules while watch runs, and reads what it prints.
func TestWatchSaysWhatMoved(t *testing.T) {
	w := newWatched(t)
	stop := w.start()
	w.until(t, "nothing was published")
	w.edit(fewer, "  draft ", nowFewer)
	renamed := strings.Replace(watchedRules, "name: half\n", "name: halves\n", 1)
	w.edit(renamed, "  rejected ", "1 error in 2 files\n  note      1 more place has the same problems: personae check shows all\n")
	w.edit(watchedRules[:len(watchedRules)-30], "  rejected ", "error")
	w.edit(watchedRules, "  draft ", nowMore)
	w.edit(watchedRules+"# a note\n", "  draft ", "  same      no group and no claim changed\n")
	stop()
}

// TestWatchPublishes publishes after each save. What stands when it starts again
// is known to the save after that.
func TestWatchPublishes(t *testing.T) {
	w := newWatched(t, "--publish")
	stop := w.start()
	w.until(t, "  version 1 ")
	w.edit(fewer, "  version 2 ", nowFewer)
	w.edit(fewer+"# a note\n", "  unchanged ", "  same      no group and no claim changed\n")
	stop()
	stop = w.start()
	w.until(t, "  unchanged ")
	w.edit(watchedRules, "  version 3 ", nowMore)
	stop()
}
