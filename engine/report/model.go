// Package report is the report as data: what people will read, decided here
// once, laid out elsewhere.
//
// Input: *compile.RuleSet, *plan.Plan and *results.Results. Output: *Report,
// which report.json holds as it is, and the flat tables of stats/. Privacy is
// applied here, so that nothing downstream ever sees a hidden number. It must
// not know databases, files, HTML, clocks or versions: what depends on the past
// or on the run is on the front page, not in a Report.
package report

import "time"

// Format is the revision of report.json.
const Format = 1

// Report is one version's report. Nothing changes it once built.
type Report struct {
	Format        int            `json:"format"`
	Project       Project        `json:"project"`
	AsOf          time.Time      `json:"as_of"`
	DataUntil     *time.Time     `json:"data_until,omitempty"` // oldest of the datasets' newest events
	MinGroup      int64          `json:"min_group"`
	Populations   []Population   `json:"populations"`
	Segments      []Segment      `json:"segments"` // largest share of value first, then of members, then by name
	Segmentations []Segmentation `json:"segmentations"`
	Ranks         []Rank         `json:"ranks,omitempty"`
	Scores        []Score        `json:"scores,omitempty"`
	Journeys      []Journey      `json:"journeys,omitempty"`
	Exports       []Export       `json:"exports,omitempty"`
	Personas      []Persona      `json:"personas"`
	Overlaps      []Overlap      `json:"overlaps"`
	Datasets      []Dataset      `json:"datasets"`
	Notices       []Notice       `json:"notices"` // worst first
}

// Project is what the pages say about the project.
type Project struct {
	Name     string `json:"name"`
	Locale   string `json:"locale"`
	Currency string `json:"currency,omitempty"`
	Timezone string `json:"timezone"`
	Root     string `json:"root"`
}

// Number is a number that people read. Text is how it is written in the
// project's locale; where Hidden is set there is neither Value nor Text, and
// Reason is one of the fixed words for what is not there.
type Number struct {
	Value   *float64 `json:"value,omitempty"`
	Text    string   `json:"text,omitempty"`
	N       *int64   `json:"n,omitempty"`       // rows that it rests on
	Unknown *int64   `json:"unknown,omitempty"` // rows that cannot tell; nil where that is itself hidden
	Hidden  bool     `json:"hidden,omitempty"`
	Reason  string   `json:"reason,omitempty"`
}

// Population is everyone of one entity.
type Population struct {
	Entity string `json:"entity"`
	Count  Number `json:"count"`
	Value  Number `json:"value"` // hidden with a reason where the project names no value
}

// Size is how large a group is, in each of the ways that the pages show.
type Size struct {
	Members    Number `json:"members"`
	Share      Number `json:"share"`
	Value      Number `json:"value"`
	ValueShare Number `json:"value_share"`
	Unknown    Number `json:"unknown"`
	UnknownWhy string `json:"unknown_why,omitempty"` // "income is empty"
}

// Guard is the verdict on an expected size.
type Guard struct {
	Verdict string   `json:"verdict"` // ok low high none
	Low     *float64 `json:"low,omitempty"`
	High    *float64 `json:"high,omitempty"`
	Of      string   `json:"of,omitempty"` // share or members
	Text    string   `json:"text,omitempty"`
}

// Labels is what the authors of a rule say of it, beside the rule.
type Labels struct {
	Title       string      `json:"title"`
	Description string      `json:"description,omitempty"`
	Owner       string      `json:"owner,omitempty"`
	Basis       string      `json:"basis,omitempty"`
	Tags        []string    `json:"tags,omitempty"`
	Deprecated  *Deprecated `json:"deprecated,omitempty"`
}

// Segment is one group that a rule decides.
type Segment struct {
	Name string `json:"name"`
	Labels
	Entity  string       `json:"entity"`
	Size    Size         `json:"size"`
	Guard   Guard        `json:"guard"`
	Rule    Rule         `json:"rule"`
	UsedBy  []string     `json:"used_by,omitempty"` // titles of personas, exports and rules that use it
	Ranks   []string     `json:"ranks,omitempty"`   // names of the ranks that the rule reads, directly or through others
	Clauses []Clause     `json:"clauses,omitempty"` // in order, where the rule joins several by &&
	Apart   []Difference `json:"apart,omitempty"`   // strongest first
	// DecidedByRow counts those for whom the rule was worked out row by row,
	// because the database has no exact form of a part of it; nil for none.
	DecidedByRow *Number `json:"decided_by_row,omitempty"`
}

// Deprecated marks what should no longer be used.
type Deprecated struct {
	Reason    string `json:"reason"`
	Successor string `json:"successor,omitempty"` // what to use instead
	Text      string `json:"text"`                // both as sentences
}

// Rule is how a group is decided: the expression and where it is written.
type Rule struct {
	Expression string `json:"expression"`
	Words      string `json:"words,omitempty"` // the same as a sentence
	File       string `json:"file"`
	Line       int    `json:"line"`
	Digest     string `json:"digest"`
}

// Segmentation is exclusive and exhaustive; Groups holds every rung in order
// and the otherwise group last. Groups + Unknown = the population.
type Segmentation struct {
	Name string `json:"name"`
	Labels
	Entity     string   `json:"entity"`
	Groups     []Rung   `json:"groups"`
	Unknown    Number   `json:"unknown"`
	UnknownWhy string   `json:"unknown_why,omitempty"` // "income is empty"
	Total      Number   `json:"total"`                 // everyone
	Adds       bool     `json:"adds"`                  // the groups and those who cannot be told are everyone, each once
	Proof      string   `json:"proof,omitempty"`       // the sum: "At risk 12 + Everyone else 8 = 20: ..."
	UsedBy     []string `json:"used_by,omitempty"`     // titles of personas, exports and rules that use it
	Ranks      []string `json:"ranks,omitempty"`       // names of the ranks that its rungs read, directly or through others
	File       string   `json:"file"`
	Line       int      `json:"line"`
	Digest     string   `json:"digest"`
}

// Rung is one group of a Segmentation.
type Rung struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Size  Size   `json:"size"`
	Rule  Rule   `json:"rule"` // without an expression for otherwise
	// Alone is for how many the rule of the rung is true, whatever those above
	// say; Lost is how many of them a rung above took. Both are empty for otherwise.
	Alone  Number     `json:"alone"`
	Lost   Number     `json:"lost"`
	LostTo []RungLoss `json:"lost_to,omitempty"` // by the rung that took them, in order
}

// RungLoss is how many a rung lost to one above.
type RungLoss struct {
	Group   string `json:"group"`
	Title   string `json:"title"`
	Members Number `json:"members"`
}

// Evidence says what a statement rests on.
type Evidence string

// The three kinds of evidence of DESIGN section 2.
const (
	Measured   Evidence = "measured"
	Researched Evidence = "researched"
	Assumed    Evidence = "assumed"
)

// Status is the state of a claim.
type Status string

// The states of DESIGN section 3.
const (
	Holds      Status = "holds"
	Broken     Status = "broken"
	TooFew     Status = "too_few"
	CannotTell Status = "cannot_tell"
	Unmeasured Status = "unmeasured"
)

// Statement is one thing said about a persona, its evidence and its state.
type Statement struct {
	Section    string        `json:"section"`
	Position   int           `json:"position"`
	Text       string        `json:"text"`              // holes filled; "" where a value is missing
	Missing    string        `json:"missing,omitempty"` // why the text is left out
	Evidence   Evidence      `json:"evidence"`
	Source     string        `json:"source,omitempty"` // "Interviews (11 people, 3 Mar 2026): Nine of eleven ..."
	Status     Status        `json:"status"`
	StatusText string        `json:"status_text,omitempty"` // "No longer true: 37 %, needs 40 %"
	Expression string        `json:"expression,omitempty"`
	Value      Number        `json:"value"`
	Needed     Number        `json:"needed"`
	Operator   string        `json:"operator,omitempty"`
	Everyone   Number        `json:"everyone"`
	Compared   string        `json:"compared,omitempty"`  // of a share: "1.4 times as common as among all customers"
	Breakdown  *Distribution `json:"breakdown,omitempty"` // of a section's statement: how an attribute is spread
	File       string        `json:"file"`
	Line       int           `json:"line"`
}

// Persona is one persona, ready to be laid out.
type Persona struct {
	Name        string         `json:"name"`
	DisplayName string         `json:"display_name"`
	Tagline     string         `json:"tagline,omitempty"`
	Role        string         `json:"role"`
	Owner       string         `json:"owner,omitempty"`
	Tags        []string       `json:"tags,omitempty"`
	ReviewBy    string         `json:"review_by,omitempty"`
	PortraitAlt string         `json:"portrait_alt,omitempty"`
	Portrait    string         `json:"portrait,omitempty"`    // style name or file
	ReviewText  string         `json:"review_text,omitempty"` // review_by as a date for people
	LeftOut     []string       `json:"left_out,omitempty"`    // texts without a place of their own that are left out, and why: "Message 2: ..."
	Entity      string         `json:"entity"`
	Who         Rule           `json:"who"`
	Size        Size           `json:"size"`
	ByAnyone    []string       `json:"by_anyone,omitempty"` // which numbers are not about the group alone, a sentence each
	Hidden      string         `json:"hidden,omitempty"`    // the notice of a persona whose group is hidden: no numbers
	Story       []Paragraph    `json:"story"`
	Facts       []Fact         `json:"facts"`
	Personality []Trade        `json:"personality"`
	Goals       []Pair         `json:"goals"`
	Needs       []Pair         `json:"needs"`
	Sections    []Section      `json:"sections"`
	Day         string         `json:"day,omitempty"` // Markdown, as in Paragraph
	Messages    []string       `json:"messages"`
	Objections  []Pair         `json:"objections"`
	Statistics  []Statistic    `json:"statistics"`
	Meter       Meter          `json:"meter"`
	Charts      []Distribution `json:"charts,omitempty"`
	Apart       []Difference   `json:"apart,omitempty"` // strongest first
	Quotes      []Quote        `json:"quotes,omitempty"`
	NoQuotes    string         `json:"no_quotes,omitempty"` // why none are shown: "No customer words collected"
	Journey     *Journey       `json:"journey,omitempty"`   // its stages, counted over the members
}

// Paragraph is prose in Markdown (emphasis, lists, links); Missing lists what was left out and why.
type Paragraph struct {
	Text    string   `json:"text"`
	Missing []string `json:"missing,omitempty"`
}

// Fact is a labelled statement: age, family, occupation.
type Fact struct {
	Label     string        `json:"label"`
	Statement Statement     `json:"statement"`
	Breakdown *Distribution `json:"breakdown,omitempty"`
}

// Trade places a persona between two poles, -2 to 2.
type Trade struct {
	Low      string   `json:"low"`
	High     string   `json:"high"`
	At       float64  `json:"at"`
	Missing  string   `json:"missing,omitempty"` // why nobody can tell the place: At says nothing then
	Evidence Evidence `json:"evidence"`
	Source   string   `json:"source,omitempty"`
}

// Pair is a statement and what follows from it: goal and why, pain and need,
// objection and answer.
type Pair struct {
	Statement   Statement `json:"statement"`
	Then        string    `json:"then,omitempty"`
	ThenMissing string    `json:"then_missing,omitempty"` // why what follows is left out
}

// Section is a named group of statements, in the order of the known layout.
type Section struct {
	Name       string      `json:"name"`
	Title      string      `json:"title"`
	Statements []Statement `json:"statements"`
}

// Statistic is one measured value of a persona.
type Statistic struct {
	ID         string   `json:"id"`
	Expression string   `json:"expression"`
	Func       string   `json:"func"`
	Unit       string   `json:"unit,omitempty"`
	Value      Number   `json:"value"`
	Everyone   Number   `json:"everyone"`
	Lift       *float64 `json:"lift,omitempty"`
	LiftText   string   `json:"lift_text,omitempty"`
	Top        []Top    `json:"top,omitempty"`
}

// Top is one value of top(x, n).
type Top struct {
	Value string `json:"value"`
	Count Number `json:"count"`
	Share Number `json:"share"`
}

// Meter counts a persona's statements by evidence and by state.
type Meter struct {
	Statements int            `json:"statements"`
	Evidence   map[string]int `json:"evidence"`
	Claims     map[string]int `json:"claims"`
	Text       string         `json:"text"` // "14 statements: 9 measured, 3 from research, 2 assumed"
}

// Overlap is how many members of A are in B too.
type Overlap struct {
	A      string   `json:"a"`
	B      string   `json:"b"`
	Both   Number   `json:"both"`
	ShareA Number   `json:"share_of_a"`
	Lift   *float64 `json:"lift,omitempty"`
}

// Dataset is the health of one dataset.
type Dataset struct {
	Name        string     `json:"name"`
	Title       string     `json:"title"`
	Rows        Number     `json:"rows"`
	Read        Number     `json:"read"`
	NewestEvent *time.Time `json:"newest_event,omitempty"`
	Stale       string     `json:"stale,omitempty"` // the sentence, or ""
	Problems    []Problem  `json:"problems"`
	Fingerprint string     `json:"fingerprint"`
}

// Problem is one kind of dirt, counted. It has no file, row or value.
type Problem struct {
	Column   string `json:"column,omitempty"`
	Rule     string `json:"rule,omitempty"`
	Reason   string `json:"reason"`
	Action   string `json:"action"`
	Severity string `json:"severity"`
	Rows     Number `json:"rows"`
	Value    Number `json:"value"`
	Text     string `json:"text"` // one sentence for people
}

// Notice is one line of the status strip.
type Notice struct {
	Severity string `json:"severity"` // error warn info
	Kind     string `json:"kind"`     // stale guard claim data unknown
	Text     string `json:"text"`
	Subject  string `json:"subject,omitempty"`
}

// Table is one flat Parquet file of stats/.
type Table struct {
	Name    string // "segments"
	Columns []TableColumn
	Rows    [][]any // in order; nil is NULL
}

// TableColumn is a column of a Table; Type is a DuckDB type.
type TableColumn struct{ Name, Type string }
