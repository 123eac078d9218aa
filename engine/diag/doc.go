// Package diag holds what Personae has to say about files: diagnostics, the table of their codes, and their renderers
// for people (text) and for programs (JSON, SARIF, GitHub, GitLab, JUnit).
//
// Input: problems found by any package, each with a range. Output: bytes. It must not know what a rule means, and it
// reads nothing from disk: excerpts come from the files that the caller has read.
//
// Recipe, a new diagnostic: one entry in codes.go (sorted), one call with that code, one test of the package that
// makes the call. Recipe, a new format: one file with a render function, one row in the table of format.go, one golden.
package diag
