package plan

import (
	"personae/engine/catalog"
	"personae/engine/compile"
)

// Plan is what a run has to compute. Nothing changes it once built.
type Plan struct {
	Rules    *compile.RuleSet
	Tables   []TableUse // every table and column that is read, sorted
	Entities []*EntityPlan
	Quotes   []Quotes // sorted by persona
}

// TableUse says which columns of a dataset are read.
type TableUse struct {
	Table   *catalog.Table
	Columns []string // sorted
}

// EntityPlan is the work for one root entity.
type EntityPlan struct {
	Entity *compile.Entity
	Strata []Stratum // the last one has all outputs; see strata.go
	// Aggregates are over the outputs, for all personas at once.
	Aggregates []Aggregate
	Evidence   []Evidence // in order of first use
	// Insight is what is counted over the outputs to show and compare groups;
	// nil where there is nothing to count.
	Insight *Insight
	// Clauses are counted one by one, for the segments that join several.
	Clauses []ClauseTable
}

// Outputs are the columns of the table of results: those of the last stratum.
func (e *EntityPlan) Outputs() []Output { return e.Strata[len(e.Strata)-1].Outputs }

// Table is the table of results: that of the last stratum.
func (e *EntityPlan) Table() string { return e.Strata[len(e.Strata)-1].Table }

// UpTo is the plan as far as one of its strata, which becomes the last.
func (e *EntityPlan) UpTo(stratum int) *EntityPlan {
	return &EntityPlan{Entity: e.Entity, Strata: e.Strata[:stratum+1]}
}

// OutputKind says what an output column is for.
type OutputKind string

// The kinds of output columns.
const (
	TraitOutput        OutputKind = "trait"
	SegmentOutput      OutputKind = "segment"      // BOOLEAN, NULL can't tell
	SegmentationOutput OutputKind = "segmentation" // VARCHAR, NULL can't tell
	PartOutput         OutputKind = "part"         // BOOLEAN: the condition of a score's part
	PointsOutput       OutputKind = "points"       // DOUBLE: the fewest or the most points
	BandOutput         OutputKind = "band"         // VARCHAR, NULL can't tell
	OutcomeOutput      OutputKind = "outcome"      // BOOLEAN: what a score is to foretell
	EnteredOutput      OutputKind = "entered"      // BOOLEAN: the condition of a stage
	AtOutput           OutputKind = "at"           // TIMESTAMPTZ: when a stage was entered
	TouchOutput        OutputKind = "touch"        // BIGINT: contacts by a touchpoint
	ReachedOutput      OutputKind = "reached"      // BOOLEAN: a stage, or a later one
	StageOutput        OutputKind = "stage"        // VARCHAR, NULL can't tell, or none
	SinceOutput        OutputKind = "since"        // TIMESTAMPTZ: when the stage was entered
	ExportOutput       OutputKind = "export"       // BOOLEAN: whom an export takes
	ContactOutput      OutputKind = "contact"      // BOOLEAN: who may be contacted
	PersonaOutput      OutputKind = "persona"      // BOOLEAN: membership of a persona
	OperandOutput      OutputKind = "operand"      // argument of a statistic
	ValueOutput        OutputKind = "value"        // what a row is worth, DOUBLE
)

// Output is one computed column, named as in the results: spend_365d,
// in_<segment>, <segmentation>, <score>_points, <score>_max, <score>_band,
// persona_<name>, operand_<n>, value. Names with a colon stay inside.
type Output struct {
	Name string
	Kind OutputKind
	Rule *compile.Rule // nil for part, outcome, persona, operand and value outputs
	CEL  *compile.Expr // of part, outcome, persona, operand and value outputs; nil for those of rules and for null tests
	Expr *Expr
	// Columns are those that it reads, directly or through other outputs; sorted.
	Columns []string
	// Digest says what it holds where neither Rule nor CEL does; see Digests.
	Digest string
	// NullOf names the output whose null test this is: see Aggregate.NullTest.
	NullOf string
}

// SegmentOutputName is the output that says who is in a segment.
func SegmentOutputName(segment string) string { return "in_" + segment }

// PersonaOutputName is the output that says whom a persona stands for.
func PersonaOutputName(persona string) string { return "persona_" + persona }

// NullOutputName is the null test of a trait or of a stage.
func NullOutputName(output string) string { return "null:" + output }

// Aggregate is one statistic over the rows for which the membership output is
// TRUE, and over everyone.
type Aggregate struct {
	Persona string
	Stat    *compile.Statistic
	Members string // name of the membership output
	Operand string // name of the operand output; "" for count
	// Ambiguous operands can be both null and ⊥: NullTest names a BOOLEAN output
	// that is TRUE where the operand is null and NULL where it is ⊥; "" where
	// NULL has one meaning.
	NullTest string
}
