package compile

import (
	"strings"

	"personae/engine/diag"
	"personae/engine/source"
)

const (
	holeOpen    = "${"
	holeEscaped = "$${" // stands for the text ${
)

// splitTemplate takes text with ${CEL} holes apart: there is one literal more
// than there are holes. A hole ends at the brace that closes it, not at one in
// a string or a map. ok is false where a hole has no end.
func splitTemplate(t source.Text, diags *diag.List) (literals []string, holes []source.Text, ok bool) {
	s := t.Value()
	var literal strings.Builder
	ok = true
	for i := 0; i < len(s); {
		switch {
		case strings.HasPrefix(s[i:], holeEscaped):
			literal.WriteString(holeOpen)
			i += len(holeEscaped)
		case strings.HasPrefix(s[i:], holeOpen):
			end := holeEnd(s, i+len(holeOpen))
			if end < 0 {
				diags.Report("cel-syntax", t.Sub(i, i+len(holeOpen)), "This ${ is never closed").
					Detail = "Write } behind the expression. For the characters ${ themselves, write $${."
				return append(literals, literal.String()+s[i:]), holes, false
			}
			hole := t.Slice(i+len(holeOpen), end)
			if strings.TrimSpace(hole.Value()) == "" {
				diags.Report("cel-syntax", t.Sub(i, end+1), "There is nothing between the braces").Detail = "Write what is measured, as in ${count()}."
				ok = false
			}
			literals = append(literals, literal.String())
			literal.Reset()
			holes = append(holes, hole)
			i = end + 1
		default:
			literal.WriteByte(s[i])
			i++
		}
	}
	return append(literals, literal.String()), holes, ok
}

// holeEnd gives the offset of the brace that closes a hole whose text begins
// at i, -1 if there is none.
func holeEnd(s string, i int) int {
	depth := 0
	for i < len(s) {
		switch s[i] {
		case ' ', '\t', '\n', '\r':
			i++
			continue
		}
		t := nextToken(s, i)
		switch {
		case t.is("{"):
			depth++
		case t.is("}") && depth == 0:
			return t.start
		case t.is("}"):
			depth--
		}
		i = t.end
	}
	return -1
}
