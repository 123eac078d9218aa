package render

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func TestFirstVersionHasNothingToCompare(t *testing.T) {
	page := string(page1(t, front(t, nil)))
	for _, want := range []string{"First version. Nothing to compare yet.", "personae run --as-of 2025-12-01"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if later := string(page1(t, front(t, earlier()))); strings.Contains(later, "Nothing to compare yet") {
		t.Error("a later version says so too")
	}
}

func TestChanges(t *testing.T) {
	s, err := newSite(every(), "", art)
	if err != nil {
		t.Fatal(err)
	}
	c := &comparison{site: s, before: earlier(), number: 6}
	got, more := c.sentences()
	want := []string{
		"Orders is stale: the newest row is of 12 Dec 2025, and it should be no older than 2 days.",
		"Bianca Keller: “Buys presents, and has them wrapped” is no longer true: 37%, needs more than 40% (was 41% in version 6).",
		"The number of customers grew by 312 customers, from 19,688 to 20,000. This is everyone in the data.",
		"Retired is no longer a segment.",
		"Evening planners grew by 214 customers, from 3,198 to 3,412. Its rule is the same.",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got:\n%s", strings.Join(got, "\n"))
	}
	if more < 3 {
		t.Errorf("%d more changes", more)
	}
	var all []string
	for _, x := range slices.Concat(c.divisions(), c.audiences(), c.startsMoved()) {
		all = append(all, x.text)
	}
	for _, want := range []string{
		"Lead heat: Hot grew by 50 customers, from 1,850 to 1,900. Its rules are the same.",
		"Spend <b>&</b> rank: the top fifth now starts at £452 (was £451).",
		"New export: Call list, 3,412 customers.",
	} {
		if !slices.Contains(all, want) {
			t.Errorf("%q is missing in\n%s", want, strings.Join(all, "\n"))
		}
	}
	if !slices.ContainsFunc(all, func(s string) bool { return strings.HasPrefix(s, "From first look to friend: ") }) {
		t.Error("no stage moved")
	}
	c.before = every()
	if got, more := c.sentences(); len(got)+more != 0 {
		t.Errorf("changes between equal reports: %v", got)
	}
}

// A number that either report hides must not come back as a difference.
func TestDifferencesHideWhatReportsHide(t *testing.T) {
	s, _ := newSite(every(), "", art)
	c := &comparison{site: s, before: earlier()}
	for _, x := range []struct {
		name, want string
		got        string
	}{
		{"both shown", "+214", c.difference(count(3412), count(3198), true)},
		{"fewer", "−11", c.difference(count(768), count(779), true)},
		{"few came", "+1 to 4", c.difference(count(3202), count(3198), true)},
		{"few went", "−1 to 4", c.difference(count(3194), count(3198), true)},
		{"as many as a small group has", "+5", c.difference(count(3203), count(3198), true)},
		{"equal", "no change", c.difference(count(5), count(5), true)},
		{"hidden now", "", c.difference(gone(fewer), count(5), true)},
		{"hidden before", "was hidden before", c.difference(count(5), gone(fewer), true)},
		{"new", "new", c.difference(count(5), gone(""), false)},
	} {
		if x.got != x.want {
			t.Errorf("%s: %q, want %q", x.name, x.got, x.want)
		}
	}
	if _, ok := c.grew("x", "customer", count(10), gone(fewer), ""); ok {
		t.Error("a hidden number was compared")
	}
	for now, want := range map[int64]string{3202: "x grew by fewer than 5 customers. y", 3203: "x grew by 5 customers, from 3,198 to 3,203. y"} {
		if got, _ := c.grew("x", "customer", count(now), count(3198), "y"); got.text != want {
			t.Errorf("%q, want %q", got.text, want)
		}
	}
}

// What depends on the past or on the run is on the front page alone.
func TestVersionKnowsNothingOfTheRun(t *testing.T) {
	index := string(cases(t)["every/index.html"])
	whole := string(page1(t, front(t, earlier())))
	for _, only := range []string{"What changed", "Who moved since version 6", "<p class=\"barname\">Version 6", "9ad94c2e11", "2 Jan 2026, 07:31", "<dt>Version</dt>", "since version"} {
		if strings.Contains(index, only) {
			t.Errorf("the version's own page says %q", only)
		}
		if !strings.Contains(whole, only) {
			t.Errorf("the front page does not say %q", only)
		}
	}
	root, _ := html.Parse(strings.NewReader(string(cases(t)["front/same.html"])))
	if page := text(root); !strings.Contains(page, "not in git") || !strings.Contains(page, "No number changed since version 6.") {
		t.Error("the words for rules outside git, or for no change, are missing")
	}
}
