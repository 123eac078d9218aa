package prose

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestSentences writes every rule of testdata/sentences.txt: a line with the
// rule, and under it, indented, what it says. Lines with # are headings.
func TestSentences(t *testing.T) {
	const file = "testdata/sentences.txt"
	golden, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	w, env := fixture(t)
	var got strings.Builder
	rules := 0
	for _, line := range strings.Split(strings.TrimRight(string(golden), "\n"), "\n") {
		if strings.HasPrefix(line, "    ") {
			continue
		}
		got.WriteString(line + "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		rules++
		got.WriteString("    " + say(t, w, env, line) + "\n")
	}
	if rules < 120 {
		t.Errorf("only %d rules", rules)
	}
	if *update {
		if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(golden), got.String()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
