package conformance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cel.dev/cel-go/cel"
)

// adversary are expressions written by hand, one a line, below headings: the edges
// of what SQL says in a shorter way where facts allow it, and of what CEL's errors
// are absorbed by.
var adversary = filepath.Join("..", "testdata", "conformance", "adversary.txt")

// TestAdversary compares what was written by hand, over rows of which nothing is
// known and, together with its negation, over rows of which facts are.
func TestAdversary(t *testing.T) {
	raw, err := os.ReadFile(adversary)
	if err != nil {
		t.Fatal(err)
	}
	worlds := worlds(t, 120)
	for _, part := range strings.Split(strings.TrimSpace(string(raw)), "\n\n") {
		heading, list, _ := strings.Cut(part, "\n")
		t.Run(strings.TrimPrefix(heading, "# "), func(t *testing.T) {
			var total tally
			for _, name := range keys(worlds) {
				e := worlds[name]
				var asts []*cel.Ast
				var texts []string
				take := func(text string) {
					checked, issues := e.env.Compile(text)
					if issues.Err() != nil {
						t.Fatalf("%s: %v", text, issues.Err())
					}
					asts, texts = append(asts, checked), append(texts, text)
				}
				for _, text := range strings.Split(list, "\n") {
					if take(text); name == "hostile rows, facts" && asts[len(asts)-1].OutputType() == cel.BoolType {
						take("!(" + text + ")")
					}
				}
				for _, a := range e.compare(asts, texts) {
					total.add(a)
					if w := a.wrong(e); w != "" {
						t.Errorf("%s: %s", name, w)
					}
				}
			}
			if min(total.yes, total.no, total.bottoms) < total.rowExpressions/100 {
				t.Errorf("proves little: %+v", total)
			}
		})
	}
}
