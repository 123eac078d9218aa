package engine_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"personae/engine"
)

const nearRules = `kind: Project
name: shop
as_of: %s
root: customer
---
kind: Dataset
name: customers
entity: customer
key: id
source: {path: customers.csv}
columns: {spend: {type: double}}
---
kind: Segment
name: big
title: Big spenders
when: customer.spend > %.1f
---
kind: Segmentation
name: size
segments:
  - {name: large, when: segment.big}
  - {name: middle, when: customer.spend > 30.0}
otherwise: little
---
kind: Persona
name: bianca
who: segment.big
`

// Who holds two versions side by side can subtract. That a rule was moved over three
// people, or that one customer was added, is said when the second is published; the
// front page counts neither. Where many moved, or the instant is another, there is
// nothing to say.
func TestTwoVersionsSideBySide(t *testing.T) {
	const first, later = "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"
	for _, x := range []struct {
		what      string
		asOf      string
		above     float64
		customers int
		warned    []string // parts of the warning; none for no warning
	}{
		{"a rule lets three people in", first, 496, 1000, []string{"version 1 shows 500 for Big spenders and this one shows 503", "fewer than 5 people", "Size (5 numbers)", "Bianca (1 number)"}},
		{"a customer was added", first, 499, 1001, []string{"version 1 shows 1,000 for everyone and this one shows 1,001", "1 more group"}},
		{"fifty people moved", first, 449, 1000, nil},
		{"a day later", later, 496, 1001, nil},
	} {
		t.Run(x.what, func(t *testing.T) {
			dir, out := t.TempDir(), t.TempDir()
			publish := func(asOf string, above float64, customers int) string {
				data := "id,spend\n"
				for i := range customers {
					data += fmt.Sprintf("%d,%d\n", i, i)
				}
				for name, text := range map[string]string{"datasets/d.yaml": fmt.Sprintf(nearRules, asOf, above), "customers.csv": data, "rules/none.yaml": "# none\n"} {
					if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				o, list, err := engine.Run(context.Background(), engine.Options{Root: dir, Reports: out, Now: time.Date(2026, 1, 3, 0, 0, 0, 0, time.UTC), Threads: 1})
				if err != nil || list.HasErrors() || o.Version == nil {
					t.Fatal(err, list)
				}
				said := ""
				for _, d := range list {
					if d.Code == "near-version" {
						said += d.Summary + "\n" + d.Detail
					}
				}
				return said
			}
			if said := publish(first, 499, 1000); said != "" {
				t.Errorf("a first version is near to none: %s", said)
			}
			said := publish(x.asOf, x.above, x.customers)
			if (said != "") != (x.warned != nil) {
				t.Errorf("the warning is %q", said)
			}
			for _, want := range x.warned {
				if !strings.Contains(said, want) {
					t.Errorf("%q is missing in %q", want, said)
				}
			}
			counted := changesCounted(t, filepath.Join(out, "index.html"))
			if few := slices.ContainsFunc(counted, func(n int64) bool { return n < 5 }); few || x.what == "fifty people moved" && len(counted) == 0 {
				t.Errorf("the front page counts %v", counted)
			}
		})
	}
}

var change = regexp.MustCompile(`(?:[+−]|(?:grew|shrank) by )(\d+)( to \d+)?|from ([\d,]+) to ([\d,]+)`)

// changesCounted are the numbers of people by which the front page says that
// something changed.
func changesCounted(t *testing.T, page string) []int64 {
	t.Helper()
	f, err := os.Open(page)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	root, err := html.Parse(f)
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "script" && n.Parent.Data != "style" {
			text.WriteString(n.Data + "\n")
		}
	}
	var out []int64
	for _, m := range change.FindAllStringSubmatch(text.String(), -1) {
		if m[2] == " to 4" { // that it is few, and no number
			continue
		}
		var n, from, to float64
		fmt.Sscan(m[1], &n)
		if fmt.Sscan(strings.ReplaceAll(m[3], ",", ""), &from); m[3] != "" {
			fmt.Sscan(strings.ReplaceAll(m[4], ",", ""), &to)
			n = math.Abs(to - from)
		}
		out = append(out, int64(n))
	}
	return out
}
