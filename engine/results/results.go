// Package results is the pure data that a run hands to the report: counts,
// statistics and the health of the data. It knows no database.
package results

import (
	"time"

	"personae/engine/catalog"
)

// Results is what one evaluation of a plan found. Nothing changes it once built.
type Results struct {
	AsOf     time.Time
	Facts    *catalog.Facts
	Datasets []DatasetHealth // sorted by name
	Entities []EntityResults // sorted by entity
	Quotes   []Quotes        // sorted by persona
	Effort   Effort
}

// Effort is what it took to find results. It differs between a run from scratch
// and one after another, where the results do not.
type Effort struct {
	Computed int      // columns that were calculated
	Reused   int      // columns that stood since an evaluation before
	Changed  []string // names of those that were calculated, in order of evaluation
	Moved    []Moved  // groups whose members are others than at the evaluation before
}

// Moved is how many entered and left a group.
type Moved struct {
	Kind          GroupKind
	Name, Parent  string // as in Group
	Entered, Left int64
}

// EntityResults are the counts and statistics of one root entity.
type EntityResults struct {
	Entity     string
	Population int64
	Value      float64 // sum of the entity's value over everyone; NaN never: see HasValue
	HasValue   bool
	Groups     []Group
	Statistics map[StatKey]Statistic
	Overlaps   []Overlap
	Unknowns   []Unknown
	Journeys   []Journey
	Exports    []Export
	Scores     []Score  // in order of evaluation
	Insight    *Insight // nil where nothing was to be counted
	Clauses    []ClauseTable
	ByRow      []ByRow // in order of evaluation
	Ranks      []Rank  // in order of evaluation
}

// Rank is how a rank divided the population.
type Rank struct {
	Name    string
	Buckets int64
	BestLow bool
	Among   string // the segment that it compares within, "" for everyone
	Ranked  int64  // how many have one
	// Cuts are the values where a bucket begins, the best last, of the operand's
	// type (int64, float64, time.Time; lengths of time as int64 nanoseconds):
	// with 5 buckets the best fifth begins at Cuts[3]. nil where nobody has one.
	Cuts []any
	// Sizes are how many are in each bucket, from bucket 1 on. Equal values share
	// a bucket, so that some may be larger than others, and some empty.
	Sizes []int64
}

// ByRow says for how many rows a rule was decided row by row, because SQL has no
// exact form of a part of it.
type ByRow struct {
	Kind    GroupKind // "" for a trait, and for what only statistics read
	Name    string    // of the segment, segmentation, persona or trait
	Asked   int64     // rows that SQL left open
	Decided int64     // of those, rows for which CEL gave an answer
}

// GroupKind is what a group comes from.
type GroupKind string

// The kinds of groups.
const (
	Everyone     GroupKind = "everyone"
	Segment      GroupKind = "segment"
	Segmentation GroupKind = "segmentation" // one group a rung, Parent names the segmentation
	Band         GroupKind = "band"         // of a score, which Parent names
	Persona      GroupKind = "persona"
	OfJourney    GroupKind = "journey" // of reasons: why stages cannot be told
	OfExport     GroupKind = "export"  // of reasons: why nobody can tell whom an export takes
)

// Group is the size of one group. Members + not members + Unknown = Population.
type Group struct {
	Kind    GroupKind
	Name    string // segment, rung or persona
	Parent  string // segmentation of a rung, score of a band
	Members int64
	Unknown int64 // customers whose rule is ⊥ or null
	Value   float64
}

// Overlap is how many are in both of two segments; A < B.
type Overlap struct {
	A, B string
	Both int64
}

// Unknown is one reason why a rule cannot decide rows. The most frequent stand
// first.
type Unknown struct {
	Kind GroupKind
	Name string // segment, segmentation, score, persona, journey or export
	// Column is a column that is empty for the undecided rows; "" for other
	// reasons.
	Column string
	Reason string // in words, without any value of a row: "a number is divided by zero"
	// Rows is how many undecided rows have it: with Sampled, of those that were
	// looked at.
	Rows    int64
	Sampled bool
}

// Text is the reason in words.
func (u Unknown) Text() string {
	if u.Reason != "" {
		return u.Reason
	}
	return u.Column + " is empty"
}

// StatKey identifies a statistic of a persona.
type StatKey struct{ Persona, Stat string }

// Statistic is one aggregate over members and over everyone.
type Statistic struct {
	Value                   any   // float64 int64 bool string time.Time []TopItem; nil for null or ⊥
	N                       int64 // rows that the value rests on
	Unknown                 int64 // member rows whose operand is ⊥ (or null, where a bool is asked)
	Skipped                 int64 // member rows whose operand is null
	True                    int64 // of share and lift: rows that are true
	Everyone                any   // the same over everyone
	EveryoneN, EveryoneTrue int64
}

// TopItem is one value of top(x, n).
type TopItem struct {
	Value any
	Count int64
	Share float64
}

// DatasetHealth is what reading one dataset found. Every row of the source is
// in exactly one of Rows, Rejected, Duplicates, Orphans, NullKeys, Future.
type DatasetHealth struct {
	Dataset     string
	Rows        int64 // rows that rules see
	Read        int64 // rows in the source
	NewestEvent *time.Time
	Stale       bool
	FreshWithin time.Duration
	Fingerprint string // of the columns that are used; independent of row order and file split
	Problems    []Problem
	Files       []FileHealth // for run.json only
}

// FileHealth is one file that was read.
type FileHealth struct {
	Path string
	Size int64
	Rows int64
}

// Problem is one kind of dirt in one place, counted.
type Problem struct {
	Column   string
	Rule     string // the failed check's expression
	Reason   string // unreadable value, null key, duplicate row, orphan row, check failed, later than as-of, ...
	Action   string // set to null, read as not set, row skipped, dropped, kept, run failed
	Severity string // warn, error
	Rows     int64
	Value    float64 // what orphan rows are worth
	HasValue bool
	// Place and Sample go to the terminal and run.json only; a version must not
	// depend on the order of rows. Sample is empty for PII columns.
	File   string
	Row    int64
	Sample string
}
