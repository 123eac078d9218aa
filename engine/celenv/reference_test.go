package celenv

import (
	"os"
	"strings"
	"testing"
)

// Every function that users can call stands in the reference.
func TestReferenceNamesEveryFunction(t *testing.T) {
	b, err := os.ReadFile("../../rules/README.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(b)
	all := append(RowFunctions(), Statistics()...)
	if len(all) == 0 {
		t.Fatal("there are no functions: the test proves nothing")
	}
	for _, f := range append(all, formatFunctions(nil)...) {
		if !strings.Contains(page, "`"+f.Name+"`") && !strings.Contains(page, f.Name+"(") {
			t.Errorf("rules/README.md does not mention %s: %s", f.Name, f.Doc)
		}
	}
}
