// Package compile turns a Module and a Catalog into a RuleSet: names resolved,
// CEL checked, evaluation order fixed, every rule digested.
//
// Input: *spec.Module, *catalog.Catalog. Output: *RuleSet and diagnostics; all
// problems in one go. It must not know SQL, rows or files on disk.
package compile

import (
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"

	"personae/engine/catalog"
	"personae/engine/source"
	"personae/engine/spec"
)

// RuleSet is a checked set of rules. Nothing changes it once built.
type RuleSet struct {
	Module   *spec.Module
	Catalog  *catalog.Catalog
	Settings Settings
	Entities []*Entity // root entities that have rules, sorted by name
	Personas []*Persona
	Exports  []*Export
	Tests    []*Test         // in order of file and place
	Checks   []*DatasetCheck // in order of dataset and place
	Fresh    []*DatasetFresh // in order of dataset
	Params   map[string]any  // by name: int64, float64, bool or string
	Digest   string          // of the canonical rules: no comments or positions, prose included
}

// Settings are the project's settings, resolved.
type Settings struct {
	Name     string
	Zone     *time.Location
	Locale   string
	Currency string
	AsOf     string // "today", "latest", or an RFC 3339 instant
	Root     string // the default entity
	MinGroup int64
}

// Entity is one root entity with its rules.
type Entity struct {
	Name  string // the variable: customer
	Table *catalog.Table
	Rules []*Rule // in evaluation order: a rule follows all that it refers to
	Value *Expr   // what one row is worth, a double or nil
}

// DatasetCheck is a condition that every row of a dataset must meet.
type DatasetCheck struct {
	Dataset string
	Table   *catalog.Table // its Entity is the variable: "row" where the dataset names none
	Title   string         // or the expression as written
	Expr    *Expr          // a bool over one row of Table
	Fails   bool           // severity error: a failed check fails the run
}

// DatasetFresh is how old the newest row of a dataset may be.
type DatasetFresh struct {
	Dataset string
	Within  time.Duration
	Fails   bool // severity error: older data fails the run
	Range   source.Range
}

// RuleKind says what a rule computes.
type RuleKind string

// The kinds of rules.
const (
	TraitRule        RuleKind = "trait"
	RankRule         RuleKind = "rank"
	SegmentRule      RuleKind = "segment"
	SegmentationRule RuleKind = "segmentation"
	ScoreRule        RuleKind = "score"
	JourneyRule      RuleKind = "journey"
)

// IsAttribute says whether expressions read such a rule as a field of the
// entity, as in customer.recency.
func (k RuleKind) IsAttribute() bool { return k == TraitRule || k == RankRule }

// Rule is one computed column of an entity.
type Rule struct {
	Kind      RuleKind
	Name      string // without its namespace: spend_365d, lapsing_big_spenders
	Entity    string
	Title     string
	Labels    spec.Labels // what its authors say of it: the title, too
	Unit      string
	Type      catalog.Type // of the result
	Expr      *Expr        // trait value, rank operand or segment condition; nil for a segmentation, a score and a journey
	Rungs     []Rung       // of a segmentation, in order
	Otherwise string       // of a segmentation
	Leave     *Expr        // of a segment with a rule of its own for leaving: who was in stays until it is true
	Rank      *Rank        // of a rank
	Score     *Score       // of a score
	Journey   *Journey     // of a journey
	Expect    *spec.Expect
	Source    Place  // where it is written
	Digest    string // of the typed expression and of all that it depends on
	Taint     Taint
}

// Rung is one group of a segmentation.
type Rung struct {
	Name, Title string
	When        *Expr
	Range       source.Range
}

// Rank ranks an operand against the population.
type Rank struct {
	Buckets int64
	BestLow bool
	Among   *Expr  // segment.x, or nil for everyone
	Segment string // of Among: x
}

// Place names the definition for people: file, line and the whole range.
type Place struct{ Range source.Range }

// Taint says what kind of columns an expression carries in its value.
type Taint struct {
	PII       []string // columns, sorted; empty where the value is a bool
	Sensitive []string // columns read, sorted, booleans included
}

// RefKind is what an expression can refer to.
type RefKind string

// The kinds of references.
const (
	ColumnRef       RefKind = "column"
	TraitRef        RefKind = "trait"
	ListRef         RefKind = "list" // a list under a name: what that reads is among the references, too
	SegmentRef      RefKind = "segment"
	SegmentationRef RefKind = "segmentation"
	ScoreRef        RefKind = "score"
	BandRef         RefKind = "band" // segmentation.<score>
	JourneyRef      RefKind = "journey"
	ReachedRef      RefKind = "reached" // reached(journey, stage); Name is journey.stage
	ParamRef        RefKind = "param"
	RelationRef     RefKind = "relation"  // the related rows of an entity
	ReferenceRef    RefKind = "reference" // the row that a column of an entity references
)

// Ref is something that an expression reads. Entity is that of the row that it
// is read of; "" for parameters.
type Ref struct {
	Kind   RefKind
	Entity string
	Name   string
}

// Expr is a checked CEL expression with its place.
type Expr struct {
	Text    source.Text  // as written; ranges map into the file
	AST     *cel.Ast     // checked, with what lists say in place of their names: what is calculated
	Written *cel.Ast     // checked, as written: for words and places
	Type    catalog.Type // of the result
	Refs    []Ref        // sorted, without duplicates
	Digest  string       // of the normalised, typed expression with parameters' values
	Clock   bool         // it reads now
	Taint   Taint
}

// Persona is a checked persona template.
type Persona struct {
	Spec       *spec.Persona
	Name       string
	Entity     string
	Who        *Expr
	Statistics []*Statistic               // each once, in order of first use
	Templates  map[source.Range]*Template // by the range of the template's scalar
	Claims     map[source.Range]*Formula  // by the range of the `holds` scalar
	Measures   map[source.Range]*Formula  // by the range of the `measured` scalar of a pair of poles
	Breakdowns map[source.Range]*Expr     // over one member, by the range of the `breakdown` scalar
	Charts     []*Chart                   // over one member, in order
	Quotes     *Quotes                    // nil where none are asked for
	Digest     string
}

// Chart is a drawing of one attribute of the members.
type Chart struct {
	Spec *spec.Chart
	Of   *Expr
}

// Quotes are rows whose text speaks for the members.
type Quotes struct {
	Spec  *spec.Quotes
	Table *catalog.Table // its Entity is the variable: "row" where the dataset names none
	Text  *Expr          // text
	Where *Expr          // a condition, or nil
}

// Statistic is one aggregate over the members of a persona: count(), share(p),
// lift(p), sum, avg, median, percentile(x, p), mode, top(x, n).
type Statistic struct {
	ID    string       // "stat_0": the variable that stands for it in a Formula
	Func  string       // count share lift sum avg median percentile mode top
	Arg   *Expr        // over one row; nil for count
	Param float64      // p of percentile, n of top
	Text  string       // as written, for people
	Type  catalog.Type // of the result
	CEL   *types.Type  // of the result, as formulas read it: top's items are records
	// Evidence is the dataset whose rows it is about; nil: members.
	Evidence *catalog.Table
}

// Formula is an expression over statistics: its AST reads variables named by
// Statistic.ID and nothing else.
type Formula struct {
	Text  source.Text
	AST   *cel.Ast
	Type  catalog.Type
	Stats []string // IDs that it reads, sorted
	Unit  string   // of the result, where it is known
	// Comparison is the outermost comparison of a claim, where it has one:
	// measured Left, needed Right, e.g. share(...) > 0.4.
	Comparison *Comparison
}

// Comparison splits a claim into what is measured and what is needed.
type Comparison struct {
	Operator    string // < <= > >= == !=
	Left, Right *Formula
}

// Template is text with its holes checked. len(Literals) == len(Holes)+1.
type Template struct {
	Text     source.Text
	Literals []string
	Holes    []*Formula
}

// Columns names the columns of the results that hold what the rule computes
// (REPORTS D): none for a list under a name.
func (r *Rule) Columns() []string {
	if r.IsList() {
		return nil
	}
	switch r.Kind {
	case SegmentRule:
		return []string{"in_" + r.Name}
	case ScoreRule:
		return []string{r.Name + "_points", r.Name + "_max", r.Name + "_band"}
	case JourneyRule:
		if r.Journey.HasTimes() {
			return []string{r.Name + "_stage", r.Name + "_since"}
		}
		return []string{r.Name + "_stage"}
	}
	return []string{r.Name}
}

// Label is how expressions refer to the rule: customer.age, segment.staff.
func (r *Rule) Label() string {
	if r.Kind.IsAttribute() {
		return r.Entity + "." + r.Name
	}
	return string(r.Kind) + "." + r.Name
}

// Conditions are the expressions that decide what the rule says of a row, in
// order: its own, those of its rungs, parts or stages, and `leave`.
func (r *Rule) Conditions() []*Expr {
	var list []*Expr
	if r.Expr != nil {
		list = append(list, r.Expr)
	}
	for _, rung := range r.Rungs {
		list = append(list, rung.When)
	}
	if r.Score != nil {
		for _, p := range r.Score.Parts {
			list = append(list, p.When)
		}
	}
	if r.Journey != nil {
		for _, s := range r.Journey.Stages {
			list = append(list, s.Entered)
		}
	}
	if r.Leave != nil {
		list = append(list, r.Leave)
	}
	return list
}
