package source

import (
	"strconv"
	"unicode/utf8"
)

// escapes are the escapes of one character in a double-quoted scalar, as yaml.v3 knows them.
var escapes = map[byte]string{
	'0': "\x00", 'a': "\a", 'b': "\b", 't': "\t", '\t': "\t", 'n': "\n", 'v': "\v", 'f': "\f", 'r': "\r",
	'e': "\x1B", ' ': " ", '"': `"`, '\'': "'", '\\': `\`, 'N': "\u0085", '_': "\u00A0", 'L': "\u2028", 'P': "\u2029",
}

// escapeDigits says how many hexadecimal digits follow an escape that names a code point.
var escapeDigits = map[byte]int{'x': 2, 'u': 4, 'U': 8}

// quoted scans a single- or double-quoted scalar, from its opening to its closing quote.
func (s *scan) quoted(quote byte) bool {
	if s.pos >= len(s.src) || s.src[s.pos] != quote {
		return false
	}
	s.pos++
	s.contentEnd = s.pos
	for {
		joined, ok := s.quotedWord(quote)
		if !ok || s.pos >= len(s.src) {
			return false
		}
		if s.src[s.pos] == quote {
			s.pos++
			s.end = s.pos
			return s.at == len(s.want)
		}
		if blanks, first, rest := s.space(joined); !s.fold(blanks, first, rest, joined) {
			return false
		}
	}
}

// quotedWord scans up to the next blank, line break or closing quote. joined says that it ended with an escaped
// line break, which is consumed.
func (s *scan) quotedWord(quote byte) (joined, ok bool) {
	for !s.blankOrEnd() {
		from := s.pos
		switch c := s.src[s.pos]; {
		case c == '\'' && quote == '\'' && s.peek(1) == '\'':
			s.pos += 2
			ok = s.emit("'", from, s.pos)
		case c == quote:
			return false, true
		case c == '\\' && quote == '"' && breakAt(s.src, s.pos+1) > 0:
			s.pos += 1 + breakAt(s.src, s.pos+1)
			return true, true
		case c == '\\' && quote == '"':
			ok = s.escape()
		default:
			s.pos++
			ok = s.emit(string(s.src[from:s.pos]), from, s.pos)
		}
		if !ok {
			return false, false
		}
	}
	return false, true
}

// escape decodes one escape sequence of a double-quoted scalar.
func (s *scan) escape() bool {
	from, c := s.pos, s.peek(1)
	s.pos = min(s.pos+2, len(s.src))
	if text, ok := escapes[c]; ok {
		return s.emit(text, from, s.pos)
	}
	digits := escapeDigits[c]
	if digits == 0 || s.pos+digits > len(s.src) {
		return false
	}
	code, err := strconv.ParseUint(string(s.src[s.pos:s.pos+digits]), 16, 32)
	if err != nil || !utf8.ValidRune(rune(code)) {
		return false
	}
	s.pos += digits
	return s.emit(string(rune(code)), from, s.pos)
}

// peek gives the byte n places ahead, 0 after the end.
func (s *scan) peek(n int) byte {
	if s.pos+n < len(s.src) {
		return s.src[s.pos+n]
	}
	return 0
}
