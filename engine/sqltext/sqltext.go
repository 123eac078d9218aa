// Package sqltext writes names and constants into SQL text.
//
// Input: names and strings that people chose. Output: SQL that means exactly
// them, whatever quotes, semicolons or comment marks they hold. Every SQL text
// of the engine goes through these functions. It must not know tables, types
// or a database.
package sqltext

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Ident quotes a name: a column, table or schema. Quotes inside are doubled.
// NUL ends a text in some of DuckDB's C interfaces, and bytes that are no UTF-8
// are refused by its parser: both become U+FFFD, so that such a name names
// nothing that exists instead of a part of itself.
func Ident(name string) string {
	return `"` + strings.ReplaceAll(printable(name), `"`, `""`) + `"`
}

// Path quotes the parts of a qualified name and joins them with dots.
func Path(parts ...string) string {
	quoted := make([]string, len(parts))
	for i, p := range parts {
		quoted[i] = Ident(p)
	}
	return strings.Join(quoted, ".")
}

// Literal quotes a string constant. Quotes inside are doubled; a backslash
// means itself. NUL is written with chr(0), which DuckDB keeps. Bytes that are
// no UTF-8 cannot be in a SQL string: they become U+FFFD.
func Literal(value string) string {
	if !strings.ContainsRune(value, 0) {
		return quote(value)
	}
	parts := strings.Split(value, "\x00")
	for i, p := range parts {
		parts[i] = quote(p)
	}
	return "(" + strings.Join(parts, " || chr(0) || ") + ")"
}

// Literals quotes string constants and joins them with commas, as in a list.
func Literals(values []string) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = Literal(v)
	}
	return strings.Join(quoted, ", ")
}

// Int writes a whole number. The smallest one has no literal of its own:
// -9223372036854775808 is a minus before a number that is too large.
func Int(n int64) string {
	s := strconv.FormatInt(n, 10)
	if n < 0 {
		return "CAST('" + s + "' AS BIGINT)"
	}
	return s
}

func quote(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	return `'` + strings.ReplaceAll(s, `'`, `''`) + `'`
}

func printable(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}
