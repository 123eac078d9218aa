package render

import (
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

func TestMarkdownEscapes(t *testing.T) {
	for in, want := range map[string]string{
		"plain words, 17.6 %":     "plain words, 17.6 %",
		"a|b":                     `a\|b`,
		"<script>":                "&lt;script&gt;",
		"@team":                   "@\u200bteam",
		"#12 and # heading":       "#\u200b12 and \\# heading",
		"`x`":                     "\\`x\\`",
		"two\n\nlines":            "two lines",
		"1. list":                 `1\. list`,
		"1.4 times":               "1.4 times",
		"- list":                  `\- list`,
		"$5 and $6":               "&#36;5 and &#36;6",
		"https://a.b www.c.d":     "https:\u200b//a.b www.\u200bc.d",
		"*bold* _it_ [l](u) ~~s~": `\*bold\* \_it\_ \[l\](u) \~\~s\~`,
		"\xff\xfe!":               "\uFFFD!",
	} {
		if got := md(in); got != want {
			t.Errorf("md(%q) = %q, want %q", in, got, want)
		}
	}
	if got := code("a`b || c``d", true); got != "``` a`b \\|\\| c``d ```" {
		t.Errorf("code is %q", got)
	}
}

// What users write stays text: a renderer of GitHub's Markdown makes nothing
// of it.
func TestMarkdownMakesNothingOfData(t *testing.T) {
	b, err := Markdown(every())
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := goldmark.New(goldmark.WithExtensions(extension.GFM)).Convert(b, &out); err != nil {
		t.Fatal(err)
	}
	page := strings.Replace(out.String(), `<a href="https://example.org/study">`, "", 1) // a story's own link
	for _, tag := range []string{"<a ", "<img", "<script", "<b>"} {
		if strings.Contains(page, tag) {
			t.Errorf("the Markdown of hostile text gives %s", tag)
		}
	}
	if n := strings.Count(page, "<h1"); n != 1 {
		t.Errorf("%d headings of level 1", n)
	}
	if !strings.Contains(page, "<table>") || !strings.Contains(page, "<h2") {
		t.Error("there is no table or heading: the test proves nothing")
	}
	for line := range strings.Lines(string(b)) {
		if strings.Contains(line, "| ") && strings.HasPrefix(line, "|") && !strings.HasSuffix(strings.TrimSpace(line), "|") {
			t.Errorf("a row of a table is cut: %s", line)
		}
	}
}
