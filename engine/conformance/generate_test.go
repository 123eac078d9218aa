package conformance

import (
	"sort"
	"strconv"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"

	"personae/engine/catalog"
	"personae/engine/plan"
)

// node is an expression as it was generated: text with %s for its parts.
type node struct {
	kind  catalog.Kind
	text  string
	parts []*node
}

// String writes the expression.
func (n *node) String() string {
	args := make([]string, len(n.parts))
	for i, p := range n.parts {
		args[i] = p.String()
	}
	var b strings.Builder
	next := 0
	for i := 0; i < len(n.text); i++ {
		if n.text[i] == '\x01' {
			b.WriteString(args[next])
			next++
			continue
		}
		b.WriteByte(n.text[i])
	}
	return b.String()
}

func leafNode(k catalog.Kind, text string) *node { return &node{kind: k, text: text} }

// size is how many nodes there are.
func (n *node) size() int {
	total := 1
	for _, p := range n.parts {
		total += p.size()
	}
	return total
}

// production makes an expression of one kind from others. "\x01" stands for a part.
type production struct {
	text  string
	parts []catalog.Kind
}

// inner says that the parts are about the rows of a relation, which are called e.
func (p production) inner() bool { return strings.Contains(p.text, "(e, ") }

// scalarKinds are the types of generated expressions.
var scalarKinds = map[types.Kind]catalog.Kind{types.BoolKind: catalog.Bool, types.IntKind: catalog.Int, types.UintKind: catalog.Uint, types.DoubleKind: catalog.Double,
	types.StringKind: catalog.String, types.BytesKind: catalog.Bytes, types.TimestampKind: catalog.Timestamp, types.DurationKind: catalog.Duration}

// literals are the constants of generated expressions.
var literals = map[catalog.Kind][]string{
	catalog.Bool:      {"true", "false"},
	catalog.Int:       {"0", "1", "-1", "2", "3", "9223372036854775807", "-9223372036854775807", "1000000000", "64"},
	catalog.Uint:      {"0u", "1u", "2u", "3u", "64u", "18446744073709551615u", "9223372036854775808u", "9223372036854775807u"},
	catalog.Double:    {"0.0", "-0.0", "0.5", "1.0", "-2.5", "1e308", "9223372036854775807.0", "3.0", "100.0"},
	catalog.String:    {"''", "'a'", "'A'", `'\u0000'`, "'é'", `'it\'s'`, "'%'", "'10'", "' '", "'日本'"},
	catalog.Bytes:     {"b''", "b'a'", `b'\xff'`, `b'\x00'`},
	catalog.Timestamp: {"now", "date('2024-02-29')", "timestamp('1970-01-01T00:00:00Z')", "timestamp('2024-02-29T12:30:45.123456789Z')", "timestamp('9999-12-31T23:59:59Z')", "timestamp('0001-01-01T00:00:00Z')"},
	catalog.Duration:  {"days(90)", "hours(1)", "duration('0s')", "duration('-1us')", "duration('1.5ms')", "duration('-36h')", "weeks(15000)"},
}

var regexes = []string{"^a", "a.c", "(?i)k", `\\pL+`, "b$", "^$", `\\s`, `[^a-z]`, `x{2,}`, `\\.`, `\\bdas\\b`, "a|é", `^\\d+$`, `(?s)a.c.`, `\\x00`}

var zones = []string{"Europe/London", "Asia/Kolkata", "America/New_York", "-03:30", "+14:00", "UTC"}

// grammar has the productions of each kind: those of every overload that the
// environment has and lowering knows, and forms that are no overloads.
type grammar struct {
	productions map[catalog.Kind][]production
	intoLists   bool                          // what is added now is over lists
	listed      map[catalog.Kind][]production // over lists that are values
	open        map[catalog.Kind][]production // that are holes
}

// newGrammar asks the environment for its overloads: what is added to the
// tables is generated from then on.
func newGrammar(e *engines) *grammar {
	g := &grammar{productions: map[catalog.Kind][]production{}, listed: map[catalog.Kind][]production{}, open: map[catalog.Kind][]production{}}
	functions := e.env.Functions()
	for _, name := range keys(functions) {
		for _, o := range functions[name].OverloadDecls() {
			g.overload(e, name, o.ID(), o.ArgTypes(), o.ResultType(), o.IsMemberFunction())
		}
	}
	g.forms(e)
	g.formats(e)
	g.lists(e)
	g.parts(e)
	if len(e.tables) > 1 {
		g.related(e)
	}
	return g
}

var infix = map[string]string{"_+_": "+", "_-_": "-", "_*_": "*", "_/_": "/", "_%_": "%", "_<_": "<", "_<=_": "<=", "_>_": ">", "_>=_": ">="}

// skipped are written as forms of their own, or are not of expressions.
var skipped = map[string]bool{"_&&_": true, "_||_": true, "!_": true, "_?_:_": true, "_==_": true, "_!=_": true, "@in": true, "atLeast": true, "matches": true, "sample": true, "mentions": true, "@not_strictly_false": true, "dyn": true, "type": true}

func (g *grammar) overload(e *engines, name, id string, args []*cel.Type, result *cel.Type, member bool) {
	kind, ok := scalarKinds[result.Kind()]
	if !ok || skipped[name] || strings.HasPrefix(name, "@") || strings.Contains(id, "_with_tz") {
		return
	}
	p := production{}
	for _, a := range args {
		k, ok := scalarKinds[a.Kind()]
		if !ok {
			return
		}
		p.parts = append(p.parts, k)
	}
	name = strings.ReplaceAll(name, "@", "")
	switch {
	case infix[name] != "":
		p.text = "(\x01 " + infix[name] + " \x01)"
	case name == "-_":
		p.text = "(-\x01)"
	case name == "age" || name == "daysSince":
		p.text, p.parts = name+"(\x01)", p.parts[:1]
	case strings.HasPrefix(name, "_"):
		return
	case member:
		p.text = "\x01." + name + "(" + strings.TrimSuffix(strings.Repeat("\x01, ", len(args)-1), ", ") + ")"
	default:
		p.text = name + "(" + strings.TrimSuffix(strings.Repeat("\x01, ", len(args)), ", ") + ")"
	}
	if strings.HasPrefix(name, "get") && kind == catalog.Int && p.parts[0] == catalog.Timestamp {
		for _, z := range zones[:3] {
			g.add(e, kind, production{text: "\x01." + name + "('" + z + "')", parts: p.parts[:1]})
		}
		if len(p.parts) > 1 {
			return
		}
	}
	g.add(e, kind, p)
}

// add tries a production on columns: it has to check, and is open if a hole is
// all that comes of it.
func (g *grammar) add(e *engines, kind catalog.Kind, p production) {
	checked, issues := e.env.Compile(p.overColumns().String())
	if issues.Err() != nil {
		return
	}
	_, holes := plan.Lower(plan.NewBuilder(nil), plan.Scope{Entity: "row", Table: e.table, Tables: e.tables, Zone: e.zone}, checked)
	if len(holes) > 0 {
		g.open[kind] = append(g.open[kind], p)
		return
	}
	if g.intoLists {
		g.listed[kind] = append(g.listed[kind], p)
		return
	}
	g.productions[kind] = append(g.productions[kind], p)
}

// overColumns is an expression of the production whose parts are columns.
func (p production) overColumns() *node {
	n := &node{text: p.text}
	for i, k := range p.parts {
		part := columnNode(k, i)
		if p.inner() {
			part = part.about("e", func() bool { return true })
		}
		n.parts = append(n.parts, part)
	}
	return n
}

var letters = map[catalog.Kind]string{catalog.Int: "i", catalog.Double: "d", catalog.String: "s", catalog.Bytes: "x", catalog.Timestamp: "t", catalog.Bool: "b"}

// columnNode reads one of the four columns of a kind; durations are differences.
func columnNode(k catalog.Kind, i int) *node {
	if k == catalog.Duration {
		return &node{kind: k, text: "(\x01 - \x01)", parts: []*node{columnNode(catalog.Timestamp, i), columnNode(catalog.Timestamp, i+1)}}
	}
	if k == catalog.Uint {
		return &node{kind: k, text: "uint(\x01)", parts: []*node{columnNode(catalog.Int, i)}}
	}
	l := letters[k]
	return leafNode(k, []string{"row." + l, "row.r" + l, "row." + l + "2", "row.r" + l + "2"}[i&3])
}

// forms are what is no strict overload.
func (g *grammar) forms(e *engines) {
	b, i := catalog.Bool, catalog.Int
	for range 3 { // logic holds rules together: it has more weight
		for _, p := range []production{{"(\x01 && \x01)", []catalog.Kind{b, b}}, {"(\x01 || \x01)", []catalog.Kind{b, b}}, {"!\x01", []catalog.Kind{b}}} {
			g.add(e, b, p)
		}
	}
	g.add(e, b, production{"atLeast(2, \x01, \x01, \x01)", []catalog.Kind{b, b, b}})
	g.add(e, b, production{"atLeast(\x01, \x01, \x01)", []catalog.Kind{i, b, b}})
	g.add(e, b, production{"sample('salt', 30.0)", nil})
	for _, words := range []string{"['das', 'x']", "['berlin', 'a']", "[]"} {
		g.add(e, b, production{"mentions(\x01, " + words + ")", []catalog.Kind{catalog.String}})
	}
	g.add(e, catalog.String, production{"\x01.replace('a', \x01)", []catalog.Kind{catalog.String, catalog.String}})
	g.add(e, b, production{"matches(\x01, '^[a-z]+$')", []catalog.Kind{catalog.String}})
	for _, r := range regexes {
		g.add(e, b, production{"\x01.matches('" + r + "')", []catalog.Kind{catalog.String}})
	}
	for _, kind := range []catalog.Kind{catalog.Bool, catalog.Int, catalog.Uint, catalog.Double, catalog.String, catalog.Bytes, catalog.Timestamp, catalog.Duration} {
		k := []catalog.Kind{kind, kind, kind, kind}
		for _, op := range []string{"==", "!="} {
			g.add(e, b, production{"(\x01 " + op + " \x01)", k[:2]})
			g.add(e, b, production{"(\x01 " + op + " null)", k[:1]})
		}
		lits := literals[kind]
		g.add(e, b, production{"(\x01 in [" + lits[0] + ", " + lits[1] + "])", k[:1]})
		g.add(e, b, production{"(\x01 in [\x01, " + lits[0] + "])", k[:2]})
		g.add(e, b, production{"(\x01 in [])", k[:1]})
		g.add(e, b, production{"[" + lits[0] + ", " + lits[1] + "].exists(v, v == \x01)", k[:1]})
		g.add(e, b, production{"[\x01, \x01].all(v, v == \x01)", k[:3]})
		g.add(e, b, production{"[\x01, \x01].exists(v, v == \x01)", k[:3]})
		g.add(e, b, production{"[\x01, \x01].exists_one(v, v == \x01)", k[:3]})
		g.add(e, b, production{"([\x01, \x01] == [\x01, \x01])", k[:4]})
		g.add(e, kind, production{"[\x01, \x01][\x01]", []catalog.Kind{kind, kind, i}})
		g.add(e, kind, production{"(\x01 ? \x01 : \x01)", []catalog.Kind{b, kind, kind}})
		g.add(e, b, production{"cel.bind(v, \x01, v == \x01 || v == null)", k[:2]})
		g.add(e, kind, production{"{'a': \x01, 'b': \x01}[\x01]", []catalog.Kind{kind, kind, catalog.String}})
		g.add(e, kind, production{"{\x01: \x01, \x01: \x01}[\x01]", []catalog.Kind{i, kind, i, kind, i}})
		g.add(e, kind, production{"{\x01: \x01, 'b': \x01}.b", []catalog.Kind{catalog.String, kind, kind}})
		g.add(e, b, production{"(\x01 in {\x01: \x01, true: \x01})", []catalog.Kind{b, b, kind, kind}})
		for _, other := range []catalog.Kind{i, catalog.Double, catalog.Uint} {
			if kind != i && kind != catalog.Double && kind != catalog.Uint || other == kind {
				continue
			}
			for _, name := range []string{"greatest", "least"} {
				g.add(e, b, production{"(math." + name + "(\x01, \x01) == \x01)", []catalog.Kind{kind, other, kind}})
				g.add(e, b, production{"(math." + name + "([dyn(\x01), dyn(\x01), dyn(\x01)]) > \x01)", []catalog.Kind{kind, other, kind, other}})
				g.add(e, catalog.Double, production{"double(math." + name + "(\x01, \x01))", []catalog.Kind{kind, other}})
			}
		}
		if kind == i || kind == catalog.Double {
			for _, name := range []string{"greatest", "least"} {
				g.add(e, kind, production{"math." + name + "(\x01, \x01)", k[:2]})
				g.add(e, kind, production{"math." + name + "(\x01, \x01, \x01)", k[:3]})
				g.add(e, kind, production{"math." + name + "(\x01)", k[:1]})
			}
		}
		if letters[kind] == "" {
			continue
		}
		for _, column := range []string{letters[kind], letters[kind] + "2", "r" + letters[kind]} {
			g.add(e, b, production{"has(row." + column + ")", nil})
			g.add(e, b, production{"row.?" + column + ".hasValue()", nil})
			g.add(e, kind, production{"row.?" + column + ".orValue(\x01)", k[:1]})
			g.add(e, kind, production{"row.?" + column + ".value()", nil})
		}
	}
}

// chooser decides: a random number, or the bytes of a fuzzer.
type chooser interface{ IntN(n int) int }

// make generates an expression of a kind.
func (g *grammar) make(c chooser, k catalog.Kind, depth int) *node {
	leaf := c.IntN(10)
	if depth == 0 || leaf < 1 && depth < 4 {
		if leaf < 7 {
			if k == catalog.Duration && depth == 0 {
				return leafNode(k, []string{"(row.t - row.t2)", "(row.rt - row.rt2)", "days(row.i)", "(now - row.t)"}[c.IntN(4)])
			}
			return columnNode(k, c.IntN(4))
		}
		return leafNode(k, literals[k][c.IntN(len(literals[k]))])
	}
	from := g.productions[k]
	if len(g.open[k]) > 0 && c.IntN(60) == 0 {
		from = g.open[k]
	}
	if len(g.listed[k]) > 0 && c.IntN(6) == 0 {
		from = g.listed[k]
	}
	if len(from) == 0 {
		return columnNode(k, c.IntN(4))
	}
	p := from[c.IntN(len(from))]
	n := &node{kind: k, text: p.text}
	element, inside := p.loops()
	for i, part := range p.parts {
		made := g.make(c, part, depth-1-c.IntN(2)*min(1, depth-1))
		if inside[i] {
			made = made.ofElement(element, func() bool { return c.IntN(3) > 0 })
		}
		if p.inner() {
			made = made.about("e", func() bool { return c.IntN(4) > 0 })
		}
		n.parts = append(n.parts, made)
	}
	return n
}

// about turns an expression about the row into one about a related row, in some
// of its parts.
func (n *node) about(name string, turned func() bool) *node {
	out := &node{kind: n.kind, text: n.text}
	if strings.Contains(n.text, "row.") && !strings.Contains(n.text, "row.events") && turned() {
		out.text = strings.ReplaceAll(n.text, "row.", name+".")
	}
	for _, p := range n.parts {
		out.parts = append(out.parts, p.about(name, turned))
	}
	return out
}

// swapped turns the operands of a symmetric operator, and of comparisons.
func (n *node) swapped() *node {
	out := &node{kind: n.kind, text: n.text}
	for _, p := range n.parts {
		out.parts = append(out.parts, p.swapped())
	}
	if len(out.parts) != 2 {
		return out
	}
	for from, to := range map[string]string{"&&": "&&", "||": "||", "==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="} {
		if n.text == "(\x01 "+from+" \x01)" {
			out.text = "(\x01 " + to + " \x01)"
			out.parts[0], out.parts[1] = out.parts[1], out.parts[0]
			return out
		}
	}
	return out
}

// smaller lists expressions that are simpler than n, simplest first.
func (n *node) smaller() []*node {
	var out []*node
	if len(n.parts) > 0 {
		if n.kind != catalog.Duration || n.size() > 3 {
			for i := range 2 {
				out = append(out, columnNode(n.kind, i))
			}
		}
		out = append(out, leafNode(n.kind, literals[n.kind][0]))
	}
	n.each(func(d *node) {
		if d != n && d.kind == n.kind && d.size() < n.size() {
			out = append(out, d)
		}
	})
	for i, p := range n.parts {
		for _, s := range p.smaller() {
			c := &node{kind: n.kind, text: n.text, parts: append([]*node(nil), n.parts...)}
			c.parts[i] = s
			out = append(out, c)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].size() < out[j].size() })
	return out
}

func (n *node) each(f func(*node)) {
	f(n)
	for _, p := range n.parts {
		p.each(f)
	}
}

// count of productions, for the log.
func (g *grammar) String() string {
	n, open := 0, 0
	for _, p := range g.productions {
		n += len(p)
	}
	for _, p := range g.open {
		open += len(p)
	}
	return strconv.Itoa(n) + " productions, " + strconv.Itoa(open) + " more with holes"
}
