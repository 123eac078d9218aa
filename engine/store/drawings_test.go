package store

import (
	"os"
	"path/filepath"
	"testing"
)

func TestDrawings(t *testing.T) {
	s, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	d := s.Drawings("charts")
	if _, ok := d.Get("a"); ok {
		t.Error("something is there before anything was kept")
	}
	d.Put("a", []byte("<svg>\n</svg>"))
	if b, ok := d.Get("a"); !ok || string(b) != "<svg>\n</svg>" {
		t.Errorf("%q %v", b, ok)
	}
	file := filepath.Join(s.Cache(), "charts", "a")
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)-2] = 'x'
	if err := os.WriteFile(file, b, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, ok := d.Get("a"); ok {
		t.Error("a damaged drawing is taken for whole")
	}
	gone := &Drawings{dir: filepath.Join(s.Cache(), "charts", "a", "nowhere")}
	gone.Put("b", []byte("x"))
	if _, ok := gone.Get("b"); ok {
		t.Error("a folder that cannot be made keeps things")
	}
}
