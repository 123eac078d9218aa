package source

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// writer writes a YAML file word by word and remembers where each word of a scalar was put, so that the map is
// compared with what was written, not with what was read.
type writer struct {
	b     strings.Builder
	nl    string
	words []word
}

type word struct {
	text     string // decoded
	from, to int    // in the file
}

func (w *writer) put(raw, decoded string) {
	from := w.b.Len()
	w.b.WriteString(raw)
	w.words = append(w.words, word{decoded, from, w.b.Len()})
}

// rawWords are words and how each style writes them. The first letter of a word is its own, so that each is found.
var rawWords = []struct{ decoded, single, double string }{
	{"customer.age", "customer.age", "customer.age"},
	{"it's", "it''s", `it\x27s`},
	{"Zoë", "Zoë", `Zo\u00eb`},
	{"x😀y", "x😀y", `x\U0001F600y`},
	{`"quoted"`, `"quoted"`, `\"quoted\"`},
	{`C:\dir`, `C:\dir`, `C:\\dir`},
	{"&&", "&&", "&&"},
	{"中文", "中文", `\u4e2D文`},
	{"a#b", "a#b", "a#b"},
	{"<=", "<=", "<="},
}

func TestScalarProperty(t *testing.T) {
	styles := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		w := &writer{nl: rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "newline")}
		if rapid.Bool().Draw(t, "bom") {
			w.b.WriteString(byteOrderMark)
		}
		for i := rapid.IntRange(0, 2).Draw(t, "lines before"); i > 0; i-- {
			w.b.WriteString(rapid.SampledFrom([]string{"# ünïcode", "", "k%d: 'ä'"}).Draw(t, "line") + w.nl)
		}
		before := strings.ReplaceAll(w.b.String(), "k%d", fmt.Sprintf("k%d", w.b.Len()))
		w.b.Reset()
		w.b.WriteString(strings.Replace(before, "k%d", "l", 1))
		depth := rapid.IntRange(0, 2).Draw(t, "depth")
		for i := range depth {
			w.b.WriteString(strings.Repeat(" ", 2*i) + "parent:" + w.nl)
		}
		w.b.WriteString(strings.Repeat(" ", 2*depth) + "when: ")
		style := rapid.SampledFrom([]string{"plain", "single", "double", "literal", "folded"}).Draw(t, "style")
		writeScalar(t, w, style, 2*depth)
		w.b.WriteString(w.nl + strings.Repeat(" ", 2*depth) + "next: 1" + w.nl)

		f := NewFile("x.yaml", []byte(w.b.String()))
		nodes, err := scalarsOf(f.Bytes)
		if err != nil {
			t.Skip(err) // two lines before with one key
		}
		for i, n := range nodes {
			if n.Value != "when" {
				continue
			}
			text := Scalar(f, nodes[i+1])
			checkText(t, f, nodes[i+1], text)
			checkWords(t, f, text, w.words)
			styles[style]++
			return
		}
		t.Fatalf("no key in %q", w.b.String())
	})
	if len(styles) != 5 {
		t.Errorf("not all styles were seen: %v", styles)
	}
}

// writeScalar writes a few words in a style, with the noise that the style allows between them.
func writeScalar(t *rapid.T, w *writer, style string, indent int) {
	block := style == "literal" || style == "folded"
	inner := indent + rapid.IntRange(1, 4).Draw(t, "indent")
	pad := strings.Repeat(" ", inner)
	if block {
		w.b.WriteString(map[string]string{"literal": "|", "folded": ">"}[style])
		if rapid.Bool().Draw(t, "indicator") {
			w.b.WriteString(fmt.Sprint(inner - indent))
		}
		w.b.WriteString(rapid.SampledFrom([]string{"", "-", "+"}).Draw(t, "chomping"))
		w.b.WriteString(rapid.SampledFrom([]string{"", " # note"}).Draw(t, "comment") + w.nl)
		for i := rapid.IntRange(0, 2).Draw(t, "blank lines first"); i > 0; i-- {
			w.b.WriteString(w.nl)
		}
		w.b.WriteString(pad)
	}
	quote := map[string]string{"single": "'", "double": `"`}[style]
	w.b.WriteString(quote)
	for i := range rapid.IntRange(1, 7).Draw(t, "words") {
		if i > 0 {
			gaps := []string{" ", "  ", w.nl + pad, w.nl + w.nl + pad, w.nl + " " + w.nl + w.nl + pad}
			if block {
				gaps = append(gaps, w.nl+pad+"  ", w.nl+w.nl+pad+" \t")
			} else {
				gaps = append(gaps, " \t"+w.nl+pad)
			}
			if style == "double" {
				gaps = append(gaps, `\`+w.nl+pad, `\t`, `\n\ `, ` \`+w.nl+w.nl+pad+`\ `)
			}
			w.b.WriteString(rapid.SampledFrom(gaps).Draw(t, "gap"))
		}
		r := rapid.SampledFrom(rawWords).Draw(t, "word")
		switch {
		case style == "double":
			w.put(r.double, r.decoded)
		case style == "single":
			w.put(r.single, r.decoded)
		case style == "plain" && i == 0:
			w.put("first", "first") // a plain scalar cannot begin with any of the words
		default:
			w.put(r.decoded, r.decoded)
		}
	}
	w.b.WriteString(quote)
}

// checkWords finds the words in the value, one after the other, and asks where each stands: by bytes, by code points,
// and in a slice.
func checkWords(t *rapid.T, f *File, text Text, words []word) {
	done := 0
	for _, w := range words {
		i := strings.Index(text.Value()[done:], w.text)
		if i < 0 {
			t.Fatalf("%q is not in %q after byte %d", w.text, text.Value(), done)
		}
		i += done
		done = i + len(w.text)
		want := f.Range(w.from, w.to)
		if got := text.Sub(i, done); got != want {
			t.Fatalf("%q in %q stands at %s, want %s, in %q", w.text, text.Value(), at(got), at(want), f.Bytes)
		}
		runes := len([]rune(text.Value()[:i]))
		if got := text.SubRunes(runes, runes+len([]rune(w.text))); got != want {
			t.Fatalf("by code points %q stands at %s, want %s", w.text, at(got), at(want))
		}
		slice := text.Slice(i, done)
		if slice.Value() != w.text || slice.Range() != want || slice.Sub(0, len(w.text)) != want {
			t.Fatalf("the slice %q stands at %s, want %q at %s", slice.Value(), at(slice.Range()), w.text, at(want))
		}
	}
}
