package diag

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean makes text from files and data safe for one line of a terminal or log: control characters, escape sequences,
// bidirectional overrides, invisible marks and bytes that are no UTF-8 are written as visible escapes, line breaks
// and tabs as \n, \r, \t.
func clean(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		b.WriteString(visible(r, s[i:i+n]))
		i += n
	}
	return b.String()
}

// cleanLines is clean for text of several lines, which stay lines.
func cleanLines(s string) []string {
	lines := strings.Split(strings.TrimRight(strings.ReplaceAll(s, "\r\n", "\n"), "\n"), "\n")
	for i, l := range lines {
		lines[i] = clean(strings.ReplaceAll(l, "\t", "    "))
	}
	return lines
}

// visible gives what is printed for one code point, decoded from raw.
func visible(r rune, raw string) string {
	switch {
	case r == utf8.RuneError && len(raw) == 1:
		return fmt.Sprintf(`\x%02x`, raw[0])
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r == '\t':
		return `\t`
	case r == '\u200C' || r == '\u200D':
		return raw // joiners: emoji of families and some scripts need them
	case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp):
		if r < 0x100 {
			return fmt.Sprintf(`\x%02x`, r)
		}
		return fmt.Sprintf(`\u%04x`, r)
	}
	return raw
}
