package diag

import (
	"errors"
	"fmt"
	"testing"

	"personae/engine/source"
)

func TestListOrder(t *testing.T) {
	a, b := source.NewFile("a.yaml", []byte("one\ntwo\n")), source.NewFile("b.yaml", []byte("one\n"))
	var l List
	l.Warnf("unused", a.Range(0, 3), "warning")
	l.Infof("uncertain-guess", a.Range(0, 3), "remark %d", 1)
	l.Errorf("unknown-key", b.Range(0, 3), "error in b")
	l.Errorf("unknown-key", a.Range(4, 7), "error in a, line 2")
	l.Errorf("unknown-key", a.Range(0, 3), "error in a, line 1, 100%%")
	l.Errorf("bad-name", a.Range(0, 3), "error in a, 100%")
	l.Add(l[0])

	got := ""
	for _, d := range l.Sorted().Dedup() {
		got += d.Error() + "\n"
	}
	want := `a.yaml:1:1: error: error in a, 100% [bad-name]
a.yaml:1:1: error: error in a, line 1, 100%% [unknown-key]
a.yaml:2:1: error: error in a, line 2 [unknown-key]
b.yaml:1:1: error: error in b [unknown-key]
a.yaml:1:1: warning: warning [unused]
a.yaml:1:1: info: remark 1 [uncertain-guess]
`
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if l[0].Summary != "warning" {
		t.Error("Sorted changed the list")
	}
	if !l.HasErrors() || l.Count(Error) != 4 || l.Count(Warning) != 2 || l[:2].HasErrors() || (List{}).HasErrors() {
		t.Error("counts")
	}
}

func TestListErr(t *testing.T) {
	var l List
	l.Report("unused", source.Range{}, "unused")
	if l[0].Severity != Warning || l.Err() != nil {
		t.Errorf("a warning by its code: %v, %v", l[0].Severity, l.Err())
	}
	l.Report("unknown-key", source.Range{}, "first").Detail = "do this"
	if l[1].Severity != Error || l[1].Detail != "do this" {
		t.Errorf("got %+v", l[1])
	}
	var d Diagnostic
	if err := l.Err(); !errors.As(err, &d) || d.Summary != "first" || err.Error() != "error: first [unknown-key]" {
		t.Errorf("got %v", err)
	}
	l.Report("no-such-code", source.Range{}, "an unlisted code is an error")
	if err := fmt.Errorf("loading: %w", l.Err()); !errors.As(err, &d) || err.Error() != "loading: error: an unlisted code is an error [no-such-code] (and 1 more)" {
		t.Errorf("got %v", err)
	}
}

func TestSuggest(t *testing.T) {
	keys := []string{"when", "where", "who", "name", "title", "owner", "columns", "customer_id", "big_spenders", "at", "to"}
	cases := []struct{ name, want string }{
		{"wen", "when"}, {"whne", "when"}, {"wher", "when"}, {"colums", "columns"}, {"Title", "title"},
		{"bigSpenders", "big_spenders"}, {"cusotmer_idd", "customer_id"}, {"nmae", "name"}, {"ta", "at"},
		{"x", ""}, {"", ""}, {"budget", ""}, {"zz", ""}, {"when", "where"}, {"ownership", ""}, {"öwner", "owner"},
	}
	for _, c := range cases {
		got := Suggest(c.name, keys)
		if c.name == "when" {
			continue // a candidate equal to the name is no suggestion; what else is near does not matter
		}
		if got != c.want {
			t.Errorf("%q: got %q, want %q", c.name, got, c.want)
		}
		reversed := make([]string, len(keys))
		for i, k := range keys {
			reversed[len(keys)-1-i] = k
		}
		if again := Suggest(c.name, reversed); again != got {
			t.Errorf("%q: %q or %q, by the order of the candidates", c.name, got, again)
		}
	}
	if got := Suggest("when", []string{"when"}); got != "" {
		t.Errorf("suggested the name itself: %q", got)
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "abc", 3}, {"abc", "abc", 0}, {"abc", "acb", 1}, {"kitten", "sitting", 3}, {"ca", "abc", 3}, {"日本", "日木", 1}} {
		if got := distance([]rune(c.a), []rune(c.b)); got != c.want {
			t.Errorf("%q to %q: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestClean(t *testing.T) {
	cases := []struct{ in, want string }{
		{"plain ünï 中 👩‍👧", "plain ünï 中 👩‍👧"},
		{"\x1b[2J", `\x1b[2J`}, {"a\x00b\x7f", `a\x00b\x7f`}, {"\u009b31m", `\x9b31m`}, {"a\nb\tc\r", `a\nb\tc\r`},
		{"\u202e\u2066\u200b\ufeff\u2028", `\u202e\u2066\u200b\ufeff\u2028`}, {"\xff\xc3", `\xff\xc3`}, {"\ufffd", "\ufffd"},
	}
	for _, c := range cases {
		if got := clean(c.in); got != c.want {
			t.Errorf("%q: got %q, want %q", c.in, got, c.want)
		}
	}
}
