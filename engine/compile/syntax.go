package compile

import (
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common"

	"personae/engine/celenv"
	"personae/engine/diag"
	"personae/engine/source"
)

// parse reads the text as CEL. Where that fails, the habits of other languages
// are looked for first: they explain more than the place where the parser gave up.
func (c *code) parse(s *scope, diags *diag.List) *cel.Ast {
	parsed, iss := s.parseText(c.value)
	if iss.Err() == nil {
		return parsed
	}
	if len(c.tokens()) == 0 {
		diags.Report("cel-syntax", c.text.Range(), "The expression is empty").Detail = "Write a condition or a value, as in customer.age >= 18."
		return nil
	}
	if c.habits(diags) || c.brackets(diags) {
		return nil
	}
	errs := iss.Errors()
	first := errs[0]
	for _, e := range errs {
		if place(e).before(place(first)) {
			first = e
		}
	}
	if strings.Contains(first.Message, celenv.ReachedForm) {
		c.reachedForm(s, c.tokenAt(c.offset(place(first))), diags)
		return nil
	}
	c.parserError(first, diags)
	return nil
}

type lineColumn struct{ line, column int }

func place(e *common.Error) lineColumn { return lineColumn{e.Location.Line(), e.Location.Column()} }

func (p lineColumn) before(o lineColumn) bool {
	return p.line < o.line || p.line == o.line && p.column < o.column
}

// offset gives the byte at a line and column of CEL's counting.
func (c *code) offset(p lineColumn) int {
	start := 0
	for line := 1; line < p.line; line++ {
		n := strings.IndexByte(c.value[start:], '\n')
		if n < 0 {
			break
		}
		start += n + 1
	}
	for i := range c.value[start:] {
		if p.column <= 0 {
			return start + i
		}
		p.column--
	}
	return len(c.value)
}

// parserError says in our words what CEL's parser found.
func (c *code) parserError(e *common.Error, diags *diag.List) {
	at := c.offset(place(e))
	i := c.tokenAt(at)
	if i < 0 && at < len(c.value) {
		i = c.tokenAfter(at)
	}
	where := span{at, at}
	if i >= 0 {
		where = span{c.tokens()[i].start, c.tokens()[i].end}
	}
	r := c.text.Sub(where.start, where.end)
	switch {
	case strings.Contains(e.Message, "reserved identifier"):
		diags.Report("cel-syntax", r, "%s is a reserved word of CEL", quote(c.slice(where))).Detail = "It cannot be a name here. Rename the column with `from:`."
	case strings.Contains(e.Message, "recursion limit"), strings.Contains(e.Message, "exceeds limit"):
		diags.Report("cel-syntax", c.text.Range(), "The expression is nested too deeply or too long").Detail = "Split it into calculated values and segments of their own."
	case strings.Contains(e.Message, "escape"), strings.Contains(e.Message, "invalid string"), i >= 0 && c.tokens()[i].kind == stringToken && strings.HasPrefix(e.Message, "Syntax error"):
		c.stringError(i, r, e.Message, diags)
	case i < 0:
		c.endsEarly(diags)
	case strings.HasPrefix(e.Message, "Syntax error") && i > 0 && endsValue(c.tokens()[i-1]) && startsValue(c.tokens()[i]):
		left := c.tokens()[i-1]
		diags.Report("cel-syntax", c.text.Sub(left.start, where.end), "An operator is missing between %s and %s", quote(left.text), quote(c.slice(where))).
			Detail = "Join conditions with && or ||, compare with ==, != , <, <=, > or >=."
	case strings.HasPrefix(e.Message, "Syntax error"):
		d := diags.Report("cel-syntax", r, "%s is not expected here", quote(c.slice(where)))
		d.Detail = "A value is expected: a column such as customer.age, a number, or text in quotes."
		if i > 0 && endsValue(c.tokens()[i-1]) {
			d.Detail = "An operator such as && or ==, or the end of the expression, is expected."
		}
	default: // what a macro of ours or of CEL says about its arguments
		if i > 0 && c.tokens()[i].is("(") {
			r = c.text.Sub(c.tokens()[i-1].start, where.end-1) // a call stands where its bracket does
		}
		message := e.Message
		if first, _, _ := strings.Cut(message, " "); !strings.HasSuffix(first, "()") { // names are written as they are
			message = upperFirst(message)
		}
		d := diags.Report("cel-syntax", r, "%s", message)
		d.Detail = "Look at the function's form in the reference of the language."
		for part, advice := range macroAdvice {
			if strings.Contains(e.Message, part) {
				d.Summary, d.Detail = advice[0], advice[1]
			}
		}
	}
}

// macroAdvice says what CEL's macros find wrong, by a part of their messages.
// No message holds two of the parts.
var macroAdvice = map[string][2]string{
	"comes after nothing":     {"The first step comes after nothing, so it has no time limit", "Limit the rows instead, as in rows.within(days(90)).sequence(o, ...)."},
	"sequence() is written":   {"A sequence is made of step(condition), step(condition, days(7)) and never(condition)", "Write rows.sequence(o, step(o.total > 50.0), step(o.total > 90.0, days(7)))."},
	"at least one step":       {"A sequence needs at least one step(condition)", "For rows that never occur write !rows.exists(o, condition)."},
	"must be a simple name":   {"The first argument has to be a name for each element", "Write list.exists(x, x > 5)."},
	"iteration variable":      {"The first argument has to be a name for each element", "Write list.exists(x, x > 5)."},
	"from 0 to 100":           {"The function sample() takes how many of a hundred, from 0 to 100", "Write sample('spring mail', 10.0) for a tenth of them."},
	"needs a text of its own": {"The function sample() needs a text: two samples without one are the same people", "Write a text that no other sample has, as in sample('spring mail', 10.0)."},
	"rows have none":          {"The function sample() chooses rows by their key, and these rows have none", "Name the column that tells rows apart: write `key:` in the dataset."},
	"at least one condition":  {"The function atLeast() needs a number and conditions", "Write atLeast(2, a, b, c), which is true where two of the three are."},
	"invalid argument to has": {"The function has() asks whether a column has a value", "Write has(customer.age)."},
}

func (c *code) tokenAfter(offset int) int {
	for i, t := range c.tokens() {
		if t.start >= offset {
			return i
		}
	}
	return -1
}

func startsValue(t token) bool {
	return t.kind == identToken || t.kind == numberToken || t.kind == stringToken || t.is("(") || t.is("[") || t.is("{")
}

func (c *code) stringError(token int, r source.Range, message string, diags *diag.List) {
	d := diags.Report("cel-syntax", r, "The text has a backslash that CEL does not know")
	message = strings.TrimPrefix(message, "Syntax error: ")
	d.Detail = "In quotes, write \\\\ for one backslash. Patterns are easier with an r before the quote: r'\\d+'."
	if !strings.Contains(message, "escape") && !strings.Contains(message, "\\") {
		d.Summary = "The text cannot be read: " + message
		return
	}
	if token >= 0 && rawMeansIt(c.tokens()[token].text) {
		d.Fix = replace(r, "r"+c.tokens()[token].text)
	}
}

// rawMeansIt says whether a text in quotes means what was meant with an r before
// them: no backslash in it is one that CEL knows.
func rawMeansIt(text string) bool {
	if !strings.HasPrefix(text, "'") && !strings.HasPrefix(text, "\"") {
		return false
	}
	for i := 0; i+1 < len(text); i++ {
		if text[i] != '\\' {
			continue
		}
		if i++; strings.IndexByte("abfnrtvxXuU01234567\"'`?\\", text[i]) >= 0 {
			return false
		}
	}
	return true
}

func (c *code) endsEarly(diags *diag.List) {
	last := c.tokens()[len(c.tokens())-1]
	d := diags.Report("cel-syntax", c.text.Sub(last.start, last.end), "The expression ends where a value should follow")
	d.Detail = "Something is missing after " + quote(last.text) + "."
	if last.is("&&") || last.is("||") {
		d.Detail += " Write the next condition, or delete it."
	}
}

// brackets reports brackets without partner and quotes that are not closed.
func (c *code) brackets(diags *diag.List) bool {
	n := len(*diags)
	for _, t := range c.tokens() {
		if t.kind == openString {
			diags.Report("cel-syntax", c.text.Sub(t.start, t.start+1), "The text that begins here has no closing quote").
				Detail = "Write the same quote at its end. Text over several lines stands in three quotes: '''."
			return true
		}
	}
	for i, t := range c.tokens() {
		if t.kind != opToken || c.match()[i] >= 0 || !strings.Contains("()[]{}", t.text) {
			continue
		}
		r := c.text.Sub(t.start, t.end)
		if closer := closers[t.text]; closer != "" {
			diags.Report("cel-syntax", r, "This %s is never closed", t.text).Detail = "Write the missing " + closer + "."
		} else {
			diags.Report("cel-syntax", r, "This %s closes nothing", t.text).Detail = "Delete it, or write the bracket that opens."
		}
		break
	}
	return len(*diags) > n
}
