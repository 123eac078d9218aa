package spec

import (
	"slices"
	"strings"

	"personae/engine/source"
)

// explanation is one thing that yaml.v3 complains about, in our words. Rows are tried in order.
type explanation struct {
	problem, context string // parts of the library's words
	begun            bool   // the place is where the parser began, not where it noticed
	code             string
	summary, detail  string
}

const quoteDetail = "Text with : # { [ or quotes in it needs quotes around all of it, or a block after `|-`."

var explanations = []explanation{
	{"exceeded max depth", "", false, "yaml-too-deep", "This is nested too deeply", "Nothing in a project needs this many levels."},
	{"unknown anchor", "", false, "yaml-alias", "A YAML alias (*) is used, which is not allowed", "Write the value out. An expression that starts with * needs quotes."},
	{"", "scanning an alias", true, "yaml-alias", "A value cannot begin with * in YAML", "Put the whole value in quotes, or write it as a block after `|-`."},
	{"", "scanning an anchor", true, "yaml-alias", "A value cannot begin with & in YAML", "Put the whole value in quotes, or write it as a block after `|-`."},
	{"", "scanning a tag", true, "yaml-tag", "A value that starts with ! is a tag to YAML", tagDetail},
	{"undefined tag handle", "", true, "yaml-tag", "A value that starts with ! is a tag to YAML", tagDetail},
	{"unknown escape", "", false, "yaml-quotes", "This is no escape of YAML's double quotes", "Use single quotes, in which a backslash is a backslash, or write it as a block after `|-`."},
	{"hexdecimal", "", false, "yaml-syntax", "A \\x, \\u or \\U is not followed by enough hexadecimal digits", "Write 2, 4 or 8 digits, or use single quotes, in which a backslash is a backslash."},
	{"Unicode character escape", "", false, "yaml-syntax", "This escape stands for no character", "Use the code of a character, or write the character itself."},
	{"unexpected end of stream", "quoted scalar", true, "yaml-syntax", "A quote is opened here and never closed", "Close the quote."},
	{"document indicator", "quoted scalar", true, "yaml-syntax", "A quote is opened here and not closed before the document ends", "Close the quote."},
	{"',' or ']'", "", false, "yaml-syntax", "A list in brackets is not closed, or a comma is missing", "A list in brackets is [a, b]. " + quoteDetail},
	{"',' or '}'", "", false, "yaml-syntax", "Keys in braces are not closed, or a comma is missing", "Keys in braces are {a: 1, b: 2}. " + quoteDetail},
	{"expected '-' indicator", "", false, "yaml-syntax", "A list goes on with - at the same place, and this line does not", "Indent it like the other items, or further if it belongs to the item above."},
	{"could not find expected ':'", "", true, "yaml-syntax", "A key has no colon after it", "Write `key: value`. If the line belongs to the text above, indent it further."},
	{"mapping values are not allowed", "", false, "yaml-syntax", "A colon is not expected here", quoteDetail + " If this is a key, check its indentation."},
	{"mapping keys are not allowed", "", false, "yaml-syntax", "A ? at the beginning is a key to YAML", "If it belongs to the expression above, write the expression as a block after `|-`."},
	{"block sequence entries are not allowed", "", false, "yaml-syntax", "A list item (-) is not expected here", "Begin the list on a line of its own, below its key."},
	{"did not find expected key", "", false, "yaml-syntax", "This is not expected here", "Check its indentation: keys of one level begin in one column. " + quoteDetail},
	{"tab character", "", false, "yaml-tab", "The line is indented with a tab", "YAML is indented with spaces. Replace the tab; most editors can do that for the whole file."},
	{"cannot start any token", "", false, "yaml-syntax", "A value cannot begin with this character in YAML", "Put the whole value in quotes, or write it as a block after `|-`."},
	{"", "block scalar", false, "yaml-syntax", "After | or > only -, + or a digit can follow on the line", "Write the text on the lines below, indented. " + quoteDetail},
	{"", "directive", false, "yaml-syntax", directive.summary, directive.detail},
	{"<document start>", "", false, "yaml-syntax", "The document has ended before this", "Begin the next document with `---`. Lines that start with % or ... are not used here."},
}

var (
	directive = explanation{code: "yaml-syntax", summary: "A line that starts with % is a directive to YAML, which is not used here",
		detail: "Delete the line."}
	cutCondition = explanation{code: "yaml-quotes", summary: "A ? or : at the beginning of a line means a key to YAML, so `a ? b : c` is cut in two",
		detail: "Write the expression as a block after `|-`, with its lines indented below."}
)

// reportSyntax reports what YAML could not read, at the place where it is wrong.
func (p *parser) reportSyntax(f *source.File, c chunk, text []byte, e *syntaxError) {
	if e.placed && strings.Contains(string(lineOf(text, e.at.line)), maskText) {
		return // the line has been reported
	}
	if e.placed && e.begun == (mark{}) && strings.Contains(e.problem, "<document start>") {
		if n := slices.IndexFunc(lines(text), func(line []byte) bool { return strings.HasPrefix(string(line), "%") }); n >= 0 {
			p.reportExplained(f, c, text, &syntaxError{at: mark{n, 0}, placed: true}, directive)
			return
		}
	}
	if rest := strings.TrimLeft(string(lineOf(text, e.at.line)), " "); strings.HasPrefix(rest, ": ") || strings.HasPrefix(rest, "? ") {
		p.reportExplained(f, c, text, e, cutCondition)
		return
	}
	for _, x := range explanations {
		if !strings.Contains(e.problem, x.problem) || !strings.Contains(e.context, x.context) {
			continue
		}
		p.reportExplained(f, c, text, e, x)
		return
	}
	p.reportExplained(f, c, text, e, explanation{code: "yaml-syntax", summary: "The file cannot be read as YAML from here on",
		detail: "Check the indentation. " + quoteDetail})
}

func (p *parser) reportExplained(f *source.File, c chunk, text []byte, e *syntaxError, x explanation) {
	at := e.at
	atEnd := strings.TrimSpace(string(lineOf(text, at.line))) == "" && at.line >= len(lines(text))-1
	if (x.begun || atEnd) && e.begun != (mark{}) {
		at = e.begun
	}
	if line := lineOf(text, at.line); at.column > 0 && at.column >= len([]rune(string(line))) {
		at.column = max(len([]rune(string(line)))-1, 0) // at the end of the line: its last character
	}
	r := place(f, c, at, 1)
	if !e.placed {
		r = place(f, c, mark{}, -1)
	}
	one := p.diags.Report(x.code, r, "%s", x.summary)
	one.Detail = x.detail
	if !x.begun && e.begun != (mark{}) && e.begun.line < at.line {
		one.Relate(place(f, c, e.begun, 1), "It belongs to what begins here")
	}
}

func lineOf(text []byte, n int) []byte {
	all := lines(text)
	if n < 0 || n >= len(all) {
		return nil
	}
	return all[n]
}
