package render

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"personae/engine/report"
)

// walk calls f for every node below n.
func walk(n *html.Node, f func(*html.Node)) {
	f(n)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		walk(c, f)
	}
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func text(n *html.Node) string {
	var b strings.Builder
	walk(n, func(n *html.Node) {
		if n.Type == html.TextNode && n.Parent.Data != "style" && n.Parent.Data != "script" {
			b.WriteString(n.Data)
		}
	})
	return b.String()
}

// void elements have no end tag.
var void = map[string]bool{"meta": true, "br": true, "link": true, "input": true, "img": true, "hr": true}

// wellFormed compares the tags as they are written with the tree: every start
// has its end, in order.
func wellFormed(page string) error {
	z := html.NewTokenizer(strings.NewReader(page))
	var open []string
	for {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				return fmt.Errorf("never closed: %v", open)
			}
			return nil
		case html.StartTagToken:
			name, _ := z.TagName()
			if !void[string(name)] {
				open = append(open, string(name))
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(name) {
				return fmt.Errorf("</%s> closes %v", name, open)
			}
			open = open[:len(open)-1]
		}
	}
}

func htmlPages(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for name, b := range cases(t) {
		if strings.HasSuffix(name, ".html") {
			out[name] = string(b)
		}
	}
	if len(out) < 10 {
		t.Fatalf("only %d pages were drawn", len(out))
	}
	return out
}

func TestPagesAreWellFormed(t *testing.T) {
	if wellFormed("<p><b>x</p></b>") == nil {
		t.Fatal("the check finds nothing")
	}
	for name, page := range htmlPages(t) {
		if err := wellFormed(page); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		root, err := html.Parse(strings.NewReader(page))
		if err != nil {
			t.Fatal(err)
		}
		ids, headings, level := map[string]bool{}, 0, 0
		walk(root, func(n *html.Node) {
			if id := attribute(n, "id"); id != "" && n.Type == html.ElementNode {
				if ids[id] {
					t.Errorf("%s: id %q stands twice", name, id)
				}
				ids[id] = true
			}
			if n.Type != html.ElementNode || len(n.Data) != 2 || n.Data[0] != 'h' || n.Data[1] < '1' || n.Data[1] > '6' {
				return
			}
			next := int(n.Data[1] - '0')
			if next == 1 {
				headings++
			}
			if next > level+1 {
				t.Errorf("%s: <%s> %q follows a heading of level %d", name, n.Data, text(n), level)
			}
			level = next
		})
		if headings != 1 {
			t.Errorf("%s: %d headings of level 1", name, headings)
		}
		walk(root, func(n *html.Node) {
			if of := attribute(n, "aria-labelledby"); of != "" && !ids[of] {
				t.Errorf("%s: labelled by %q, which is not there", name, of)
			}
			if n.Data == "th" && attribute(n, "scope") == "" {
				t.Errorf("%s: <th> %q has no scope", name, text(n))
			}
		})
	}
}

// request are attributes that would fetch something; a link is followed by a
// person, and leads to a page of the same report.
func TestPagesAskForNothing(t *testing.T) {
	links, out := 0, 0
	for name, page := range htmlPages(t) {
		root, err := html.Parse(strings.NewReader(page))
		if err != nil {
			t.Fatal(err)
		}
		scripts := 0
		walk(root, func(n *html.Node) {
			if n.Type != html.ElementNode {
				return
			}
			switch n.Data {
			case "script":
				scripts++
				sum := sha256.Sum256([]byte(n.FirstChild.Data))
				if want := "script-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(page, strings.ReplaceAll(want, "'", "&#39;")) &&
					!strings.Contains(html.UnescapeString(page), want) {
					t.Errorf("%s: the policy does not allow the page's own script", name)
				}
			case "img":
				if !strings.HasPrefix(attribute(n, "src"), "data:image/png;base64,") || attribute(n, "alt") == "" && name != "every/index.html" && !strings.HasPrefix(name, "front/") && !strings.Contains(name, "layla") {
					t.Errorf("%s: <img src=%q>", name, attribute(n, "src"))
				}
			case "iframe", "object", "embed", "form", "link", "base", "image", "video", "audio", "source":
				t.Errorf("%s: <%s>", name, n.Data)
			case "style":
				if n.FirstChild.Data != style {
					t.Errorf("%s: the style is not style.css", name)
				}
			}
			for _, a := range n.Attr {
				switch {
				case strings.HasPrefix(a.Key, "on"), a.Key == "src" && n.Data != "img", a.Key == "srcset", a.Key == "action", a.Key == "background", a.Key == "ping":
					t.Errorf("%s: <%s %s=%q>", name, n.Data, a.Key, a.Val)
				case a.Key == "href" && n.Data == "a":
					links++
					if a.Val == "https://example.org/study" && attribute(n, "rel") == "nofollow noreferrer" {
						out++ // a story names its source; it is asked for where somebody follows it
						break
					}
					if strings.Contains(a.Val, ":") || strings.HasPrefix(a.Val, "/") {
						t.Errorf("%s: a link to %q", name, a.Val)
					}
				case a.Key == "href" && !strings.HasPrefix(a.Val, "#"):
					t.Errorf("%s: <%s href=%q>", name, n.Data, a.Val)
				case a.Key == "style" && strings.Contains(a.Val, "url("):
					t.Errorf("%s: style %q", name, a.Val)
				}
			}
		})
		if scripts != 1 {
			t.Errorf("%s: %d scripts", name, scripts)
		}
	}
	if links == 0 || out != 1 {
		t.Fatalf("%d links were looked at, %d of them to elsewhere", links, out)
	}
	if strings.Contains(style, "url(") || strings.Contains(style, "@import") {
		t.Error("the style fetches something")
	}
}

func TestLinksLeadSomewhere(t *testing.T) {
	pages := htmlPages(t)
	files := all(t, every())
	for name, page := range pages {
		folder, rest, _ := strings.Cut(name, "/")
		if folder != "every" && name != "front/later.html" {
			continue
		}
		root, _ := html.Parse(strings.NewReader(page))
		walk(root, func(n *html.Node) {
			href := attribute(n, "href")
			if strings.HasPrefix(href, "https:") {
				return
			}
			if n.Type != html.ElementNode || n.Data != "a" || strings.HasPrefix(href, "#") {
				return
			}
			to := path.Join(path.Dir(rest), href)
			if folder == "front" {
				to = strings.TrimPrefix(strings.TrimPrefix(to, "versions/000007/report/"), "versions/000006/report/")
			}
			if files[to] == nil {
				t.Errorf("%s: a link to %s, which is not there", name, href)
			}
		})
	}
}

func TestNothingLeaksFromPrograms(t *testing.T) {
	leaks := regexp.MustCompile(`\bNaN\b|\bnull\b|<nil>|%!|\bInf\b|\bundefined\b|ZgotmplZ|no value>|\{\{`)
	if !leaks.MatchString("x NaN") || !leaks.MatchString("a null b") {
		t.Fatal("the check finds nothing")
	}
	for name, b := range cases(t) {
		page := string(b)
		if strings.HasSuffix(name, ".html") {
			root, _ := html.Parse(strings.NewReader(page))
			page = text(root)
			if strings.Contains(string(b), "ZgotmplZ") {
				t.Errorf("%s: a value was refused by the template", name)
			}
		}
		if found := leaks.FindString(page); found != "" {
			t.Errorf("%s shows %q", name, found)
		}
	}
}

// numbers are the texts of all numbers that a report shows.
func numbers(v reflect.Value, f func(report.Number)) {
	if n, ok := v.Interface().(report.Number); ok {
		if !n.Hidden && n.Text != "" {
			f(n)
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() && v.Elem().Kind() == reflect.Struct && v.Elem().Type().PkgPath() == reflect.TypeFor[report.Number]().PkgPath() {
			numbers(v.Elem(), f)
		}
	case reflect.Struct:
		if v.Type().PkgPath() != reflect.TypeFor[report.Number]().PkgPath() {
			return
		}
		for i := range v.NumField() {
			numbers(v.Field(i), f)
		}
	case reflect.Slice:
		for i := range v.Len() {
			numbers(v.Index(i), f)
		}
	}
}

func TestEveryNumberIsOnAPage(t *testing.T) {
	pages, err := HTML(every(), art)
	if err != nil {
		t.Fatal(err)
	}
	var shown strings.Builder
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		root, _ := html.Parse(strings.NewReader(string(pages[name])))
		shown.WriteString(text(root))
	}
	seen := 0
	numbers(reflect.ValueOf(every()), func(n report.Number) {
		seen++
		if !strings.Contains(shown.String(), n.Text) {
			t.Errorf("%q is on no page", n.Text)
		}
	})
	if seen < 90 {
		t.Fatalf("only %d numbers were looked at", seen)
	}
}

func TestHiddenPersonaHasNoNumbers(t *testing.T) {
	pages, err := HTML(every(), art)
	if err != nil {
		t.Fatal(err)
	}
	root, _ := html.Parse(strings.NewReader(string(pages["personas/layla.html"])))
	page := text(root)
	if n := strings.Count(page, fewer); n != 1 {
		t.Errorf("the notice stands %d times", n)
	}
	if strings.Contains(page, "%") || strings.Contains(page, "£") {
		t.Error("there is a number on the page of a hidden persona")
	}
	if !strings.Contains(page, "تعيش ليلى") {
		t.Error("the story is missing")
	}
	root, _ = html.Parse(strings.NewReader(string(pages["personas/bianca.html"])))
	if !strings.Contains(text(root), "%") {
		t.Error("the page of a persona that is shown has no number either: the test proves nothing")
	}
}

func TestNamesThatLeaveTheFolder(t *testing.T) {
	for _, name := range []string{"../x", "", "a/b", ".hidden", "a b"} {
		r := every()
		r.Personas[0].Name = name
		if _, err := HTML(r, art); err == nil {
			t.Errorf("a page was written for the name %q", name)
		}
	}
	r := every()
	r.Personas[1].Name = r.Personas[0].Name
	if _, err := HTML(r, art); err == nil {
		t.Error("two personas of one name were written to one page")
	}
}
