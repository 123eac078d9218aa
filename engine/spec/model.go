// Package spec is the YAML source model: bytes in, a Module out, with every
// leaf still knowing where it stands in its file.
//
// Input: the files under datasets/ and rules/. Output: *Module and
// diagnostics. It knows YAML and the shape of each kind; it must not know CEL,
// tables or SQL: an expression is text with a place.
//
// The structs of this package are the single description of the file format:
// the decoder, the list of known keys ("did you mean") and the JSON Schemas
// under schemas/ are all derived from their fields and tags.
//
// The phases, a file each: load (files), documents (YAML), traps and syntax
// (what YAML misreads, in our words), decode (structs), validate (rules over
// the whole module), then schema and canonical for those who come after.
//
// Recipe, a new key: a field with its tags, then `go test ./engine/spec
// -update` for the schemas. Recipe, a new kind: a struct, a row in kinds.go, a
// slice in Module. Recipe, a new rule: a function in validate_*.go, a code in
// diag/codes.go, a case in testdata/errors/spec.
package spec

import (
	"personae/engine/source"
)

// Module is everything that a project's files say. Nothing changes it after
// Parse returns.
type Module struct {
	Files         []*source.File // sorted by path
	Project       *Project       // a default one where no file says `kind: Project`
	Datasets      []*Dataset     // each slice in order of file, then of place
	Parameters    []*Parameters
	Traits        []*Traits
	Segments      []*Segment
	Segmentations []*Segmentation
	Scores        []*Score
	Journeys      []*Journey
	Personas      []*Persona
	Research      []*Research
	Exports       []*Export
	Tests         []*Test
	Broken        []Broken // documents that YAML could not read: reported, and nothing of them is above
}

// Broken is a document that could not be read. Its kind and name are guessed from its lines, so that others may refer
// to it without being told that it does not exist.
type Broken struct {
	Kind, Name string // "" where no line gives it
	Range      source.Range
}

// Text is a decoded scalar with its place; the zero Text is "not written".
type Text = source.Text

// Expr is the text of a CEL expression.
type Expr struct{ source.Text }

// Template is text with ${CEL} holes.
type Template struct{ source.Text }

// Value is a typed scalar with its place. Set tells "written" from "zero".
type Value[T any] struct {
	V     T
	Set   bool
	Range source.Range
}

type (
	// Bool is a YAML true or false.
	Bool = Value[bool]
	// Int is a whole number.
	Int = Value[int64]
	// Float is a number, whole or not.
	Float = Value[float64]
)

// Document is what every kind begins with.
type Document struct {
	Name  Text         `yaml:"name" doc:"Its name: small letters, digits and underscores."` // the kind in small letters where a kind needs none
	Range source.Range // the whole document
	File  string
}

// Project names the settings that all rules share.
type Project struct {
	Document
	Timezone Text          `yaml:"timezone" doc:"IANA time zone for calendar days, ages and clock hours. Default UTC."`
	Locale   Text          `yaml:"locale" doc:"How numbers, money and dates are written, as in en-GB. Default en."`
	Currency Text          `yaml:"currency" doc:"ISO 4217 code of money, as in GBP."`
	AsOf     Text          `yaml:"as_of" doc:"The instant that reports are calculated for: today, latest, or an RFC 3339 time. Default today."`
	Root     Text          `yaml:"root" doc:"The entity that rules are about where they do not say for."`
	Values   []Entry[Expr] `yaml:"value" doc:"What one customer is worth, by entity."`
	Privacy  *Privacy      `yaml:"privacy" doc:"Group size below which nothing is shown."`
}

// Privacy holds the limits of DESIGN section 8.
type Privacy struct {
	Range    source.Range
	MinGroup Int  `yaml:"min_group" doc:"Smallest group of people that is shown. Default 5."`
	Keys     Text `yaml:"keys" enum:"plain,hmac" doc:"How keys are written in exports."`
}

// Entry is one key of an ordered mapping whose keys are names that users choose.
type Entry[T any] struct {
	Key   Text
	Value T
}

// Dataset says where rows come from and what they are.
type Dataset struct {
	Document
	Title       Text             `yaml:"title" doc:"What people call it."`
	Description Text             `yaml:"description" doc:"What it holds."`
	Entity      Text             `yaml:"entity" doc:"What one row is called: the variable of its rules."`
	Key         Text             `yaml:"key" doc:"The column that identifies a row."`
	Of          Text             `yaml:"of" doc:"The entity that these rows belong to."`
	By          Text             `yaml:"by" doc:"The column that holds the key of the entity in of."`
	Time        Text             `yaml:"time" doc:"The column that says when a row happened."`
	Orphans     Text             `yaml:"orphans" enum:"warn,error,ignore" doc:"What rows whose owner does not exist are. Default warn."`
	Value       Text             `yaml:"value" doc:"The column that says what an orphan row is worth."`
	Future      Bool             `yaml:"future" doc:"Whether rows later than the as-of instant exist."`
	Source      *Source          `yaml:"source" required:"true" doc:"Where the rows come from: exactly one of path, database, sql, distinct."`
	Columns     []Entry[*Column] `yaml:"columns" doc:"Columns that are checked, converted, renamed or described; the rest is introspected."`
	NullValues  []Text           `yaml:"null_values" doc:"Texts that stand for null in every column."`
	OnDuplicate Text             `yaml:"on_duplicate" enum:"fail,first,last" doc:"What happens to a second row with the same key. Default fail; exact copies are dropped and counted."`
	OrderBy     []Text           `yaml:"order_by" doc:"The columns that decide which duplicate is first; must be a total order."`
	Fresh       *Fresh           `yaml:"fresh" doc:"How old the newest row may be."`
	Checks      []*Check         `yaml:"checks" doc:"What must hold for every row."`
}

// Source is where a dataset's rows come from. Exactly one of Path, Database,
// SQL and Distinct is written.
type Source struct {
	Range     source.Range
	Path      Text `yaml:"path" doc:"A file or glob inside the project: Parquet, CSV or TSV (plain, .gz, .zst), JSON, NDJSON."`
	Database  Text `yaml:"database" doc:"A DuckDB database file inside the project."`
	Table     Text `yaml:"table" doc:"The table in database."`
	SQL       Text `yaml:"sql" doc:"One SELECT over other datasets of the project."`
	Distinct  Text `yaml:"distinct" doc:"A dataset: one row for each non-null key found there."`
	Format    Text `yaml:"format" enum:"parquet,csv,json,ndjson" doc:"The file format where its name does not tell."`
	Encoding  Text `yaml:"encoding" doc:"utf-8 (default), utf-16 or latin-1."`
	Delimiter Text `yaml:"delimiter" doc:"The character between cells of a CSV file. Found out where it is not given."`
	Quote     Text `yaml:"quote" doc:"The quote character of a CSV file. Default is the double quote."`
	Header    Bool `yaml:"header" doc:"Whether the first line of a CSV file names its columns. Default true."`
	Decimal   Text `yaml:"decimal" enum:"point,comma" doc:"The decimal separator of numbers in text. Default point."`
}

// Column declares one column of a dataset.
type Column struct {
	Range       source.Range
	Type        Text          `yaml:"type" doc:"string, int, double, bool, date, timestamp, bytes or list<T>."`
	From        Text          `yaml:"from" doc:"The column's name in the file, where it differs."`
	Format      Text          `yaml:"format" doc:"strptime format of dates and times."`
	Decimal     Text          `yaml:"decimal" enum:"point,comma" doc:"The decimal separator of this column."`
	Title       Text          `yaml:"title" doc:"What people call it."`
	Description Text          `yaml:"description" doc:"What it holds."`
	Unit        Text          `yaml:"unit" doc:"Its unit: an ISO currency, years, minutes, ..."`
	Basis       Text          `yaml:"basis" enum:"demographic,geographic,psychographic,behavioural,lifecycle,lead,lifestyle" doc:"The kind of segment that it serves."`
	PII         Bool          `yaml:"pii" doc:"Identifies a person: never leaves in reports."`
	Sensitive   Bool          `yaml:"sensitive" doc:"A rule that uses it must state a purpose."`
	Publish     Bool          `yaml:"publish" doc:"Whether quotes from it may be published."`
	Required    Bool          `yaml:"required" doc:"Whether a row without it is rejected."`
	References  Text          `yaml:"references" doc:"The dataset whose key this column holds."`
	Replace     []Entry[Text] `yaml:"replace" doc:"Values that are read as others."`
	NullValues  []Text        `yaml:"null_values" doc:"Texts that stand for null in this column."`
	OnError     Text          `yaml:"on_error" enum:"fail,null,skip" doc:"What an unreadable value does: fail the run, become null (default), or skip its row."`
}

// Fresh is the freshness promise of a dataset.
type Fresh struct {
	Range    source.Range
	Within   Expr `yaml:"within" required:"true" doc:"The greatest age of the newest row, as in days(2)."`
	Severity Text `yaml:"severity" enum:"warn,error" doc:"Default warn."`
}

// Check is an expectation about every row of a dataset.
type Check struct {
	Range    source.Range
	Rule     Expr `yaml:"rule" required:"true" doc:"CEL over one row; every row must make it true."`
	Severity Text `yaml:"severity" enum:"warn,error" doc:"Default error."`
	Title    Text `yaml:"title" doc:"What it means."`
}

// Parameters are named constants, kept as written: 500 is an int, 500.0 a double.
type Parameters struct {
	Document
	Values []Entry[Text] `yaml:"values" required:"true" doc:"Named constants: params.name."`
}

// Traits are computed attributes of an entity.
type Traits struct {
	Document
	For    Text            `yaml:"for" doc:"The entity. Default: the project's root."`
	Traits []Entry[*Trait] `yaml:"traits" required:"true" doc:"Computed attributes by name."`
}

// Trait is one computed attribute. Exactly one of Value and Rank is written.
type Trait struct {
	Range   source.Range
	Value   Expr `yaml:"value" doc:"CEL over one row of the entity."`
	Rank    Expr `yaml:"rank" doc:"CEL whose value is ranked against the population."`
	Buckets Int  `yaml:"buckets" doc:"Number of buckets of a rank; the best get the highest."`
	Best    Text `yaml:"best" enum:"high,low" doc:"Which end of a rank is best. Default high."`
	Among   Expr `yaml:"among" doc:"Whom a rank compares. Default: everyone."`
	Unit    Text `yaml:"unit" doc:"Its unit."`
	Labels
}

// Labels is what the authors of a rule say of it, beside the rule: all kinds of rules have it.
type Labels struct {
	Title       Text        `yaml:"title" doc:"What people call it."`
	Description Text        `yaml:"description" doc:"What it means, and whom or what it is for."`
	Owner       Text        `yaml:"owner" doc:"Who answers for it."`
	Basis       Text        `yaml:"basis" enum:"demographic,geographic,psychographic,behavioural,lifecycle,lead,lifestyle" doc:"The kind of segment that it is, or serves."`
	Tags        []Text      `yaml:"tags" doc:"Free labels."`
	Deprecated  *Deprecated `yaml:"deprecated" doc:"Why it should no longer be used, and what instead."`
}

// Segment is a group of customers that a rule decides.
type Segment struct {
	Document
	Labels
	For     Text    `yaml:"for" doc:"The entity. Default: the project's root."`
	Purpose Text    `yaml:"purpose" doc:"Why sensitive columns are used."`
	When    Expr    `yaml:"when" required:"true" doc:"CEL that is true for members."`
	Leave   Expr    `yaml:"leave" doc:"CEL that ends a membership (hysteresis)."`
	Expect  *Expect `yaml:"expect" doc:"Size that is expected."`
}

// Expect is a size guard: each bound is a pair [low, high], both inclusive.
type Expect struct {
	Range   source.Range
	Share   []Float `yaml:"share" doc:"Lowest and highest share of the population, 0 to 1."`
	Members []Int   `yaml:"members" doc:"Lowest and highest number of members."`
}

// Deprecated marks a rule that should no longer be used.
type Deprecated struct {
	Range     source.Range
	Reason    Text `yaml:"reason" required:"true" doc:"Why."`
	Successor Text `yaml:"successor" doc:"What to use instead."`
}

// Segmentation is exclusive and exhaustive: the first rung that matches wins.
type Segmentation struct {
	Document
	Labels
	For       Text    `yaml:"for" doc:"The entity. Default: the project's root."`
	Purpose   Text    `yaml:"purpose" doc:"Why sensitive columns are used."`
	Segments  []*Rung `yaml:"segments" required:"true" doc:"Rungs in order."`
	Otherwise Text    `yaml:"otherwise" required:"true" doc:"The name for those whom no rung takes."`
}

// Rung is one group of a Segmentation.
type Rung struct {
	Range source.Range
	Name  Text `yaml:"name" required:"true" doc:"The group's name."`
	Title Text `yaml:"title" doc:"What people call it."`
	When  Expr `yaml:"when" required:"true" doc:"CEL that is true for members."`
}
