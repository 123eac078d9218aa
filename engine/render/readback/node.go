package readback

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, class string) bool {
	return slices.Contains(strings.Fields(attribute(n, "class")), class)
}

// is says whether a node is an element with a class; "" is any.
func is(n *html.Node, element, class string) bool {
	return n.Type == html.ElementNode && n.Data == element && (class == "" || has(n, class))
}

// all are the elements below a node, in the order of the page.
func all(n *html.Node, element, class string) []*html.Node {
	var out []*html.Node
	if n == nil {
		return nil
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if is(c, element, class) {
			out = append(out, c)
		}
		out = append(out, all(c, element, class)...)
	}
	return out
}

func first(n *html.Node, element, class string) *html.Node {
	for _, one := range all(n, element, class) {
		return one
	}
	return nil
}

// isolates are marks of direction, which nobody sees.
var isolates = strings.NewReplacer("\u2068", "", "\u2069", "")

func textOf(n *html.Node) string {
	if n == nil {
		return ""
	}
	if n.Type == html.TextNode {
		return isolates.Replace(n.Data)
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.WriteString(textOf(c))
	}
	return b.String()
}
