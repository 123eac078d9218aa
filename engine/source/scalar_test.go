package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// scalarsOf lists all scalar nodes of all documents, keys included, in the order of the file.
func scalarsOf(b []byte) ([]*yaml.Node, error) {
	var out []*yaml.Node
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		if n.Kind == yaml.ScalarNode {
			out = append(out, n)
		}
		for _, c := range n.Content {
			walk(c)
		}
	}
	d := yaml.NewDecoder(bytes.NewReader(b))
	for {
		var n yaml.Node
		if err := d.Decode(&n); errors.Is(err, io.EOF) {
			return out, nil
		} else if err != nil {
			return out, err
		}
		walk(&n)
	}
}

// at writes a range as "line:column-line:column".
func at(r Range) string {
	return fmt.Sprintf("%d:%d-%d:%d", r.Start.Line, r.Start.Column, r.End.Line, r.End.Column)
}

// TestScalar looks up a part of one scalar of a file. The scalar is the first whose value contains the part.
func TestScalar(t *testing.T) {
	cases := []struct {
		name, file, part string
		want             string // where the part stands
		whole            string // where the scalar stands, "" if of no interest
	}{
		{"plain", "a: one two", "two", "1:8-1:11", "1:4-1:11"},
		{"plain, comment after it", "a: one two # two", "two", "1:8-1:11", "1:4-1:11"},
		{"plain, hash inside", "a: one#two three", "three", "1:12-1:17", "1:4-1:17"},
		{"plain, colon inside", "a: x:y b", "b", "1:8-1:9", ""},
		{"plain, several lines", "a: one\n  two\n  three\nb: 1", "two three", "2:3-3:8", "1:4-3:8"},
		{"plain, the fold itself", "a: one\n  two", " ", "1:7-2:3", ""},
		{"plain, blank lines", "a: one\n\n\n  two", "two", "4:3-4:6", ""},
		{"plain, a kept line break", "a: one\n\n\n  two", "\n\n", "2:1-4:1", ""},
		{"plain, trailing spaces at a fold", "a: one  \t \n   two", "two", "2:4-2:7", ""},
		{"plain, several spaces", "a: one   two", "two", "1:10-1:13", ""},
		{"plain, key", "long key: 1", "key", "1:6-1:9", "1:1-1:9"},
		{"explicit key", "? long key\n: 1", "key", "1:8-1:11", "1:3-1:11"},
		{"quoted key", "'it''s key': 1", "key", "1:8-1:11", "1:1-1:12"},
		{"plain in a flow list", "a: [x, one two , y]", "two", "1:12-1:15", "1:8-1:15"},
		{"plain in a flow map over lines", "a: {k: one\n    two, l: 2}", "two", "2:5-2:8", "1:8-2:8"},
		{"flow key", "{one: 1, two: 2}", "two", "1:10-1:13", ""},
		{"flow key, quoted, no space", `{"one":"two"}`, "two", "1:9-1:12", "1:8-1:13"},
		{"in a list in a list", "- - - deep", "deep", "1:7-1:11", ""},
		{"number", "a: 0x1F", "0x1F", "1:4-1:8", ""},
		{"emoji before", "a: 👩‍👧 two", "two", "1:8-1:11", ""},
		{"combining character", "a: e\u0301 two", "two", "1:7-1:10", ""},
		{"second document", "a: 1\n---\nb: two", "two", "3:4-3:7", ""},
		{"after a document marker", "--- two", "two", "1:5-1:8", ""},
		{"byte order mark", "\xEF\xBB\xBFa: two", "two", "1:4-1:7", "1:4-1:7"},
		{"byte order mark, key", "\xEF\xBB\xBFkey: 1", "key", "1:1-1:4", ""},
		{"CRLF, plain", "a: one\r\n  two\r\nb: 1\r\n", "two", "2:3-2:6", "1:4-2:6"},
		{"CR alone", "a: one\r  two\rb: 1\r", "two", "2:3-2:6", ""},
		{"tab after the colon", "a:\ttwo", "two", "1:4-1:7", ""},
		{"tab inside", "a: one\ttwo", "two", "1:8-1:11", ""},
		{"anchor", "a: &x one two", "two", "1:11-1:14", "1:4-1:14"},
		{"tag and anchor", "a: !!str &x one two", "two", "1:17-1:20", "1:4-1:20"},
		{"anchor, value on the next line", "a: &x\n  one two", "two", "2:7-2:10", ""},
		{"tag with a comment after it", "a: !!str # c\n  'two'", "two", "2:4-2:7", ""},
		{"verbatim tag", "a: !<tag:yaml.org,2002:str> two", "two", "1:29-1:32", ""},
		{"line separators of Unicode before", "a: \"x\u2028 y\"\nb: two", "two", "2:4-2:7", ""},
		{"next line of Unicode in a comment", "# x\u0085# y\nb: two", "two", "2:4-2:7", ""},

		{"single, doubled quote before", "a: 'it''s two'", "two", "1:11-1:14", "1:4-1:15"},
		{"single, the doubled quote", "a: 'it''s two'", "'", "1:7-1:9", ""},
		{"single, only quotes", "a: ''''", "'", "1:5-1:7", "1:4-1:8"},
		{"single, several lines", "a: 'one\n  two\n\n  three'", "three", "4:3-4:8", "1:4-4:9"},
		{"single, spaces kept at the ends", "a: '  two '", "two", "1:7-1:10", ""},
		{"single, a backslash is nothing", `a: '\n two'`, "two", "1:8-1:11", ""},
		{"single, CRLF", "a: 'one\r\n  two'", "two", "2:3-2:6", ""},

		{"double, \\n", `a: "x\ny two"`, "two", "1:10-1:13", ""},
		{"double, the escape", `a: "x\ty"`, "\t", "1:6-1:8", ""},
		{"double, \\x", `a: "\x41 two"`, "two", "1:10-1:13", ""},
		{"double, \\x over 127", `a: "\xe9 two"`, "two", "1:10-1:13", ""},
		{"double, \\u", `a: "\u00e9\u4E2D two"`, "two", "1:18-1:21", ""},
		{"double, \\U", `a: "\U0001F600 two"`, "two", "1:16-1:19", ""},
		{"double, the \\U", `a: "\U0001F600 two"`, "😀", "1:5-1:15", ""},
		{"double, \\\" and \\\\", `a: "\"\\ two"`, "two", "1:10-1:13", ""},
		{"double, named escapes", `a: "\N\_\L\P\e\0 two"`, "two", "1:18-1:21", ""},
		{"double, \\/ of YAML 1.2 as yaml.v3 has it not", `a: "/ two"`, "two", "1:7-1:10", ""},
		{"double, folded", "a: \"one\n  two\"", "two", "2:3-2:6", "1:4-2:7"},
		{"double, line continued", "a: \"one\\\n  two\"", "two", "2:3-2:6", ""},
		{"double, continued with a kept space", "a: \"one\\\n  \\ two\"", "two", "2:5-2:8", ""},
		{"double, continued over a blank line", "a: \"one\\\n\n  two\"", "two", "3:3-3:6", ""},
		{"double, continued, CRLF", "a: \"one\\\r\n  two\"\r\n", "two", "2:3-2:6", ""},
		{"double, spaces before the escaped break stay", "a: \"one  \\\n  two\"", "one  two", "1:5-2:6", ""},
		{"double, in a flow list", `a: ["x\ny", "z\tq two"]`, "two", "1:19-1:22", ""},

		{"literal", "a: |\n  one\n  two\nb: 1", "two", "3:3-3:6", "1:4-3:6"},
		{"literal, strip", "a: |-\n  one\n  two\n\n", "two", "3:3-3:6", "1:4-3:6"},
		{"literal, keep", "a: |+\n  one\n  two\n\n", "two\n\n", "3:3-5:1", ""},
		{"literal, comment in the header", "a: |- # two\n  one\n  two", "two", "3:3-3:6", ""},
		{"literal, blank lines first", "a: |\n\n\n  one two", "two", "4:7-4:10", ""},
		{"literal, blank lines with spaces", "a: |\n  one\n \n  two", "two", "4:3-4:6", ""},
		{"literal, deeper lines", "a: |\n  one\n    two", "  two", "3:3-3:8", ""},
		{"literal, indentation indicator", "a: |1\n   one two", "two", "2:8-2:11", ""},
		{"literal, indicator and strip", "a: |2-\n    one two\n", "  one", "2:3-2:8", ""},
		{"literal, strip and indicator", "a:\n  b: |-2\n      one two", "  one", "3:5-3:10", ""},
		{"literal, indicator, nested", "a:\n  b:\n    c: |1\n        one", "   one", "4:6-4:12", ""},
		{"literal in a list", "- |\n one two\n- 2", "two", "2:6-2:9", ""},
		{"literal at the top", "|\n one two", "two", "2:6-2:9", ""},
		{"literal, CRLF", "a: |\r\n  one\r\n  two\r\n", "two", "3:3-3:6", ""},
		{"literal, CRLF, the break", "a: |\r\n  one\r\n  two\r\n", "\n", "2:6-3:1", ""},
		{"literal, tab inside", "a: |\n  one\n  \tone two", "two", "3:8-3:11", ""},
		{"literal, emoji", "a: |\n  👩‍👧 two", "two", "2:7-2:10", ""},
		{"literal, over the end of a line", "a: |\n  one\n  two", "one\ntwo", "2:3-3:6", ""},
		{"nothing but a tag", "when: !segment.staff\nb: 1", "", "1:21-1:21", "1:7-1:21"},
		{"no value", "a:\nb: 1", "", "1:3-1:3", "1:3-1:3"},
		{"empty quotes", "a: ''\nb: 1", "", "1:5-1:5", "1:4-1:6"},
		{"empty block", "a: |\nb: 1", "", "1:5-1:5", "1:4-1:5"},

		{"folded", "a: >\n  one\n  two\nb: 1", "two", "3:3-3:6", "1:4-3:6"},
		{"folded, the fold", "a: >\n  one\n  two", " ", "2:6-3:3", ""},
		{"folded, blank lines", "a: >\n  one\n\n\n  two", "two", "5:3-5:6", ""},
		{"folded, blank lines first", "a: >-\n\n\n  one\n  two", "two", "5:3-5:6", ""},
		{"folded, deeper lines stay", "a: >\n  one\n    two\n  three", "three", "4:3-4:8", ""},
		{"folded, deeper line first", "a: >2\n    one\n  two", "two", "3:3-3:6", ""},
		{"folded, blank before a deeper line", "a: >\n  one\n\n    two\n\n  three", "three", "6:3-6:8", ""},
		{"folded, keep", "a: >+\n  one\n  two\n\n\nb: 1", "two\n\n\n", "3:3-6:1", ""},
		{"folded, trailing spaces", "a: >\n  one  \n  two", "two", "3:3-3:6", ""},
		{"folded, CRLF", "a: >-\r\n  one\r\n\r\n  two\r\n", "two", "4:3-4:6", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := NewFile("x.yaml", []byte(c.file))
			nodes, err := scalarsOf(f.Bytes)
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range nodes {
				i := strings.Index(n.Value, c.part)
				if i < 0 || c.part == "" && n.Value != "" {
					continue
				}
				text := Scalar(f, n)
				if text.Value() != n.Value {
					t.Errorf("value %q, yaml.v3 has %q", text.Value(), n.Value)
				}
				if got := at(text.Sub(i, i+len(c.part))); got != c.want {
					t.Errorf("%q in %q stands at %s, want %s", c.part, n.Value, got, c.want)
				}
				if got := at(text.Range()); c.whole != "" && got != c.whole {
					t.Errorf("the scalar stands at %s, want %s", got, c.whole)
				}
				checkText(t, f, n, text)
				return
			}
			t.Fatalf("no scalar has %q", c.part)
		})
	}
}

// checkText asserts what holds for every scalar: the map decodes to the value, its pieces are in order on both sides
// and inside the whole range, and a quoted scalar cut out by its range is read to the same value.
func checkText(t interface {
	Helper()
	Errorf(string, ...any)
}, f *File, n *yaml.Node, text Text) {
	t.Helper()
	if !text.Exact() {
		t.Errorf("no map for %q at %d:%d", n.Value, n.Line, n.Column)
		if got := text.Sub(0, len(n.Value)); got != text.Range() {
			t.Errorf("without a map, a part stands at %v, not at the whole %v", got, text.Range())
		}
		return
	}
	whole := text.Range()
	valueAt, sourceAt := 0, whole.Start.Byte
	for _, p := range text.places.pieces {
		if p.at != valueAt || p.from < sourceAt || p.until <= p.from || p.size <= 0 {
			t.Errorf("%q: piece %+v is out of order after value %d, source %d", n.Value, p, valueAt, sourceAt)
			return
		}
		raw, decoded := string(f.Bytes[p.from:p.until]), n.Value[p.at:p.at+p.size]
		if !decodesTo(raw, decoded, p.copied) {
			t.Errorf("%q: %q cannot be decoded from %q", n.Value, decoded, raw)
		}
		valueAt, sourceAt = p.at+p.size, p.until
	}
	if valueAt != len(n.Value) {
		t.Errorf("%q: the pieces end at %d", n.Value, valueAt)
	}
	// A kept last line break belongs to the value but not to the range that people see.
	block := n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0
	if sourceAt > whole.End.Byte && !block {
		t.Errorf("%q: the pieces end at byte %d, the scalar at %d", n.Value, sourceAt, whole.End.Byte)
	}
	if n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 {
		body := text.places.end // the opening quote stands before the first piece
		if len(text.places.pieces) > 0 {
			body = text.places.pieces[0].from
		}
		open := bytes.LastIndexAny(f.Bytes[:body], `"'`)
		cut := string(f.Bytes[max(open, whole.Start.Byte):whole.End.Byte])
		var again yaml.Node
		if err := yaml.Unmarshal([]byte("[ "+cut+" ]"), &again); err == nil {
			if got := again.Content[0].Content[0].Value; got != n.Value {
				t.Errorf("%q: cut out as %q it reads %q", n.Value, cut, got)
			}
		}
	}
}

// decodesTo is a second, independent opinion on whether raw source can stand for a piece of a value.
func decodesTo(raw, decoded string, copied bool) bool {
	switch {
	case copied:
		return raw == decoded
	case raw == "''":
		return decoded == "'"
	case strings.HasPrefix(raw, `\`):
		var s string
		return yaml.Unmarshal([]byte(`"`+raw+`"`), &s) == nil && s == decoded && utf8.RuneCountInString(s) == 1
	case strings.TrimLeft(raw, " \t\r\n\u0085") == "":
		return decoded == " " || decoded == "\n"
	}
	return false
}

// FuzzScalar holds the property for any bytes that yaml.v3 reads.
func FuzzScalar(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if !utf8.Valid(b) {
			return // refused before parsing, as invalid-utf8
		}
		nodes, _ := scalarsOf(b)
		file := NewFile("x.yaml", b)
		for _, n := range nodes {
			text := Scalar(file, n)
			if text.Value() != n.Value {
				t.Fatalf("value %q, yaml.v3 has %q", text.Value(), n.Value)
			}
			checkText(t, file, n, text)
			NodeRange(file, n)
		}
	})
}

var seeds = []string{
	"kind: Segment\nname: a\nwhen: |-\n  customer.age > 3\n    && !segment.staff\n",
	"a: >+1\n  x\n y\n\n   z\n\nb: [1, 'it''s', \"a\\u00e9\\\n  b\", {c: d e\n f}]\n",
	"\xEF\xBB\xBF? x\r\n: |2-\r\n    y\r\n   z\r\n",
	"- !!str &a 'b'\n- ! c\n- &d\n- !e\n- *d\n",
	"a: \"\\x41\\n\\\\ \\\t\n\n b\"\n--- >\n\n x\n...\n---\n\"\"\n",
	"a: x\u2028 y\nb: \"c\u0085d\u2029 e\"\nc: |\n  f\u2028  g\n",
}
