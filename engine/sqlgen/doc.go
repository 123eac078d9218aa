// Package sqlgen writes the SQL of a plan.
//
// Input: *plan.Plan, a Dialect and the as-of instant. Output: *Script, the text
// of a few statements for each entity. It must not know YAML, CEL or a
// database driver; only a Dialect knows how one database says a thing.
//
// The form matters more than the number of passes (measured on DuckDB 1.5.5,
// 5 M rows, 50 segments; 1 is count(*) FILTER in one pass): shared parts once,
// in nested subqueries, and truth as small numbers combined with & and |: 0.3.
// See encode.go for the encoding.
//
// Recipe, a new operator: a row in plan's table of operators, a row in the
// dialect's table of templates, rows in the test of hostile values. Recipe, a
// new dialect: a type that fulfils Dialect, with a table like the one of
// duckdb_ops.go, and the same test run against it.
package sqlgen
