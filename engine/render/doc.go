// Package render lays a report out: report.json, report.md, the pages of a
// version, and the front page over all versions.
//
// Input: *report.Report; for the front page also what depends on the past or on
// the run (FrontInput). Output: bytes. It decides nothing about people: what is
// hidden, how a number is written and whether a statement holds stands in the
// report. It must not know databases, rules, files or clocks, so that the same
// report always gives the same bytes.
//
// Every page stands alone: no other file, no request, no JavaScript needed; the
// one embedded script sorts tables and unfolds what is folded before printing.
// Text that users write is plain text: no markup in it is interpreted, because
// values from data are filled into it. Stories and days are Markdown of few means
// (prose.go), with values that the report has escaped.
//
// To add a page: a view (what the template reads) in its own file, a template
// of the same name in templates/, one line in HTML.
package render
