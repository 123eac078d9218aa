package spec

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"personae/engine/diag"
	"personae/engine/source"
)

// maskText stands for a character of a value that was a trap: private use, so that no file has it by accident, and
// one column wide, so that everything after it keeps its place.
const maskText = "\uE000"

// trap is a value that means one thing in CEL and another in YAML.
type trap struct {
	code    string
	at      mark   // of the value
	value   string // what was meant
	summary string
	detail  string
	fix     string // "" where none is safe
	mask    int    // code points to mask from at on; 0: the document cannot be read further
}

// The shapes of a line that can hold a value: `key: value`, `- key: value`, `- value`; inside braces `, key: value`.
var (
	blockValue = regexp.MustCompile(`^([ ]*(?:-[ ]+)*)(?:[A-Za-z_][\w.-]*|"[^"]*"|'[^']*'):[ \t]+`)
	itemValue  = regexp.MustCompile(`^[ ]*(?:-[ ]+)+`)
	flowValue  = regexp.MustCompile(`[{,][ \t]*(?:[A-Za-z_][\w.-]*|"[^"]*"|'[^']*'):[ \t]+`)
	// A block header: |- or >2+ and nothing else.
	blockHeader = regexp.MustCompile(`^[|>][-+0-9]*[ \t]*(#.*)?$`)
	knownEscape = `0abt nvfre"/\N_LPxuU` + "\t"
)

// findTrap looks for a known trap on the line where the parser stopped, then where it began what it was reading.
func findTrap(text []byte, e *syntaxError) (trap, bool) {
	if !e.placed {
		return trap{}, false
	}
	all := lines(text)
	for _, n := range []int{e.at.line, e.begun.line} {
		if n < 0 || n >= len(all) {
			continue
		}
		line := string(all[n])
		if strings.Contains(line, maskText) && !strings.ContainsAny(line, "{[") {
			continue
		}
		if t, ok := tabTrap(line); ok {
			t.at.line = n
			return t, true
		}
		for _, v := range valuesOf(line) {
			t, ok := v.trap()
			if !ok {
				continue
			}
			t.at = mark{n, utf8.RuneCountInString(line[:v.start])}
			t.value = v.text
			if t.fix == "" {
				t.fix = v.quoted()
			}
			t.mask = utf8.RuneCountInString(v.text)
			return t, true
		}
	}
	return trap{}, false
}

// tabTrap finds tabs where a line is indented.
func tabTrap(line string) (trap, bool) {
	blank := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	i := strings.IndexByte(blank, '\t')
	if i < 0 || strings.TrimSpace(line) == "" {
		return trap{}, false
	}
	return trap{
		code: "yaml-tab", at: mark{column: i}, value: blank[i:],
		summary: "The line is indented with a tab",
		detail:  "YAML is indented with spaces. Replace the tab; most editors can do that for the whole file.",
		fix:     strings.ReplaceAll(blank[i:], "\t", "  "),
	}, true
}

// candidate is a value as a person sees it: the rest of the line, or in braces up to the next key.
type candidate struct {
	text   string
	start  int // byte offset in the line
	indent int // of a block that could be written instead
	flow   bool
}

// valuesOf lists the values on a line that could be traps.
func valuesOf(line string) []candidate {
	var out []candidate
	start := -1
	if m := blockValue.FindStringSubmatchIndex(line); m != nil {
		start = m[1]
		out = append(out, cut(line, start, len(line), m[3], false))
	} else if m := itemValue.FindStringIndex(line); m != nil {
		start = m[1]
		out = append(out, cut(line, start, len(line), m[1], false))
	}
	matches := flowValue.FindAllStringIndex(line, -1)
	for i, m := range matches {
		end := len(strings.TrimRight(line, " \t}],"))
		if i+1 < len(matches) {
			end = matches[i+1][0]
		}
		for end > m[1] && end < len(line) && strings.IndexByte("]}", line[end]) >= 0 && opens(line[m[1]:end], line[end]) {
			end++ // it closes what the value opened
		}
		if end > m[1] && line[m[1]] != '{' {
			out = append(out, cut(line, m[1], end, 0, true))
		}
	}
	return out
}

// opens says whether the text has an opening bracket more than it has of the closing one.
func opens(text string, closing byte) bool {
	opening := map[byte]string{']': "[", '}': "{"}[closing]
	return strings.Count(text, opening) > strings.Count(text, string(closing))
}

// cut makes a candidate without the comment and the blanks after it.
func cut(line string, start, end, indent int, flow bool) candidate {
	text := line[start:end]
	for i := 1; i < len(text); i++ {
		if text[i] == '#' && (text[i-1] == ' ' || text[i-1] == '\t') && !openQuote(text[:i]) {
			text = text[:i]
			break
		}
	}
	return candidate{text: strings.TrimRight(text, " \t"), start: start, indent: indent, flow: flow}
}

// openQuote says whether a string literal is open at the end of the text.
func openQuote(s string) bool {
	var quote byte
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0 && c == '\\':
			i++
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		}
	}
	return quote != 0
}

// trap says whether the value is one, by its first character and then by what is inside.
func (v candidate) trap() (trap, bool) {
	s := v.text
	if s == "" || blockHeader.MatchString(s) {
		return trap{}, false
	}
	quotes := func(format string, args ...any) (trap, bool) {
		return trap{code: "yaml-quotes", summary: fmt.Sprintf(format, args...),
			detail: "Put the whole value in quotes, or write it as a block after `|-`."}, true
	}
	switch s[0] {
	case '!':
		return trap{code: "yaml-tag", summary: tagSummary(s), detail: tagDetail}, true
	case '"', '\'':
		end := closing(s)
		if esc := badEscape(s); s[0] == '"' && esc != "" && (end < 0 || end == len(s)-1) {
			inner := strings.ReplaceAll(strings.TrimSuffix(s[1:], `"`), `\"`, `"`)
			return trap{code: "yaml-quotes", summary: "`" + esc + "` is no escape of YAML's double quotes",
				detail: "Use single quotes, in which a backslash is a backslash, or write it as a block after `|-`.",
				fix:    candidate{text: inner, flow: v.flow, indent: v.indent}.single()}, true
		}
		if end >= 0 && end < len(s)-1 && !(v.flow && strings.HasPrefix(strings.TrimSpace(s[end+1:]), ",")) {
			return quotes("The value begins with a quote, so YAML ends it at the next one")
		}
		return trap{}, false
	case '[', '{':
		if end := closing(s); end >= 0 && end < len(s)-1 && !v.flow {
			return quotes("The value begins with a bracket, so YAML reads a list or keys")
		}
		return trap{}, false
	case '`', '@', '%', '*', '&', '|', '>':
		return quotes("A value cannot begin with %s in YAML", s[:1])
	}
	if i := strings.Index(s, ": "); i >= 0 || strings.HasSuffix(s, ":") {
		if strings.Contains(s, "?") {
			return quotes("A colon followed by a space ends the value for YAML, so `a ? b : c` is cut in two")
		}
		return quotes("A colon followed by a space is the end of a key for YAML")
	}
	if strings.ContainsAny(s, "[]{}") && v.flow {
		return quotes("Inside { } a bracket belongs to YAML, not to the expression")
	}
	return trap{}, false
}

// closing finds the quote or bracket that closes the first character, -1 if none does.
func closing(s string) int {
	if s[0] == '"' || s[0] == '\'' {
		for i := 1; i < len(s); i++ {
			switch {
			case s[i] == '\\' && s[0] == '"':
				i++
			case s[i] == s[0] && s[0] == '\'' && i+1 < len(s) && s[i+1] == '\'':
				i++
			case s[i] == s[0]:
				return i
			}
		}
		return -1
	}
	depth := 0
	var quote byte
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// badEscape gives the first escape in double quotes that YAML does not have, with its backslash.
func badEscape(s string) string {
	for i := 1; i+1 < len(s); i++ {
		if s[i] != '\\' {
			continue
		}
		r, _ := utf8.DecodeRuneInString(s[i+1:])
		if !strings.ContainsRune(knownEscape, r) {
			return `\` + string(r)
		}
		i++
	}
	return ""
}

const tagDetail = "Put the expression in quotes, or write it as a block after `|-`."

func tagSummary(text string) string {
	if first := strings.Fields(text); len(first) > 0 && text[0] == '!' {
		return "`" + first[0] + "` is a tag to YAML, so the value would be lost"
	}
	return "A value that starts with ! is a tag to YAML and would be lost"
}

// reportTag reports a tag that YAML accepted.
func reportTag(diags *diag.List, r source.Range, text, fix string) {
	one := diags.Report("yaml-tag", r, "%s", tagSummary(text))
	one.Detail = tagDetail
	if strings.HasPrefix(text, "!!") {
		one.Detail = "Delete the tag: types come from the key, not from YAML."
		return
	}
	one.Fix = &diag.Fix{Range: r, Replacement: fix, Title: "write " + fix}
}

func (p *parser) reportTrap(f *source.File, c chunk, t trap) {
	r := place(f, c, t.at, utf8.RuneCountInString(t.value))
	one := p.diags.Report(t.code, r, "%s", t.summary)
	one.Detail = t.detail
	one.Fix = &diag.Fix{Range: r, Replacement: t.fix}
	switch {
	case t.code == "yaml-tab":
		one.Fix.Title = "write spaces"
	case strings.Contains(t.fix, "\n"):
		one.Fix.Title = "write it as a block after |-"
	default:
		one.Fix.Title = "write " + t.fix
	}
}

// maskLine replaces the trap by characters that YAML reads as one word.
func maskLine(text []byte, t trap) []byte {
	start := 0
	for line := 0; line < t.at.line; line++ {
		start += lineEnd(text[start:])
		start += lineBreak(text[start:])
	}
	for column := 0; column < t.at.column; column++ {
		_, n := utf8.DecodeRune(text[start:])
		start += n
	}
	end, mask := start, strings.Repeat(maskText, t.mask)
	if t.code == "yaml-tab" {
		mask = strings.Repeat(" ", t.mask)
	}
	for range t.mask {
		_, n := utf8.DecodeRune(text[end:])
		end += n
	}
	out := append([]byte(nil), text[:start]...)
	return append(append(out, mask...), text[end:]...)
}

// quoted writes the value so that YAML reads it as it stands.
func (v candidate) quoted() string {
	if !strings.ContainsAny(v.text, `"\`) {
		return `"` + v.text + `"`
	}
	return v.single()
}

// single is quoted for a value with backslashes or double quotes.
func (v candidate) single() string {
	if strings.Contains(v.text, "'") && !v.flow {
		return "|-\n" + strings.Repeat(" ", v.indent+2) + v.text
	}
	return "'" + strings.ReplaceAll(v.text, "'", "''") + "'"
}

// quoteYAML writes a text as one YAML scalar in quotes.
func quoteYAML(text string) string { return candidate{text: text, flow: true}.quoted() }
