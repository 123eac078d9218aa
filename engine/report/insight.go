package report

// Distribution is how one attribute is spread over the members of a group,
// beside everyone: what charts, breakdown bars and stats/distributions show.
// Where Reason is set there are no bins: one of the fixed words for what is not
// there.
type Distribution struct {
	ID         string           `json:"id"` // unique within its subject, stable: chart_0, breakdown_age
	Title      string           `json:"title"`
	Attribute  string           `json:"attribute"` // the expression as written
	Unit       string           `json:"unit,omitempty"`
	Kind       DistributionKind `json:"kind"`
	Bins       []Bin            `json:"bins"`
	N          Number           `json:"n"`        // members whose value is known
	Unknown    Number           `json:"unknown"`  // members whose value cannot be told or is empty
	Everyone   Number           `json:"everyone"` // everyone whose value is known
	Reason     string           `json:"reason,omitempty"`
	Takeaway   string           `json:"takeaway,omitempty"` // one sentence: what the picture shows
	Expression string           `json:"expression,omitempty"`
	Of         string           `json:"of,omitempty"` // what is counted where it is not people: "orders"
}

// DistributionKind says what the bins are, and so how they are drawn.
type DistributionKind string

// The kinds of distributions, by the data (REPORTS A).
const (
	Histogram  DistributionKind = "histogram"  // bins are intervals of a number
	Categories DistributionKind = "categories" // most frequent first; the last may be the rest
	YesNo      DistributionKind = "yes_no"     // one bin: true
	Months     DistributionKind = "months"     // bins are calendar months
	WeekHours  DistributionKind = "week_hours" // 7 x 24, Monday first: bin = weekday*24 + hour
	Exclusive  DistributionKind = "exclusive"  // groups of a segmentation, in its order
)

// Bin is one interval or value. Low is inclusive; High is exclusive, but for
// the last bin.
type Bin struct {
	Label    string   `json:"label"`
	Low      *float64 `json:"low,omitempty"`
	High     *float64 `json:"high,omitempty"`
	Rest     bool     `json:"rest,omitempty"` // all other values together
	Members  Number   `json:"members"`
	Share    Number   `json:"share"`    // of members whose value is known
	Everyone Number   `json:"everyone"` // share of everyone whose value is known
	Lift     *float64 `json:"lift,omitempty"`
}

// Difference is one value or range in which the members of a group differ from
// everyone: what sets them apart.
type Difference struct {
	Attribute string   `json:"attribute"` // the column or trait
	Label     string   `json:"label"`     // of the attribute, for people
	Value     string   `json:"value"`     // the value or the range, for people: "Leeds", "£500 to £1,000"
	Text      string   `json:"text"`      // "1.4 times as common as among all customers"
	Share     Number   `json:"share"`     // among members
	Everyone  Number   `json:"everyone"`
	Lift      float64  `json:"lift"`
	Low       *float64 `json:"low,omitempty"` // 95 % interval of the lift
	High      *float64 `json:"high,omitempty"`
	Condition string   `json:"condition,omitempty"` // the difference as CEL, for a draft persona
}

// Quote is one thing that a customer wrote, redacted.
type Quote struct {
	Text string `json:"text"`
	From string `json:"from"`           // the dataset's title
	Note string `json:"note,omitempty"` // "From reviews by anyone, not only this group"
}

// Clause is one condition of a rule that is joined to the others by &&.
type Clause struct {
	Words      string `json:"words,omitempty"`
	Expression string `json:"expression"`
	Alone      Number `json:"alone"`     // for how many it is true, whatever the others say
	Left       Number `json:"left"`      // who is left after it and all before it
	Unknown    Number `json:"unknown"`   // for how many it cannot be told
	OnlyThis   Number `json:"only_this"` // who is kept out by this clause alone
}

// Rank is how a calculated value compares everyone: where its steps begin.
type Rank struct {
	Name string `json:"name"`
	Labels
	Entity  string     `json:"entity"`
	Of      string     `json:"of,omitempty"`    // what is ranked, in words
	Best    string     `json:"best"`            // high low
	Among   string     `json:"among,omitempty"` // title of the segment that it compares; "" for everyone
	Buckets int64      `json:"buckets"`
	Ranked  Number     `json:"ranked"`             // who has one
	TopPart string     `json:"top_part,omitempty"` // what the best step is: fifth
	Text    string     `json:"text,omitempty"`     // "The top fifth starts at £452."
	Steps   []RankStep `json:"steps"`              // best first
	Rule    Rule       `json:"rule"`               // the value that is ranked
	UsedBy  []string   `json:"used_by,omitempty"`  // titles of personas, exports and rules that use it
}

// RankStep is a bucket of a rank, or several together where a rank has many.
type RankStep struct {
	From    int64  `json:"from"`  // the lowest bucket
	To      int64  `json:"to"`    // the highest
	Start   Number `json:"start"` // the value where it begins, in round numbers; the last step has none
	Members Number `json:"members"`
	Share   Number `json:"share"` // of those who have a rank
}

// Score is a sum of points with bands, and how well it separates.
type Score struct {
	Name string `json:"name"`
	Labels
	Entity     string      `json:"entity"`
	Parts      []ScorePart `json:"parts"`
	Bands      []Band      `json:"bands"` // best first
	Unknown    Number      `json:"unknown"`
	UnknownWhy string      `json:"unknown_why,omitempty"` // "budget is empty"
	UsedBy     []string    `json:"used_by,omitempty"`     // titles of personas, exports and rules that use it
	Outcome    string      `json:"outcome,omitempty"`     // the expression; "" where none is named
	Verdict    string      `json:"verdict,omitempty"`     // one sentence: does the score separate?
	Gain       []GainPoint `json:"gain,omitempty"`        // cumulative: the best x of everyone hold y of the outcomes
	File       string      `json:"file"`
	Line       int         `json:"line"`
	Digest     string      `json:"digest"`
}

// ScorePart is one reason for points.
type ScorePart struct {
	Name       string  `json:"name"`
	Title      string  `json:"title"`
	Words      string  `json:"words,omitempty"`
	Expression string  `json:"expression"`
	Points     float64 `json:"points"`
	True       Number  `json:"true"` // who has the points
	Unknown    Number  `json:"unknown"`
	Mean       Number  `json:"mean"` // points that it contributes on average
}

// Band is an interval of points.
type Band struct {
	Name  string  `json:"name"`
	Title string  `json:"title"`
	From  float64 `json:"from"` // inclusive
	Size  Size    `json:"size"`
	// Rate is how many of the band have the outcome; Low and High its 95 % interval (Wilson).
	Rate Number   `json:"rate"`
	Low  *float64 `json:"low,omitempty"`
	High *float64 `json:"high,omitempty"`
}

// GainPoint is one step of a gain line; both are shares.
type GainPoint struct {
	Share    float64 `json:"share"`    // of everyone, best points first
	Outcomes float64 `json:"outcomes"` // of all outcomes
}

// Journey is ordered stages, for one group.
type Journey struct {
	Name string `json:"name"`
	Labels
	Entity     string   `json:"entity"`
	Stages     []Stage  `json:"stages"`
	Nowhere    Number   `json:"nowhere"` // who has entered no stage
	Unknown    Number   `json:"unknown"`
	UnknownWhy string   `json:"unknown_why,omitempty"` // of everyone: "income is empty"
	UsedBy     []string `json:"used_by,omitempty"`     // titles of personas, exports and rules that use it
	File       string   `json:"file"`
	Line       int      `json:"line"`
	Digest     string   `json:"digest"`
}

// Stage is one stage of a journey.
type Stage struct {
	Name         string       `json:"name"`
	Title        string       `json:"title"`
	Expression   string       `json:"expression"`
	Words        string       `json:"words,omitempty"`
	Reached      Number       `json:"reached"` // this stage or a later one
	Share        Number       `json:"share"`   // of the group
	FromPrevious Number       `json:"from_previous"`
	Skipped      Number       `json:"skipped"`      // reached a later stage without entering this one
	MedianHours  Number       `json:"median_hours"` // from entering the stage before
	Touchpoints  []Touchpoint `json:"touchpoints"`
	Doing        string       `json:"doing,omitempty"`
	Thinking     string       `json:"thinking,omitempty"`
	Feeling      *float64     `json:"feeling,omitempty"` // -2 to 2
	Response     string       `json:"response,omitempty"`
	Pains        []string     `json:"pains,omitempty"`
}

// Touchpoint is one kind of contact, counted over those who reached the stage.
type Touchpoint struct {
	Name  string `json:"name"`
	Count Number `json:"count"` // contacts in all
	Each  Number `json:"each"`  // per customer who reached the stage
}

// Export is an audience that can be handed over: its size and its columns, and
// nobody in it.
type Export struct {
	Name        string   `json:"name"`
	Title       string   `json:"title"`
	Description string   `json:"description,omitempty"`
	Entity      string   `json:"entity"`
	Owner       string   `json:"owner,omitempty"`
	Tags        []string `json:"tags,omitempty"`
	Purpose     string   `json:"purpose"`
	Who         Rule     `json:"who"`
	ContactRule string   `json:"contactable_rule,omitempty"` // "" where everybody may be contacted
	Members     Number   `json:"members"`
	Share       Number   `json:"share"`
	Contactable Number   `json:"contactable"` // of the members
	Unknown     Number   `json:"unknown"`
	UnknownWhy  string   `json:"unknown_why,omitempty"` // "budget is empty"
	Columns     []string `json:"columns"`
	Personal    []string `json:"personal_columns"` // of them
}
