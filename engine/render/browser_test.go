package render

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"personae/engine/render/browsertest"
)

// Every page of the fixture, which has every state that a report can be in and
// texts that try to be something else, is opened in a browser.
func TestPagesInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes half a minute")
	}
	b := browsertest.Open(t)
	dir := t.TempDir()
	pages := cases(t)
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		if !strings.HasSuffix(name, ".html") {
			continue
		}
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, pages[name], 0o644); err != nil {
			t.Fatal(err)
		}
		b.Visit(t, file, strings.HasPrefix(name, "every/"))
	}
}
