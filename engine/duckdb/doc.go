// Package duckdb is the only package that imports the database driver. It
// opens the working database, reads datasets, and runs queries that others wrote.
//
// Input: the datasets of a *spec.Module and the files that they name. Output:
// the *catalog.Catalog of their columns (Introspect) and a *Snapshot: tables of
// the canonical types with the facts and the health of the data (Load). It
// must not know CEL, segments or reports.
//
// How a dataset is read:
//
//	source.path ─files→ relation (raw columns) ─column→ converted ─read→ snapshot.<dataset>
//
// files.go finds and guards the files; relation.go, csv.go, json.go and
// sqldataset.go say what SQL reads them; column.go and grammar.go turn cells
// into values; load.go orders the work; rows.go, duplicates.go and orphans.go
// decide about rows; locate.go finds the first row of every problem; facts.go
// measures what was kept.
//
// query.go, chunks.go and parquet.go run queries for package evaluate: rows,
// vectors and Parquet files.
//
// Recipe, a new source format: one file that makes a relation, one case in
// relationOf. Recipe, a new declared type: one row in catalog's tables, one
// case in textTo and in nativeTo, one row in the tests.
package duckdb
