package results

// Where somebody is who is in no group of a segmentation.
const (
	NotThere  = ""  // not in the data
	Undecided = "?" // nobody can tell
)

// Flow is how many went from one group of a segmentation to another between two
// versions; who stayed goes from a group to itself.
type Flow struct {
	Entity, Segmentation string
	From, To             string // a group, NotThere or Undecided
	People               int64
}
