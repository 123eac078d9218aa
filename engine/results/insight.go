package results

import "personae/engine/source"

// Insight is how many of which group are in which bin of which attribute.
type Insight struct {
	Attributes []Binned
	// Pictures says which attribute a persona's chart or breakdown is about, by
	// the place of its expression.
	Pictures map[PictureKey]int
	Weeks    []WeekHours
}

// WeekHours are the instants of related rows by hour of the week, Monday
// midnight first, in the project's zone.
type WeekHours struct {
	Rows, People   [168]int64 // of everyone
	Members        map[PictureKey]WeekMembers
	EveryoneRows   int64
	EveryonePeople int64
	WithoutTime    int64 // rows of everyone that count and have no instant
}

// WeekMembers are the same of a persona's members.
type WeekMembers struct {
	Rows, People [168]int64
	AllPeople    int64 // who has any row that counts
	WithoutTime  int64
}

// PictureKey identifies a chart or breakdown.
type PictureKey struct {
	Persona string
	Place   source.Range
}

// BinKind says what the bins of an attribute are.
type BinKind string

// The kinds of bins.
const (
	Numbers   BinKind = "numbers"   // ranges of a number
	Whole     BinKind = "whole"     // whole numbers, one a bin
	Values    BinKind = "values"    // texts
	YesNo     BinKind = "yes_no"    // false, then true
	Times     BinKind = "times"     // ranges of instants, in seconds since 1970
	Exclusive BinKind = "exclusive" // groups of a segmentation, in its order
)

// Binned is one attribute, cut into bins that do not overlap. Bin 0 holds
// those without a value, which are all for whom it is empty or cannot be told.
type Binned struct {
	Name  string // of the column, trait or segmentation; "" for other expressions
	Title string
	Unit  string
	Kind  BinKind
	Int   bool     // of numbers: whole ones
	Apart bool     // every group is compared with everyone by it
	Reads []string // the columns and traits that it comes from, its own name included; sorted

	// Edges of numbers and times: bin 1 is below the first, bin i from edge i-1
	// to below edge i, the last from the last edge on. Of whole numbers an edge is
	// the value of the bin above it.
	Edges []float64
	// ClosedLow and ClosedHigh say that the first and the last bin of whole
	// numbers hold one number each.
	ClosedLow, ClosedHigh bool
	// Values of the other kinds, by bin from bin 1. After Values of kind Values
	// comes one more bin: all other values.
	Values []string
	// One is the only value that occurs, nil where there are several or none.
	One any

	Everyone []int64
	Counts   map[GroupKey][]int64
}

// GroupKey identifies a group.
type GroupKey struct {
	Kind   GroupKind
	Name   string
	Parent string
}

// Key identifies the group.
func (g Group) Key() GroupKey { return GroupKey{g.Kind, g.Name, g.Parent} }

// Known is how many have a value.
func Known(counts []int64) int64 {
	var n int64
	for _, c := range counts[min(1, len(counts)):] {
		n += c
	}
	return n
}

// ClauseTable are the conditions that a segment's rule joins by &&, or those of
// a segmentation's rungs.
type ClauseTable struct {
	Group   string // the segment or segmentation
	Clauses []Clause
}

// Clause is one condition, counted over everyone. Where Why is set it cannot be
// counted alone, and what it and the later ones leave is not known.
type Clause struct {
	Text     string // as written
	Why      string
	Alone    int64 // it is true
	Left     int64 // it and all before it are true
	Unknown  int64 // it cannot be told
	OnlyThis int64 // it is false, and all others are true

	// Of a rung Left is who is in it. Lost are those for whom it is true and whom
	// a rung above took, by that rung; Unclear those for whom it is true and
	// nobody can tell whether one above takes them.
	Lost    []int64
	Unclear int64
}

// Quotes are the words of customers from which those for a persona are picked.
type Quotes struct {
	Persona string
	Anyone  bool  // the rows are not about members: they are by anyone
	Rows    int64 // rows with words
	Authors int64 // who wrote them; a row that names nobody counts as one
	Texts   []QuotedText
}

// QuotedText is what one person wrote, without mail addresses, telephone
// numbers, links and names. Author tells people apart and says nothing else.
type QuotedText struct {
	Text   string
	Author int
}
