package eval

// Outcome is what came of an expression. The zero value is Bottom: what nobody
// decided is not known.
type Outcome uint8

// The outcomes. A boolean expression is True or False, any other a Value.
const (
	Bottom Outcome = iota // ⊥: can't tell
	Null
	True
	False
	Value
)

// String names the outcome for people.
func (o Outcome) String() string {
	return [...]string{"can't tell", "empty", "true", "false", "value"}[o]
}

// Result is what came of an expression for one row.
type Result struct {
	Outcome Outcome
	// Value is bool, int64, uint64, float64, string, []byte, time.Time,
	// time.Duration, []any or map[any]any; nil for Null and Bottom.
	Value any
	// Reason says why it is Bottom: "income is empty".
	Reason string
}

// Member tells whether a rule with that result takes the row in: only True does.
func (r Result) Member() bool { return r.Outcome == True }

// Unknown tells whether a rule with that result decides nothing: ⊥ and null.
func (r Result) Unknown() bool { return r.Outcome == Bottom || r.Outcome == Null }

// Unreadable is a value that is ⊥, with the reason: a cell of a row or a trait
// that could not be calculated.
type Unreadable struct{ Reason string }

// Error gives the reason.
func (u Unreadable) Error() string { return u.Reason }
