// Package plan is the relational plan: scans, row expressions, groups,
// statistics, by stratum.
//
// Input: *compile.RuleSet and, at run time, *catalog.Facts. Output: *Plan. It
// knows CEL's meaning (three outcomes: true, false, and ⊥ for "error, or not
// decided by SQL") and no SQL text, no dialect and no database.
package plan

import "personae/engine/catalog"

// Op names an operator of the IR. Operators are exact: each one means what CEL
// means for its operand types, ⊥ included. The table of operators is in ops.go.
type Op string

// Expr is a node of the IR. Nodes are hash-consed within a Builder: two equal
// expressions of any rules are the same pointer, which is how sharing is found.
// Nothing changes a node once made.
type Expr struct {
	ID    int // in order of creation, deterministic; operands have lower IDs
	Op    Op
	Type  catalog.Type
	Args  []*Expr
	Const any    // of OpConst: bool int64 uint64 float64 string []byte time.Time time.Duration nil
	Name  string // of OpColumn: the column; of OpHole: the reason; of parametrised operators: the parameter
	Table string // of OpColumn: the dataset; of OpBeside: the table of results
	Fold  *Fold  // of OpFold: what is calculated from related rows; of OpGap: which rows
	// Lookup is set of OpLookup: what is read from a row that a column references.
	Lookup *Lookup
	Rank   *Rank // of OpRank: what its operand is ranked among

	MayBottom bool // the value can be ⊥ (SQL NULL that stands for an error)
	MayNull   bool // the value can be CEL null; not the same as MayBottom
	Facts     Interval
}

// Interval is what is proven about a node's values, ⊥ and null aside; nil
// bounds are unknown. Timestamps are bounded in microseconds since 1970,
// durations in nanoseconds.
type Interval struct {
	Min, Max any  // int64, or float64 of doubles
	NoNaN    bool // of doubles
	// Hundredths of doubles: each is the one nearest to a whole number of hundredths.
	Hundredths bool
	Micros     bool // of durations: a whole number of microseconds
}

// Decided says whether the value is neither ⊥ nor null, for any row.
func (e *Expr) Decided() bool { return !e.MayBottom && !e.MayNull }

// IsConst says whether the node is a constant, null included.
func (e *Expr) IsConst() bool { return e.Op == OpConst }

// IsLeaf says whether the node is read from a scan: a column, what was
// calculated from related rows, a field of a referenced row, or what an earlier
// stratum or an earlier version says.
func (e *Expr) IsLeaf() bool {
	return e.Op == OpColumn || e.Fold != nil || e.Op == OpLookup || e.Op == OpBeside
}
