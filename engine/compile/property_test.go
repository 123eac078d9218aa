package compile

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"cel.dev/cel-go/common"
	"cel.dev/cel-go/common/debug"
	"github.com/rogpeppe/go-internal/txtar"

	"personae/engine/source"
	"personae/engine/spec"
)

const basis = `kind: Parameters
values: {big: 500.0, days: 30}
---
kind: Traits
traits:
  spent: {value: "customer.?spend.orValue(0.0)", unit: GBP}
  more: {value: "customer.spent * 2.0"}
---
kind: Segment
name: big
title: Big spenders
when: customer.more > params.big && segment.often
---
kind: Segment
name: often
when: customer.visits > params.days
---
kind: Segmentation
name: tier
segments:
  - {name: gold, when: segment.big}
  - {name: silver, when: segment.often}
otherwise: rest
---
kind: Persona
name: ann
who: segmentation.tier == 'gold'
story: |-
  Spends ${median(customer.spent)}, ${share(customer.visits > 3)} of ${count()}.
sections:
  behaviour:
    - {say: Comes often, holds: "share(customer.visits > 3) > 0.4"}
    - {say: Comes rarely, holds: "(0.4 >= share( customer.visits>3 ))"}
    - {say: Both, holds: "share(customer.visits > 3) > 0.4 && count() > 10"}
    - {say: Far, holds: "percentile(customer.spent, 90) > params.big"}
`

func compiled(t testing.TB, files ...string) *RuleSet {
	t.Helper()
	rs, found := Compile(project(t, files...), parseCatalog(t, shop), Options{Today: today})
	if found.HasErrors() {
		t.Fatal(describe(found))
	}
	return rs
}

func digests(rs *RuleSet) string {
	var b strings.Builder
	fmt.Fprintln(&b, rs.Digest)
	for _, e := range rs.Entities {
		for _, r := range e.Rules {
			fmt.Fprintln(&b, r.Kind, r.Name, r.Digest)
		}
	}
	for _, p := range rs.Personas {
		fmt.Fprintln(&b, p.Name, p.Digest)
	}
	return b.String()
}

// TestDigestsAreOfMeaning writes the same rules in other ways, which changes
// no digest, and other rules, which changes the right ones.
func TestDigestsAreOfMeaning(t *testing.T) {
	want := digests(compiled(t, "rules/a.yaml", basis))
	docs := strings.Split(basis, "---\n")
	reversed := ""
	for i := len(docs) - 1; i >= 0; i-- {
		reversed += "---\n" + docs[i]
	}
	same := map[string][]string{
		"order of documents": {"rules/a.yaml", strings.TrimPrefix(reversed, "---\n")},
		"split of files":     {"rules/b.yaml", docs[0] + "---\n" + docs[1], "rules/a.yaml", strings.Join(docs[2:], "---\n")},
		"a comment":          {"rules/a.yaml", strings.Replace(basis, "kind: Segment\n", "kind: Segment # a comment\n", 1)},
		"order of keys":      {"rules/a.yaml", strings.Replace(basis, "name: big\ntitle: Big spenders\n", "title: Big spenders\nname: big\n", 1)},
		"order of traits": {"rules/a.yaml", strings.Replace(basis, docs[1], `kind: Traits
traits:
  more: {value: "customer.spent * 2.0"}
  spent: {unit: GBP, value: "customer.?spend.orValue(0.0)"}
`, 1)},
		"traits in two documents": {"rules/a.yaml", strings.Replace(basis, docs[1], `kind: Traits
traits:
  more: {value: "customer.spent * 2.0"}
---
kind: Traits
traits:
  spent: {value: "customer.?spend.orValue(0.0)", unit: GBP}
`, 1)},
		"whitespace and CEL comments": {"rules/a.yaml", strings.Replace(basis, "when: customer.more > params.big && segment.often",
			"when: |-\n  customer.more>params.big // of money\n    && segment.often", 1)},
		"quotes": {"rules/a.yaml", strings.Replace(basis, "who: segmentation.tier == 'gold'", `who: "segmentation.tier == 'gold'"`, 1)},
	}
	for name, files := range same {
		if files[1] == basis {
			t.Errorf("%s: the case changes nothing", name)
		}
		if got := digests(compiled(t, files...)); got != want {
			t.Errorf("%s changes digests:\n%s\n%s", name, want, got)
		}
	}
	changes := func(name, from, to string, changed, kept []string) {
		t.Helper()
		if !strings.Contains(basis, from) {
			t.Fatalf("%s: the case changes nothing", name)
		}
		got := digests(compiled(t, "rules/a.yaml", strings.Replace(basis, from, to, 1)))
		for _, line := range strings.Split(strings.TrimSpace(want), "\n") {
			label := line[:strings.LastIndex(" "+line, " ")]
			isIn := strings.Contains(got, line)
			for _, c := range changed {
				if strings.HasPrefix(label, c) && isIn {
					t.Errorf("%s: the digest of %s does not change", name, c)
				}
			}
			for _, c := range kept {
				if strings.HasPrefix(label, c) && !isIn {
					t.Errorf("%s: the digest of %s changes", name, c)
				}
			}
		}
		if strings.HasPrefix(got, strings.SplitN(want, "\n", 2)[0]) {
			t.Errorf("%s: the digest of all rules does not change", name)
		}
	}
	changes("a parameter's value", "big: 500.0", "big: 501.0", []string{"segment big", "segmentation tier", "ann"}, []string{"segment often", "trait spent", "trait more"})
	changes("a trait below", "orValue(0.0)", "orValue(1.0)", []string{"trait spent", "trait more", "segment big", "segmentation tier", "ann"}, []string{"segment often"})
	changes("a title", "Big spenders", "Great spenders", nil, []string{"segment big", "segmentation tier", "trait", "ann"})
	changes("a persona's prose", "Comes often", "Is there often", []string{"ann"}, []string{"segment", "trait"})
	changes("a statistic", "share(customer.visits > 3) > 0.4\"", "share(customer.visits > 4) > 0.4\"", []string{"ann"}, []string{"segment", "trait"})
}

// TestOrder wants each rule behind all that it refers to, whatever the order
// of the files, with the same order each time.
func TestOrder(t *testing.T) {
	names := func(rs *RuleSet) string {
		var out []string
		for _, r := range rs.Entities[0].Rules {
			out = append(out, string(r.Kind)+" "+r.Name)
		}
		return strings.Join(out, ", ")
	}
	want := "trait spent, segment often, trait more, segment big, segmentation tier"
	for range 5 {
		if got := names(compiled(t, "rules/a.yaml", basis)); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// TestPersonaIsTakenApart looks at statistics, formulas and comparisons.
func TestPersonaIsTakenApart(t *testing.T) {
	rs := compiled(t, "rules/a.yaml", basis)
	p := rs.Personas[0]
	var stats []string
	for _, s := range p.Statistics {
		stats = append(stats, s.ID+" "+s.Text)
	}
	if got, want := strings.Join(stats, "; "), "stat_0 median(customer.spent); stat_1 share(customer.visits > 3); stat_2 count(); stat_3 percentile(customer.spent, 90)"; got != want {
		t.Errorf("statistics: got %s, want %s", got, want)
	}
	story := p.Templates[p.Spec.Story.Range()]
	if got := strings.Join(story.Literals, "|"); got != "Spends |, | of |." {
		t.Errorf("literals: %s", got)
	}
	var units []string
	for _, h := range story.Holes {
		units = append(units, h.Unit+" "+h.Type.String())
	}
	if got, want := strings.Join(units, "; "), "GBP double?; share double?;  int"; got != want {
		t.Errorf("units: got %s, want %s", got, want)
	}
	wants := []string{"stat_1 > 0.4 ", "stat_1 <= 0.4 ", "", "stat_3 > params.big GBP"}
	for i, s := range p.Spec.Sections[0].Value {
		claim, got := p.Claims[s.Holds.Range()], ""
		if c := claim.Comparison; c != nil {
			got = strings.Join(c.Left.Stats, ",") + " " + c.Operator + " " + strings.TrimSpace(c.Right.Text.Value()) + " " + strings.TrimSpace(c.Left.Unit)
			got = strings.Replace(got, " share", " ", 1)
			if len(c.Right.Stats) != 0 {
				t.Errorf("claim %d: what is needed reads %v", i, c.Right.Stats)
			}
		}
		if got != wants[i] {
			t.Errorf("claim %d: got %q, want %q", i, got, wants[i])
		}
	}
	if s := p.Statistics[1]; s.Arg.AST == nil || !s.Arg.AST.IsChecked() || s.Arg.Text.Value() != "customer.visits > 3" {
		t.Errorf("the argument of %s is %q", s.Text, s.Arg.Text.Value())
	}
}

// fragments are what random expressions are made of.
var fragments = []string{"customer.age", "customer.", "customer.?city", "segment.s", "segmentation.g", "params.p", "&&", "||", "!", "==", "=", "(", ")", "[", "]", "{", "}",
	"'a'", "'", "\"", "1", "2.5", "null", "in", "?", ":", ",", "has(", ".exists(x, ", "age(", "mode(", "count()", "share(", "top(", "like", "between", "and", "is null", "“", "ä", "\n", "//", "\\", "`", "-", ".size()", "date('2026-01-01')", "now"}

func FuzzCompile(f *testing.F) {
	f.Add("customer.age > 3", "${median(customer.age)}", "share(customer.member) > 0.4")
	f.Add("customer.age between 1 and", "${", "$${${count()}}")
	f.Add("“", "${'}'}", "((share(customer.member)) > (0.4))")
	f.Add("x like 'a'", "${top(customer.city,1)[0].value}", ".5 == -1")
	for i, a := range fragments {
		b := fragments[(i*7+3)%len(fragments)]
		f.Add(a+" "+b, "${"+a+b+"}", b+a+" > "+a)
	}
	cat, scope := parseCatalog(f, shop), shopScope(f)
	f.Fuzz(func(t *testing.T, when, story, holds string) {
		text := func(s string) source.Text {
			return source.Plain(s, source.Range{File: "f.yaml", Start: source.Pos{Line: 1, Column: 1}})
		}
		m := &spec.Module{Project: &spec.Project{}}
		seg := &spec.Segment{When: spec.Expr{Text: text(when)}}
		seg.Name = text("s")
		group := &spec.Segmentation{Otherwise: text("rest"), Segments: []*spec.Rung{{Name: text("a"), When: spec.Expr{Text: text(when)}}}}
		group.Name = text("g")
		p := &spec.Persona{Who: spec.Expr{Text: text("true")}, Story: spec.Template{Text: text(story)}, Goals: []*spec.Goal{{Holds: spec.Expr{Text: text(holds)}}}}
		p.Name = text("p")
		m.Segments, m.Segmentations, m.Personas = []*spec.Segment{seg}, []*spec.Segmentation{group}, []*spec.Persona{p}
		for _, s := range []string{when, story, holds} {
			sameTree(t, scope, s)
			sameVerdict(t, scope, s)
			sameVerdict(t, scope, s) // known now
		}
		_, found := Compile(m, cat, Options{Today: today})
		again, second := Compile(m, cat, Options{Today: today})
		if describe(found) != describe(second) || again == nil {
			t.Errorf("two runs differ:\n%s\n%s", describe(found), describe(second))
		}
		for _, d := range found {
			if d.Code == "internal" {
				t.Errorf("%v", d)
			}
		}
	})
}

// sameTree says whether both parsers of cel-go read a text as the same tree.
func sameTree(t testing.TB, s *scope, text string) (parsed bool) {
	t.Helper()
	quick, errs := s.parser.Parse(common.NewTextSource(text))
	slow, iss := s.env.Parse(text)
	if len(errs.GetErrors()) > 0 {
		return false // then the environment's own parser decides
	}
	if iss.Err() != nil {
		t.Errorf("%q: only the quick parser reads it; the other says %v", text, iss.Err())
		return true
	}
	if a, b := debug.ToDebugString(quick.Expr()), debug.ToDebugString(slow.NativeRep().Expr()); a != b {
		t.Errorf("%q: the parsers differ", text)
	}
	return true
}

func shopScope(t testing.TB) *scope {
	t.Helper()
	cat := parseCatalog(t, shop)
	s := newScope(cat.Entity("customer"), cat.Tables, Settings{Zone: time.UTC}, nil)
	if err := s.open(); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestParsersAgree compares the parsers over every expression of the cases.
func TestParsersAgree(t *testing.T) {
	s := shopScope(t)
	names, _ := filepath.Glob(cases + "/*.txtar")
	good, bad := 0, 0
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		m, _, _ := readCase(t, archive)
		for _, seg := range m.Segments {
			if sameTree(t, s, seg.When.Value()) {
				good++
			} else {
				bad++
			}
		}
	}
	for _, text := range []string{"a.b.exists(x, x > -1 && !!x)", "has(a.b) ? [1, 2u, ?c] : {'k': 1.5, ?'l': d}", "cel.bind(x, 1, x + 2)", "a.?b[?0].orValue(-3)", "`a b`", "r'\\d' + b'x' + \"\\u00e4\"", "age(customer.joined) in [1]", "((a)) + (b * (c - 2))"} {
		if !sameTree(t, s, text) {
			bad++
		}
	}
	if good < 50 || bad == 0 {
		t.Errorf("%d texts parse and %d do not: there must be both", good, bad)
	}
}

// TestTokens wants every byte in exactly one token or between two.
func TestTokens(t *testing.T) {
	for _, s := range append([]string{"a.b(c)['d'] >= 1.5e3 // x\n && r'\\d'", "'''a\nb''' + b\"x\" .5 0x1F 12u", "'open", "`a b`.c"}, fragments...) {
		at := 0
		for _, tok := range tokenize(s) {
			if tok.start < at || tok.end <= tok.start || tok.end > len(s) || s[tok.start:tok.end] != tok.text {
				t.Fatalf("%q: bad token %+v", s, tok)
			}
			if gap := strings.TrimSpace(s[at:tok.start]); gap != "" && !strings.HasPrefix(gap, "//") {
				t.Errorf("%q: %q is in no token", s, gap)
			}
			at = tok.end
		}
	}
}

func manyRules(n int) string {
	var b strings.Builder
	b.WriteString("kind: Traits\ntraits:\n")
	for i := range 50 {
		fmt.Fprintf(&b, "  t%d: {value: \"customer.?spend.orValue(0.0) * %d.0\"}\n", i, i)
	}
	for i := range n {
		fmt.Fprintf(&b, "---\nkind: Segment\nname: s%d\nwhen: |-\n  customer.t%d > %d.0\n  && customer.visits >= %d\n  && customer.city in ['a%d', 'b', 'c']\n  && daysSince(customer.joined) < %d\n  && has(customer.age) && customer.age > %d\n",
			i, i%50, i, i%100, i, i+1, i%80)
		if i > 0 {
			fmt.Fprintf(&b, "  && !segment.s%d\n", i-1)
		}
	}
	return b.String()
}

// BenchmarkCompile checks 1,000 rules of six or seven clauses.
func BenchmarkCompile(b *testing.B) {
	m, cat := project(b, "rules/a.yaml", manyRules(1000)), parseCatalog(b, shop)
	b.ReportAllocs()
	var kept *RuleSet
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	defer func() {
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6, "live-MB")
		runtime.KeepAlive(kept)
	}()
	for b.Loop() {
		rs, found := Compile(m, cat, Options{})
		if len(found) > 0 || len(rs.Entities[0].Rules) != 1050 {
			b.Fatal(len(rs.Entities[0].Rules), describe(found))
		}
		kept = rs
	}
}
