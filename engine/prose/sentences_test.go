package prose

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

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

// Rules that are written to be long stay short work: nothing is said twice at
// each level, and what is bound does not double.
func TestLongRulesAreSaidQuickly(t *testing.T) {
	w, env := fixture(t)
	binds, ends := "", ""
	for i := range 40 {
		binds += fmt.Sprintf("cel.bind(x%d, %s, ", i, map[bool]string{true: "customer.spend", false: fmt.Sprintf("x%d + x%d", i-1, i-1)}[i == 0])
		ends += ")"
	}
	for name, rule := range map[string]string{
		"sums":      "customer.spend" + strings.Repeat(" + 1.0", 150) + " > 3.0",
		"choices":   strings.Repeat("(customer.is_staff ? ", 60) + "1.0" + strings.Repeat(" : 2.0)", 60) + " > 3.0",
		"equal":     strings.Repeat("(", 60) + "customer.is_staff" + strings.Repeat(" == true)", 60),
		"negations": strings.Repeat("!(", 60) + "customer.is_staff" + strings.Repeat(")", 60),
		"binds":     binds + "x39 > 3.0" + ends,
		"loops":     "customer.orders" + strings.Repeat(".filter(o, o.gift)", 30) + ".size() > 3",
		"clauses":   strings.Repeat("customer.is_staff && ", 500) + "customer.converted",
	} {
		start := time.Now()
		text := say(t, w, env, rule)
		if took := time.Since(start); took > 5*time.Second || len(text) > 40_000 || text == "" {
			t.Errorf("%s: %d letters in %s", name, len(text), took)
		}
	}
}
