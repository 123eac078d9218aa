package source

import (
	"testing"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

func TestPos(t *testing.T) {
	f := NewFile("x.yaml", []byte("\xEF\xBB\xBFab\r\n\tü😀x\rlast\n"))
	cases := []struct {
		offset, line, column int
	}{
		{-5, 1, 1}, {0, 1, 1}, {3, 1, 1}, {4, 1, 2}, {5, 1, 3}, {7, 2, 1}, {8, 2, 2}, {10, 2, 3}, {14, 2, 4},
		{16, 3, 1}, {20, 3, 5}, {21, 4, 1}, {99, 4, 1},
	}
	for _, c := range cases {
		if p := f.Pos(c.offset); p.Line != c.line || p.Column != c.column {
			t.Errorf("offset %d is at %d:%d, want %d:%d", c.offset, p.Line, p.Column, c.line, c.column)
		}
	}
	for n, want := range []string{"", "ab", "\tü😀x", "last", "", ""} {
		if got := f.Line(n); got != want {
			t.Errorf("line %d is %q, want %q", n, got, want)
		}
	}
	for i := len(byteOrderMark); i <= len(f.Bytes); i++ {
		if i < len(f.Bytes) && !utf8.RuneStart(f.Bytes[i]) {
			continue
		}
		if p := f.Pos(i); f.Offset(p.Line, p.Column) != i {
			t.Errorf("offset %d is %v, and that is offset %d", i, p, f.Offset(p.Line, p.Column))
		}
	}
	empty := NewFile("e", nil)
	if p := empty.Pos(0); p.Line != 1 || p.Column != 1 || empty.Line(1) != "" {
		t.Errorf("an empty file begins at %v", p)
	}
}

func TestRange(t *testing.T) {
	f := NewFile("rules/x.yaml", []byte("one\ntwo\n"))
	two := f.Range(4, 7)
	cases := []struct{ got, want string }{
		{two.String(), "rules/x.yaml:2:1"},
		{f.Whole().String(), "rules/x.yaml"},
		{Range{}.String(), ""},
		{NewFile("", []byte("a")).Range(0, 1).String(), "1:1"},
		{at(f.Range(0, 3).To(two)), "1:1-2:4"},
		{at(two.To(f.Range(0, 3))), "2:1-2:4"},
	}
	for _, c := range cases {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
	if !(Range{}).IsZero() || f.Whole().IsZero() || two.IsEmpty() || !f.Range(5, 5).IsEmpty() {
		t.Error("IsZero or IsEmpty")
	}
	if !two.Contains(4) || !two.Contains(7) || two.Contains(3) || two.Contains(8) {
		t.Error("Contains")
	}
	if !f.Range(0, 1).Less(two) || two.Less(f.Range(0, 1)) || two.Less(two) || !f.Range(4, 5).Less(two) || !f.Whole().Less(two) {
		t.Error("Less")
	}
}

// TestSubFallsBack asks for parts that do not exist, or whose place is not known.
func TestSubFallsBack(t *testing.T) {
	f := NewFile("x.yaml", []byte("a: 'it''s'\n"))
	nodes, err := scalarsOf(f.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	known := Scalar(f, nodes[1])
	other := *nodes[1]
	other.Value = "something else"
	unknown, synthetic := Scalar(f, &other), Plain("it's", f.Range(3, 10))
	if !known.Exact() || unknown.Exact() || synthetic.Exact() {
		t.Fatal("Exact")
	}
	for _, c := range []struct {
		text       Text
		start, end int
		want       string
	}{
		{known, 0, 2, "1:5-1:7"},
		{known, 4, 4, "1:10-1:10"}, // the end of the content, before the quote
		{known, 0, 5, "1:4-1:11"}, {known, -1, 2, "1:4-1:11"}, {known, 3, 2, "1:4-1:11"},
		{synthetic, 0, 2, "1:4-1:11"},
		{unknown, 0, 2, "1:4-1:6"},
	} {
		if got := at(c.text.Sub(c.start, c.end)); got != c.want {
			t.Errorf("%q[%d:%d] stands at %s, want %s", c.text, c.start, c.end, got, c.want)
		}
	}
	if got := at(known.SubRunes(0, 9)); got != "1:4-1:11" {
		t.Errorf("past the end by code points: %s", got)
	}
	if s := known.Slice(3, 99); s.Value() != "s" || at(s.Range()) != "1:9-1:10" {
		t.Errorf("slice %q at %s", s, at(s.Range()))
	}
	if !(Text{}).IsZero() || known.IsZero() || at(Text{}.Sub(0, 0)) != "0:0-0:0" {
		t.Error("the zero text")
	}
}

func TestNodeRange(t *testing.T) {
	cases := []struct{ file, want string }{
		{"a: 1\nb:\n  c: 'd'\n", "1:1-3:9"},
		{"[a, {b: c}, ]\n", "1:1-1:14"},
		{"[ ]", "1:1-1:4"},
		{"{a: 1 # }\n , b: [2]\n }\n", "1:1-3:3"},
		{"&x [a]\n", "1:1-1:7"},
		{"- &x a\n- *x\n", "1:1-2:5"},
		{"- |\n  a\n\n", "1:1-2:4"},
	}
	for _, c := range cases {
		var n yaml.Node
		if err := yaml.Unmarshal([]byte(c.file), &n); err != nil {
			t.Fatal(err)
		}
		f := NewFile("x.yaml", []byte(c.file))
		if got := at(NodeRange(f, n.Content[0])); got != c.want {
			t.Errorf("%q stands at %s, want %s", c.file, got, c.want)
		}
	}
	if !NodeRange(NewFile("x", nil), nil).IsZero() || !Scalar(NewFile("x", nil), nil).IsZero() {
		t.Error("no node has a place")
	}
}
