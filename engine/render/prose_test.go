package render

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestProse(t *testing.T) {
	for _, x := range []struct{ name, in, html, markdown string }{
		{"plain", "Two words.", "<p>Two words.</p>", "Two words."},
		{"emphasis", "She *plans* and **buys** `at once`.", "<p>She <em>plans</em> and <strong>buys</strong> <code>at once</code>.</p>", "She *plans* and **buys** `at once`."},
		{"list", "On it:\n- a rain suit\n- boots & socks", "<p>On it:</p>\n<ul>\n<li>a rain suit</li>\n<li>boots &amp; socks</li>\n</ul>", "On it:\n\n- a rain suit\n- boots &amp; socks"},
		{"numbers", "3. third\n4. fourth", `<ol start="3">` + "\n<li>third</li>\n<li>fourth</li>\n</ol>", "3. third\n4. fourth"},
		{"link", "See [the study](https://example.org/a?b=1).", `<p>See <a href="https://example.org/a?b=1" rel="nofollow noreferrer">the study</a>.</p>`, "See [the study](<https://example.org/a?b=1>)."},
		{"script link", "[x](javascript:alert(1)) [y](data:text/html,z) [z](//example.org)", "<p>x y z</p>", "x y z"},
		{"script", `<script>alert(1)</script> <img src=x onerror=alert(1)>`, "<p>&lt;script&gt;alert(1)&lt;/script&gt; &lt;img src=x onerror=alert(1)&gt;</p>",
			"&lt;script&gt;alert(1)&lt;/script&gt; &lt;img src=x onerror=alert(1)&gt;"},
		{"comment", "a <!-- b --> c", "<p>a &lt;!-- b --&gt; c</p>", "a &lt;!-- b --&gt; c"},
		{"image", "![a *face*](https://example.org/pixel.png)", "<p>a <em>face</em></p>", "a *face*"},
		{"heading", "# Not one", "<p># Not one</p>", `\# Not one`},
		{"values", `\*not\* \[a\](javascript:b) \<b\> \&amp; \-5%`, "<p>*not* [a](javascript:b) &lt;b&gt; &amp;amp; -5%</p>", `\*not\* \[a\](javascript:b) &lt;b&gt; &amp;amp; -5%`},
		{"mentions", "Ask @ann about #12.", "<p>Ask @ann about #12.</p>", "Ask @\u200bann about #\u200b12."},
		{"from right to left", "تعيش **ليلى** هنا.", "<p>تعيش <strong>ليلى</strong> هنا.</p>", "تعيش **ليلى** هنا."},
	} {
		got, err := prose(x.in)
		if err != nil {
			t.Errorf("%s: %v", x.name, err)
		}
		if d := cmp.Diff(x.html, strings.TrimSpace(string(got))); d != "" {
			t.Errorf("%s as HTML: %s", x.name, d)
		}
		if d := cmp.Diff(x.markdown, proseMarkdown(x.in)); d != "" {
			t.Errorf("%s as Markdown: %s", x.name, d)
		}
	}
}

// Whatever a story holds, its page has no element beyond those that prose has.
func FuzzProse(f *testing.F) {
	f.Add("a <b onclick=x> [c](javascript:d) ![e](http://f) <http://g> `h` &lt;i&gt; \x00\xff")
	f.Add("- a\n  - b\n\n    <script>\n1) c")
	f.Fuzz(func(t *testing.T, source string) {
		got, err := prose(source)
		if err != nil {
			t.Fatal(err)
		}
		if err := wellFormed(string(got)); err != nil {
			t.Errorf("%q: %v: %s", source, err, got)
		}
		for _, bad := range []string{"<script", "<img", "<style", "<iframe", "<svg", "javascript:\"", " onclick="} {
			if strings.Contains(strings.ToLower(string(got)), bad) && !strings.Contains(strings.ToLower(source), "`") && bad[0] == '<' {
				t.Errorf("%q gives %s", source, got)
			}
		}
		_ = proseMarkdown(source)
	})
}
