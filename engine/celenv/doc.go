// Package celenv is the CEL that rules are written in: the types of records,
// the functions that are ours, and one environment for each place where an
// expression may stand.
//
// Input: the tables and the names that a project has. Output: *cel.Env values
// that compile checks against and eval runs. It must not know YAML, rows on
// disk, SQL or the clock: functions that depend on the as-of instant take it
// as an argument.
//
// To add a function: one entry in the table of functions.go (or lists.go),
// its implementation as a pure function of its arguments, a row in the tests,
// and its lowering in plan. Where it needs something that the author does not
// write (now, the key of a row), a macro in macros.go adds it as an argument,
// so that the checked AST holds every input.
package celenv
