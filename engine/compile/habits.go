package compile

import (
	"strings"

	"personae/engine/diag"
)

// habit is a spelling of another language and what CEL has instead.
type habit struct {
	written string // an operator, or a word in any case
	instead string
	say     string
}

// habits of SQL, JavaScript, Python and spreadsheets. To add one, add a row.
var habits = []habit{
	{"=", "==", "CEL compares with =="},
	{"===", "==", "CEL compares with =="},
	{"!==", "!=", "CEL writes \"not equal\" as !="},
	{"<>", "!=", "CEL writes \"not equal\" as !="},
	{"&", "&&", "CEL writes \"and\" as &&"},
	{"|", "||", "CEL writes \"or\" as ||"},
	{"=>", ">=", "CEL writes \"at least\" as >="},
	{"and", "&&", "CEL writes \"and\" as &&"},
	{"or", "||", "CEL writes \"or\" as ||"},
	{"not", "!", "CEL writes \"not\" as !"},
}

// quotes that word processors make of ' and ".
var smartQuotes = map[string]string{"“": "\"", "”": "\"", "„": "\"", "‘": "'", "’": "'", "‚": "'", "«": "\"", "»": "\""}

// habits reports what another language would write; false where it finds nothing.
func (c *code) habits(diags *diag.List) bool {
	n := len(*diags)
	for i := 0; i < len(c.tokens()); i++ {
		t := c.tokens()[i]
		if with, ok := smartQuotes[t.text]; ok && t.kind == strayToken {
			c.smartQuote(t, with, diags)
			for i+1 < len(c.tokens()) && smartQuotes[c.tokens()[i+1].text] == "" {
				i++ // what stands inside is text, not an expression
			}
			i++
			continue
		}
		if used := c.sqlForm(i, diags); used > 0 {
			i += used - 1
			continue
		}
		for _, h := range habits {
			if (t.is(h.written) || t.isWord(h.written)) && !c.isName(i) {
				c.instead(span{t.start, t.end}, h.instead, h.say, diags)
			}
		}
	}
	return len(*diags) > n
}

// isName says whether the word at token i stands as a field, a function or a
// value, so that it is no operator of another language.
func (c *code) isName(i int) bool {
	if c.tokens()[i].kind != identToken {
		return false
	}
	if i > 0 && (c.tokens()[i-1].is(".") || c.tokens()[i-1].is("?")) {
		return true
	}
	return i+1 == len(c.tokens()) || c.tokens()[i+1].is(".") || c.tokens()[i+1].is(",")
}

func (c *code) instead(s span, with, say string, diags *diag.List) {
	d := diags.Report("cel-syntax", c.at(s), "%s", say)
	d.Detail = "Write " + with + " instead of " + c.slice(s) + "."
	d.Fix = replace(c.at(s), with)
}

func (c *code) smartQuote(t token, with string, diags *diag.List) {
	d := diags.Report("cel-syntax", c.text.Sub(t.start, t.end), "%s is a typographic quote", t.text)
	d.Detail = "A word processor made it. CEL knows the straight quotes ' and \"."
	d.Fix = replace(c.text.Sub(t.start, t.end), with)
	rest := c.value[t.end:]
	for close, straight := range smartQuotes {
		if j := strings.Index(rest, close); j >= 0 && straight == with && !strings.ContainsAny(rest[:j], "'\"\n") && nearest(rest, with) == j {
			s := span{t.start, t.end + j + len(close)}
			d.Range = c.at(s)
			d.Fix = replace(c.at(s), with+rest[:j]+with)
		}
	}
}

// nearest gives where the first typographic quote stands that means the straight one.
func nearest(s, straight string) int {
	best := -1
	for q, with := range smartQuotes {
		if j := strings.Index(s, q); j >= 0 && with == straight && (best < 0 || j < best) {
			best = j
		}
	}
	return best
}

// sqlForm reports a form of SQL that begins at token i and gives its length in tokens.
func (c *code) sqlForm(i int, diags *diag.List) int {
	t := c.tokens()[i]
	word := func(j int, w string) bool { return j < len(c.tokens()) && c.tokens()[j].isWord(w) }
	upTo := func(j int) span { return span{t.start, c.tokens()[j].end} }
	after := i > 0 && endsValue(c.tokens()[i-1])
	switch {
	case t.isWord("is") && word(i+1, "not") && word(i+2, "null"):
		c.instead(upTo(i+2), "!= null", "CEL asks for a value with != null", diags)
		return 3
	case t.isWord("is") && word(i+1, "null"):
		c.instead(upTo(i+1), "== null", "CEL asks for an empty value with == null", diags)
		return 2
	case after && (t.isWord("like") || t.isWord("ilike")) && i+1 < len(c.tokens()) && c.tokens()[i+1].kind == stringToken:
		c.like(i, diags)
		return 2
	case after && t.isWord("between") && word(i+2, "and") && i+3 < len(c.tokens()):
		c.between(i, diags)
		return 4
	case after && t.isWord("not") && word(i+1, "in"):
		s := span{c.chainStart(i), c.tokens()[i+1].end}
		left := c.value[s.start:c.tokens()[i-1].end]
		d := diags.Report("cel-syntax", c.at(upTo(i+1)), "CEL has no \"not in\"")
		d.Detail = "Write !(" + left + " in [...])."
		return 2
	case t.text == "in" && i+1 < len(c.tokens()) && c.tokens()[i+1].is("(") && c.match()[i+1] > 0 && len(c.arguments(i+1)) > 1:
		end := c.tokens()[c.match()[i+1]].end
		s := span{c.tokens()[i+1].start, end}
		c.instead(s, "["+c.value[s.start+1:end-1]+"]", "CEL writes lists in square brackets", diags)
		return c.match()[i+1] - i + 1
	case t.isWord("case") && word(i+1, "when"), t.isWord("if") && !c.isName(i):
		diags.Report("cel-syntax", c.text.Sub(t.start, t.end), "CEL has no %s", t.text).Detail = "Write condition ? value : otherwise."
		return len(c.tokens())
	}
	return 0
}

// like turns x LIKE 'a%' into the function that means the same.
func (c *code) like(i int, diags *diag.List) {
	left := span{c.chainStart(i), c.tokens()[i-1].end}
	s := span{left.start, c.tokens()[i+1].end}
	body := strings.Trim(c.tokens()[i+1].text, "'\"")
	function, word := "matches", ""
	switch inner := strings.Trim(body, "%"); {
	case strings.ContainsAny(inner, "%_"):
	case strings.HasPrefix(body, "%") && strings.HasSuffix(body, "%"):
		function, word = "contains", inner
	case strings.HasSuffix(body, "%"):
		function, word = "startsWith", inner
	case strings.HasPrefix(body, "%"):
		function, word = "endsWith", inner
	}
	d := diags.Report("cel-syntax", c.at(s), "CEL has no LIKE")
	if word == "" {
		d.Detail = "Use contains, startsWith, endsWith, or matches with a regular expression."
		return
	}
	with := c.slice(left) + "." + function + "('" + word + "')"
	d.Detail = "Write " + with + "."
	d.Fix = replace(c.at(s), with)
}

// between turns x BETWEEN a AND b into x.between(a, b).
func (c *code) between(i int, diags *diag.List) {
	end := i + 3
	for end+1 < len(c.tokens()) && (c.tokens()[end+1].is(".") || c.tokens()[end].is(".") || c.tokens()[end+1].is("(")) {
		end++
		if m := c.match()[end]; m > end {
			end = m
		}
	}
	left := span{c.chainStart(i), c.tokens()[i-1].end}
	s := span{left.start, c.tokens()[end].end}
	with := c.slice(left) + ".between(" + c.tokens()[i+1].text + ", " + c.value[c.tokens()[i+3].start:s.end] + ")"
	d := diags.Report("cel-syntax", c.at(s), "CEL writes BETWEEN as a function")
	d.Detail = "Write " + with + ". Both ends are included."
	d.Fix = replace(c.at(s), with)
}
