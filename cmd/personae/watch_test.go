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

// TestWatchSaysWhatMoved saves rules while watch runs, and reads what it prints.
func TestWatchSaysWhatMoved(t *testing.T) {
	dir := t.TempDir()
	save := func(name, text string) {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	rows := "id,spend\n"
	for i := range 3000 {
		rows += fmt.Sprintf("%d,%d\n", i, i)
	}
	save("data/c.csv", rows)
	save("datasets/c.yaml", "kind: Dataset\nname: customers\nentity: customer\nkey: id\nsource: {path: data/c.csv}\n")
	const rules = "kind: Project\nname: small\nroot: customer\n---\nkind: Segment\nname: all_in\ntitle: All in\nwhen: customer.spend >= 0\n---\n" +
		"kind: Segment\nname: half\ntitle: Half\nwhen: customer.spend < 1500\n---\nkind: Segment\nname: other\ntitle: The other half\nwhen: segment.all_in && !segment.half\n---\n" +
		"kind: Persona\nname: ann\nwho: segment.other && !segment.half\nidentity: {name: Ann Example}\nstory: One of ${count()}.\n"
	save("rules/r.yaml", rules)
	out := &screen{grown: make(chan struct{}, 1)}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	root := newRoot()
	root.SetArgs([]string{"-C", dir, "--as-of", "2026-01-01", "--color", "never", "watch"})
	root.SetOut(out)
	root.SetErr(out)
	go func() { ended <- root.ExecuteContext(ctx) }()
	out.until(t, "nothing was published")
	for _, c := range []struct{ rules, ends, says string }{
		{strings.Replace(rules, "< 1500", "< 200", 1), "  draft ", "  changed   The other half: 1,500 → 2,800 (1,300 entered, 0 left)\n  changed   Half: 1,500 → 200 (0 entered, 1,300 left)\n"},
		{strings.Replace(rules, "name: half\n", "name: halves\n", 1), "  rejected ", "1 error in 2 files\n  note      1 more place has the same problems: personae check shows all\n"},
		{rules[:len(rules)-30], "  rejected ", "error"},
		{rules, "  draft ", "  changed   Half: 200 → 1,500 (1,300 entered, 0 left)\n"},
		{rules + "# a note\n", "  draft ", "  same      no group and no claim changed\n"},
	} {
		save("rules/r.yaml", c.rules)
		if text := out.until(t, c.ends); !strings.Contains(text, c.says) {
			t.Errorf("watch says:\n%s\nwant:\n%s", text, c.says)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
