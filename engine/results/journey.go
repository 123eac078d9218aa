package results

// Journey is how far the rows of a subject have come.
type Journey struct {
	Name    string
	Subject string // a persona; "" for everyone
	Rows    int64
	Nowhere int64 // in no stage
	Unknown int64 // the stage cannot be told
	Stages  []StageCount
}

// StageCount is one stage. Reached is this stage or a later one; Here, Value and
// HasValue are about those whose stage it is, and of everyone alone.
type StageCount struct {
	Reached, ReachedUnknown int64
	Skipped                 int64 // reached a later one and certainly did not enter this one
	Here                    int64
	Value                   float64
	Hours                   *float64 // median from entering the stage before, of those who entered both in that order
	HoursRows               int64
	Touchpoints             []TouchCount
}

// TouchCount counts the contacts of those who reached a stage; Rows of them have
// a count that is known.
type TouchCount struct{ Contacts, Rows int64 }

// Export is the size of an audience.
type Export struct {
	Name                 string
	Members, Unknown     int64
	Contactable, Unclear int64 // of the members: who may be contacted, and for whom that cannot be told
}
