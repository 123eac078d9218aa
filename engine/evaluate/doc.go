// Package evaluate runs plans over a snapshot of the data.
//
// Input: a *plan.Plan and what duckdb.Load read. Output: *results.Results, and
// the rows of a version as Parquet files. It must not know files, reports or the
// driver: package duckdb runs its queries.
//
// How a plan is run:
//
//	strata ─standing→ result.<entity> ─counts, members, tally→ sizes, overlaps, what sets apart
//	   └─ decide, related: cel-go, for rows that SQL left open
//
// standing.go keeps the columns of the evaluation before that still hold, and
// recall.go its answers; strata.go calculates the others, stratum by stratum, and
// decide.go has package byrow decide what SQL left open. run.go then asks for
// everything that a report says: statistics.go, insight.go, clauses.go,
// scores.go, journeys.go, flows.go, quotes.go and unknowns.go. sweep.go drops what
// no longer stands. export.go and memberships.go write rows.
//
// Recipe, a new question about a group: its SQL in sqlgen's Questions, one file
// here that asks it through answer (recall.go), one field in results.
package evaluate

import (
	"database/sql"

	"personae/engine/duckdb"
)

// Database is a working database with what evaluations leave in it. Its methods
// may be called by one goroutine at a time.
type Database struct {
	*duckdb.DB
	sql      *sql.DB
	standing map[string]*standing // by entity: what the last Run calculated
	tables   int                  // numbers the tables of results
	views    map[string][]string  // by entity: what its views are made by
	unswept  bool                 // there may be results that nobody reads
}

// New is a database in which nothing is evaluated yet.
func New(db *duckdb.DB) *Database { return &Database{DB: db, sql: db.SQL()} }

// Snapshot is data that plans are evaluated over.
type Snapshot struct {
	*duckdb.Snapshot

	db *Database
	// stands is what the last Run, or the one that is going on, has calculated.
	stands map[string]*standing
	// why names, by entity and output, the columns whose emptiness is why rules
	// cannot decide: what Run found.
	why map[string]map[string][]string
	// undecided says, by entity, that the table of undecided rows has all of them.
	undecided map[string]bool
}

// Over is what the database has read, for plans.
func (db *Database) Over(s *duckdb.Snapshot) *Snapshot {
	return &Snapshot{Snapshot: s, db: db, stands: map[string]*standing{}, undecided: map[string]bool{}}
}
