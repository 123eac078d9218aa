package diag

import (
	"bytes"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"personae/engine/source"
)

// TestRenderAnything renders findings with any text about any place, in the file or not: no format panics, the text
// formats let no control character through, and each line of carets stays under its excerpt's width.
func TestRenderAnything(t *testing.T) {
	carets := 0
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.OneOf(rapid.Rune(), rapid.SampledFrom([]rune("\n\r\t\x1b ab:中\u202e👩\u200d"))))
		f := source.NewFile("f.yaml", []byte(text.Draw(t, "file")))
		place := func(label string) source.Range {
			if rapid.Bool().Draw(t, label+" outside") {
				n := rapid.IntRange(-1, 9)
				return source.Range{
					File:  "f.yaml",
					Start: source.Pos{Line: n.Draw(t, "line"), Column: n.Draw(t, "column")},
					End:   source.Pos{Line: n.Draw(t, "end line"), Column: n.Draw(t, "end column")},
				}
			}
			n := rapid.IntRange(0, len(f.Bytes))
			return f.Range(n.Draw(t, label), n.Draw(t, label+" end"))
		}
		d := Diagnostic{
			Code: "bad-value", Severity: Severity(rapid.IntRange(-1, 4).Draw(t, "severity")),
			Summary: text.Draw(t, "summary"), Detail: text.Draw(t, "detail"), Range: place("range"),
			Fix: &Fix{Range: place("fix"), Replacement: text.Draw(t, "replacement")},
		}
		d.Relate(place("related"), text.Draw(t, "message"))
		width := rapid.IntRange(-3, 90).Draw(t, "width")
		for _, name := range Formats() {
			render, _ := Format(name)
			var out bytes.Buffer
			if err := render(&out, List{d}, Files{"f.yaml": f}, Options{Width: width}); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if name != "text" && name != "github" {
				continue
			}
			carets += strings.Count(out.String(), "^^")
			for _, r := range out.String() {
				if r != '\n' && r != '\u200d' && r != '\u200c' && unicode.In(r, unicode.Cc, unicode.Cf) || r == utf8.RuneError && !strings.ContainsRune(string(f.Bytes)+d.Summary+d.Detail+d.Fix.Replacement+d.Related[0].Message, r) {
					t.Fatalf("%s lets %U through", name, r)
				}
			}
		}
	})
	if carets == 0 {
		t.Error("no excerpt was drawn")
	}
}
