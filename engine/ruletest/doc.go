// Package ruletest runs the tests of a project (kind: Test) over the rows that
// they give.
//
// Input: a checked *engine.Project. Output: for each test whether it passed, a
// diagnostic at each expected value that the rules do not give, with what
// decided instead, and which conditions the tests saw both true and false.
//
// Every answer is worked out twice: by the SQL of a run, over tables that hold
// the given rows, and by cel-go, row by row. The two must agree; where they do
// not, that is an error of ours and is reported as one. What SQL leaves open
// (a hole) cel-go alone decides, as in a run.
//
// The phases, a file each: wanted (which outputs answer what is expected),
// reference (cel-go), batch and tables (which tests share tables), database
// (SQL), judge (comparison and diagnostics), why (what decided), coverage.
package ruletest
