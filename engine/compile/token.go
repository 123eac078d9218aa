package compile

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// tokenKind says what a token of CEL text is.
type tokenKind uint8

const (
	identToken tokenKind = iota
	numberToken
	stringToken
	opToken
	openString // a string without its closing quote
	strayToken // a character that CEL does not know
)

// token is a piece of CEL text by byte offsets. CEL's own lexer is not
// exported, and stops where the text is wrong; this one goes on, because what
// is wrong is what people need to be told.
type token struct {
	kind       tokenKind
	start, end int
	text       string
}

func (t token) is(text string) bool { return t.kind == opToken && t.text == text }

// isWord compares without case: SQL's words come in both.
func (t token) isWord(word string) bool {
	return t.kind == identToken && strings.EqualFold(t.text, word)
}

// operatorTokens, longest first within a first character. Those that CEL does not
// have are here too, so that they are one token with one fix.
var operatorTokens = []string{
	"!==", "===", "!=", "==", "<=", ">=", "<>", "&&", "||", "=>",
	"!", "<", ">", "=", "&", "|", "+", "-", "*", "/", "%", "?", ":", ".", ",", "(", ")", "[", "]", "{", "}",
}

// tokenize splits CEL text. Whitespace and comments are left out; every other
// byte is in exactly one token.
func tokenize(s string) []token {
	out := make([]token, 0, len(s)/4+1)
	eachToken(s, func(t token) { out = append(out, t) })
	return out
}

func eachToken(s string, use func(token)) {
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f':
			i++
			continue
		case strings.HasPrefix(s[i:], "//"):
			if n := strings.IndexByte(s[i:], '\n'); n >= 0 {
				i += n
			} else {
				i = len(s)
			}
			continue
		}
		t := nextToken(s, i)
		use(t)
		i = t.end
	}
}

func nextToken(s string, i int) token {
	if n, closed := stringAt(s, i); n > 0 {
		kind := stringToken
		if !closed {
			kind = openString
		}
		return token{kind, i, i + n, s[i : i+n]}
	}
	if n := identAt(s[i:]); n > 0 {
		return token{identToken, i, i + n, s[i : i+n]}
	}
	if n := numberAt(s[i:]); n > 0 {
		return token{numberToken, i, i + n, s[i : i+n]}
	}
	for _, op := range operatorTokens {
		if strings.HasPrefix(s[i:], op) {
			return token{opToken, i, i + len(op), op}
		}
	}
	_, n := utf8.DecodeRuneInString(s[i:])
	return token{strayToken, i, i + n, s[i : i+n]}
}

func identAt(s string) int {
	if s[0] == '`' {
		if n := strings.IndexByte(s[1:], '`'); n >= 0 && !strings.Contains(s[1:1+n], "\n") {
			return n + 2
		}
		return 0
	}
	n := 0
	for n < len(s) && (s[n] == '_' || s[n] < utf8.RuneSelf && unicode.IsLetter(rune(s[n])) || n > 0 && isDigit(s[n])) {
		n++
	}
	return n
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func numberAt(s string) int {
	n := 0
	if !isDigit(s[0]) && (s[0] != '.' || len(s) < 2 || !isDigit(s[1])) {
		return 0
	}
	if strings.HasPrefix(s, "0x") || strings.HasPrefix(s, "0X") {
		n = 2
		for n < len(s) && (isDigit(s[n]) || strings.IndexByte("abcdefABCDEF", s[n]) >= 0) {
			n++
		}
	} else {
		n = digits(s, 0)
		if n+1 < len(s) && s[n] == '.' && isDigit(s[n+1]) {
			n = digits(s, n+1)
		}
		if m := n + 1; m < len(s) && (s[n] == 'e' || s[n] == 'E') {
			if s[m] == '+' || s[m] == '-' {
				m++
			}
			if m < len(s) && isDigit(s[m]) {
				n = digits(s, m)
			}
		}
	}
	if n < len(s) && (s[n] == 'u' || s[n] == 'U') {
		n++
	}
	return n
}

func digits(s string, i int) int {
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	return i
}

// stringAt gives the length of the string literal at i, prefix and quotes
// included, 0 if there is none, and whether it is closed.
func stringAt(s string, i int) (n int, closed bool) {
	p, raw := i, false
	for p < len(s) && p < i+2 && strings.IndexByte("rRbB", s[p]) >= 0 {
		raw = raw || s[p] == 'r' || s[p] == 'R'
		p++
	}
	if p >= len(s) || s[p] != '\'' && s[p] != '"' {
		return 0, false
	}
	quote := s[p : p+1]
	if strings.HasPrefix(s[p:], strings.Repeat(quote, 3)) {
		quote = strings.Repeat(quote, 3)
	}
	for p += len(quote); p < len(s); p++ {
		switch {
		case strings.HasPrefix(s[p:], quote):
			return p + len(quote) - i, true
		case s[p] == '\\' && !raw:
			p++
		case s[p] == '\n' && len(quote) == 1:
			return p - i, false
		}
	}
	return min(p, len(s)) - i, false
}
