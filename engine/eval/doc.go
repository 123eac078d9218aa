// Package eval runs checked expressions with cel-go over one row at a time. It
// is the reference: where SQL and cel-go differ, SQL is wrong. It decides what
// SQL left open, explains rules, and evaluates formulas over statistics.
//
// Input: an environment of celenv, a checked AST, the values of a row. Output:
// one of three outcomes, never two: a value (true and false among them), null,
// or ⊥ with a reason that a person can read ("income is empty"). It must not
// know SQL, files or the clock; `now` is a value that the caller sets.
package eval
