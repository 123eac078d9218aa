package compile

import (
	"strings"
	"unicode/utf8"

	"cel.dev/cel-go/common/ast"

	"personae/engine/source"
)

// code is the text of one expression with its tokens: it turns places in
// CEL's terms into ranges of the file. CEL gives an operator or a bracket as
// the place of a node; people want to see the whole of it.
type code struct {
	text  source.Text
	value string
	ascii bool

	scanned  []token // nil until a place is asked for: sound rules need none
	partners []int
}

func newCode(t source.Text) *code {
	c := &code{text: t, value: t.Value(), ascii: true}
	for i := 0; i < len(c.value); i++ {
		if c.value[i] >= utf8.RuneSelf {
			c.ascii = false
			break
		}
	}
	return c
}

// tokens are those of the text, in order. One goroutine at a time works on a code.
func (c *code) tokens() []token {
	if c.scanned == nil {
		c.scanned = tokenize(c.value)
		c.partners = matchBrackets(c.scanned)
	}
	return c.scanned
}

// match gives for each token the index of the bracket's partner; -1 for other
// tokens and for brackets without one.
func (c *code) match() []int {
	c.tokens()
	return c.partners
}

var closers = map[string]string{"(": ")", "[": "]", "{": "}"}

func matchBrackets(tokens []token) []int {
	match := make([]int, len(tokens))
	var open []int
	for i, t := range tokens {
		match[i] = -1
		if t.kind != opToken {
			continue
		}
		switch t.text {
		case "(", "[", "{":
			open = append(open, i)
		case ")", "]", "}":
			if n := len(open); n > 0 && closers[tokens[open[n-1]].text] == t.text {
				match[i], match[open[n-1]] = open[n-1], i
				open = open[:n-1]
			}
		}
	}
	return match
}

// spoken is the text without what only spaces it out.
func (c *code) spoken() string {
	var b strings.Builder
	for _, t := range c.tokens() {
		b.WriteString(t.text + " ")
	}
	return b.String()
}

// byteOffset turns CEL's count of code points into bytes.
func (c *code) byteOffset(runes int) int {
	if c.ascii {
		return min(max(runes, 0), len(c.value))
	}
	for i := range c.value {
		if runes <= 0 {
			return i
		}
		runes--
	}
	return len(c.value)
}

// whole gives all of the expression, without a block's header or comments around it.
func (c *code) whole() span {
	if len(c.tokens()) == 0 {
		return span{}
	}
	return span{c.tokens()[0].start, c.tokens()[len(c.tokens())-1].end}
}

// unparenthesised gives the place of the text without brackets around all of it.
func (c *code) unparenthesised() span {
	first, last := 0, len(c.tokens())-1
	for first < last && c.tokens()[first].is("(") && c.match()[first] == last {
		first, last = first+1, last-1
	}
	return span{c.tokens()[first].start, c.tokens()[last].end}
}

// span is a stretch of the value in bytes.
type span struct{ start, end int }

func (s span) ok() bool { return s.end > s.start }

func (s span) join(o span) span {
	if !s.ok() {
		return o
	}
	if !o.ok() {
		return s
	}
	return span{min(s.start, o.start), max(s.end, o.end)}
}

// at gives the range of a span in the file; of nothing, the whole scalar.
func (c *code) at(s span) source.Range {
	if !s.ok() {
		return c.text.Range()
	}
	return c.text.Sub(s.start, s.end)
}

func (c *code) slice(s span) string {
	if !s.ok() {
		return c.value
	}
	return c.value[s.start:s.end]
}

// tokenAt gives the index of the token that begins at or covers the byte, -1 if none.
func (c *code) tokenAt(offset int) int {
	lo, hi := 0, len(c.tokens())
	for lo < hi {
		mid := (lo + hi) / 2
		if c.tokens()[mid].end <= offset {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(c.tokens()) && c.tokens()[lo].start <= offset {
		return lo
	}
	return -1
}

// extent gives all of a node: CEL's place widened by the tokens around it and
// by the node's operands. Nodes that a macro made have the place of the macro.
func (c *code) extent(a *ast.AST, e ast.Expr) span {
	s := c.nodeSpan(a, e.ID())
	if e.Kind() == ast.CallKind {
		if i := c.tokenIndex(a, e.ID()); i >= 0 && !c.tokens()[i].is("(") {
			call := e.AsCall()
			if call.IsMemberFunction() {
				s = s.join(c.extent(a, call.Target()))
			}
			for _, arg := range call.Args() {
				s = s.join(c.extent(a, arg))
			}
		}
	}
	return c.closeParens(s)
}

// closeParens widens a span to the brackets that it cuts through: in
// (a + b) * c the operand's own places lie inside.
func (c *code) closeParens(s span) span {
	for i, t := range c.tokens() {
		if m := c.match()[i]; m >= 0 && t.start >= s.start && t.end <= s.end {
			s = s.join(span{c.tokens()[m].start, c.tokens()[m].end})
		}
	}
	return s
}

func (c *code) tokenIndex(a *ast.AST, id int64) int {
	r, ok := a.SourceInfo().GetOffsetRange(id)
	if !ok {
		return -1
	}
	return c.tokenAt(c.byteOffset(int(r.Start)))
}

// nodeSpan gives a node by its id, as far as tokens alone tell.
func (c *code) nodeSpan(a *ast.AST, id int64) span {
	i := c.tokenIndex(a, id)
	if i < 0 {
		return span{}
	}
	t := c.tokens()[i]
	switch {
	case t.is("(") || t.is("["):
		end := t.end
		if m := c.match()[i]; m >= 0 {
			end = c.tokens()[m].end
		}
		return span{c.chainStart(i), end}
	case t.is("."):
		j := i + 1
		if j < len(c.tokens()) && c.tokens()[j].is("?") {
			j++
		}
		if j < len(c.tokens()) {
			return span{c.chainStart(i), c.tokens()[j].end}
		}
	case t.is("{") && c.match()[i] >= 0:
		return span{t.start, c.tokens()[c.match()[i]].end}
	case t.is("-") && i+1 < len(c.tokens()) && c.tokens()[i+1].kind == numberToken:
		r, _ := a.SourceInfo().GetOffsetRange(id)
		return span{t.start, max(t.end, c.byteOffset(int(r.Stop)))}
	}
	return span{t.start, t.end}
}

// chainStart walks back from the dot or bracket at token i over a chain of
// names, calls and indexes: from the last dot of a.b(c).d to a.
func (c *code) chainStart(i int) int {
	start := c.tokens()[i].start
	for j := i - 1; j >= 0; {
		t := c.tokens()[j]
		if t.is("?") && j > 0 && c.tokens()[j-1].is(".") {
			j--
			continue
		}
		if t.is(".") {
			j--
			continue
		}
		switch {
		case t.is(")") || t.is("]") || t.is("}"):
			if c.match()[j] < 0 {
				return start
			}
			j = c.match()[j]
			start = c.tokens()[j].start
			if j == 0 || !endsValue(c.tokens()[j-1]) {
				return start
			}
			j--
			continue
		case endsValue(t):
			start = t.start
			if j == 0 || !c.tokens()[j-1].is(".") && !c.tokens()[j-1].is("?") {
				return start
			}
			if c.tokens()[j-1].is("?") && (j < 2 || !c.tokens()[j-2].is(".")) {
				return start
			}
			j--
			continue
		}
		return start
	}
	return start
}

// endsValue says whether a value can end with the token, so that a bracket or
// dot after it belongs to it.
func endsValue(t token) bool {
	switch t.kind {
	case identToken:
		return t.text != "in"
	case numberToken, stringToken:
		return true
	}
	return t.is(")") || t.is("]") || t.is("}")
}

// arguments splits what stands between the bracket at token i and its partner
// at top-level commas.
func (c *code) arguments(i int) []span {
	if i < 0 || c.match()[i] < 0 {
		return nil
	}
	var out []span
	from := c.tokens()[i].end
	for j := i + 1; j < c.match()[i]; j++ {
		if m := c.match()[j]; m > j {
			j = m
			continue
		}
		if c.tokens()[j].is(",") {
			out = append(out, span{from, c.tokens()[j].start})
			from = c.tokens()[j].end
		}
	}
	last := span{from, c.tokens()[c.match()[i]].start}
	if c.match()[i] > i+1 {
		out = append(out, last)
	}
	return out
}
