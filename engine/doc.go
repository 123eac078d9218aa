// Package engine turns a project directory into published versions.
//
// The flow is one way, and the folders are its phases:
//
//	bytes ─ spec.Load ─▶ *spec.Module          every leaf keeps its place in its file
//	      ─ compile.Compile(catalog) ─▶ *compile.RuleSet   names resolved, CEL checked, order fixed, digested
//	      ─ plan.Build(facts) ─▶ *plan.Plan    scans, predicates, statistics, by stratum; no SQL text
//	      ─ sqlgen.Generate(dialect) ─▶ *sqlgen.Script     the statements
//	      ─ duckdb.Load, evaluate.Run ─▶ *results.Results     counts, statistics, health
//	      ─ report.Build ─▶ *report.Report     what people may see
//	      ─ render, store.Publish ─▶ version   immutable, numbered, atomic
//
// Each phase returns a value and diagnostics, and nothing changes the value
// later. source holds positions, diag the diagnostics, catalog the tables and
// the one mapping between CEL and SQL types, eval the CEL reference over one
// row, byrow decides with it what SQL left open. prose says rules as sentences. Any stage can be printed: personae plan --stage spec|rules|plan|sql.
//
// The clock is an argument: Options.Now.
package engine
