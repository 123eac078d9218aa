package render

import (
	"bufio"
	"bytes"
	"fmt"
	stdhtml "html"
	"html/template"
	"net/url"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	source "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Stories and days are Markdown of few means: paragraphs, lists, emphasis, code and
// links. HTML is no means: it is shown as it was written. So are headings, which
// belong to the page, and images, which would ask for something.

// proseParser reads Markdown.
var proseParser = sync.OnceValue(func() parser.Parser {
	return parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewListParser(), 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewParagraphParser(), 1000)),
		parser.WithInlineParsers(
			util.Prioritized(parser.NewCodeSpanParser(), 100),
			util.Prioritized(parser.NewLinkParser(), 200),
			util.Prioritized(parser.NewEmphasisParser(), 500)))
})

var proseWriter = sync.OnceValue(func() renderer.Renderer {
	return renderer.NewRenderer(renderer.WithNodeRenderers(util.Prioritized(html.NewRenderer(), 1)))
})

// prosePolicy is the second lock: what is not listed here is on no page, whatever
// the parser lets through.
var prosePolicy = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "ul", "ol", "li", "em", "strong", "code")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes(schemes...)
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	return p
})

// schemes are what a link may lead to.
var schemes = []string{"http", "https", "mailto"}

// parseProse reads a text. Links to elsewhere than schemes say, and images, become
// their text.
func parseProse(written string) (ast.Node, []byte) {
	src := []byte(strings.ToValidUTF8(written, "\uFFFD"))
	root := proseParser().Parse(source.NewReader(src))
	var flat []ast.Node
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch x := n.(type) {
		case *ast.Image:
			if entering {
				flat = append(flat, n)
			}
		case *ast.Link:
			if entering && !leadsOut(string(x.Destination)) {
				flat = append(flat, n)
			}
		}
		return ast.WalkContinue, nil
	})
	for _, n := range flat {
		parent := n.Parent()
		for c := n.FirstChild(); c != nil; c = n.FirstChild() {
			parent.InsertBefore(parent, n, c)
		}
		parent.RemoveChild(parent, n)
	}
	return root, src
}

func leadsOut(destination string) bool {
	u, err := url.Parse(destination)
	if err != nil {
		return false
	}
	for _, s := range schemes {
		if strings.EqualFold(u.Scheme, s) {
			return true
		}
	}
	return false
}

// prose writes Markdown as HTML.
func prose(written string) (template.HTML, error) {
	root, src := parseProse(written)
	var b bytes.Buffer
	if err := proseWriter().Render(&b, src, root); err != nil {
		return "", fmt.Errorf("the text %.40q cannot be written: %w", written, err)
	}
	return template.HTML(prosePolicy().SanitizeBytes(b.Bytes())), nil
}

// proseMarkdown writes Markdown as Markdown that other sites show as our pages do:
// whatever else would mean something there is escaped.
func proseMarkdown(written string) string {
	root, src := parseProse(written)
	var b strings.Builder
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		if b.Len() > 0 {
			b.WriteString("\n\n")
		}
		blockMarkdown(&b, n, src, "")
	}
	return b.String()
}

func blockMarkdown(b *strings.Builder, n ast.Node, src []byte, indent string) {
	list, ok := n.(*ast.List)
	if !ok {
		inlineMarkdown(b, n, src)
		return
	}
	number := list.Start
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		marker := "- "
		if list.IsOrdered() {
			marker = fmt.Sprintf("%d. ", number)
			number++
		}
		if item.PreviousSibling() != nil {
			b.WriteString("\n" + indent)
		}
		b.WriteString(marker)
		inner := indent + strings.Repeat(" ", len(marker))
		for c := item.FirstChild(); c != nil; c = c.NextSibling() {
			if c.PreviousSibling() != nil {
				b.WriteString("\n" + inner)
			}
			blockMarkdown(b, c, src, inner)
		}
	}
}

// inlineMarkdown writes what is inside a paragraph, on one line.
func inlineMarkdown(b *strings.Builder, n ast.Node, src []byte) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch x := c.(type) {
		case *ast.Emphasis:
			mark := strings.Repeat("*", x.Level)
			b.WriteString(mark)
			inlineMarkdown(b, c, src)
			b.WriteString(mark)
		case *ast.Link:
			b.WriteString("[")
			inlineMarkdown(b, c, src)
			b.WriteString("](<" + linkMarks.Replace(string(x.Destination)) + ">)")
		case *ast.CodeSpan:
			b.WriteString(code(plainText(c, src), false))
		default:
			b.WriteString(spaced(plainText(c, src)))
			if t, ok := c.(*ast.Text); ok && (t.SoftLineBreak() || t.HardLineBreak()) {
				b.WriteString(" ")
			}
		}
	}
}

// linkMarks are the letters that end a link in Markdown, or start HTML.
var linkMarks = strings.NewReplacer("<", "%3C", ">", "%3E", "\n", "", "\r", "", `\`, "%5C")

// spaced escapes a piece of a line, and keeps the spaces around it.
func spaced(piece string) string {
	out := md(piece)
	if strings.TrimSpace(piece) == "" {
		if piece != "" {
			return " "
		}
		return ""
	}
	if strings.HasPrefix(piece, " ") {
		out = " " + out
	}
	if strings.HasSuffix(piece, " ") {
		out += " "
	}
	return out
}

// plainText is what a node says, with escapes and entities resolved.
func plainText(n ast.Node, src []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			switch x := n.(type) {
			case *ast.Text:
				if x.IsRaw() {
					b.Write(x.Segment.Value(src))
				} else {
					b.WriteString(resolved(x.Segment.Value(src)))
				}
			case *ast.String:
				b.Write(x.Value)
			}
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

// resolved is a piece of Markdown without its escapes: as the page shows it.
func resolved(piece []byte) string {
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	html.DefaultWriter.Write(w, piece)
	_ = w.Flush() // a buffer takes all
	return stdhtml.UnescapeString(b.String())
}
