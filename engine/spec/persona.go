package spec

import (
	"personae/engine/source"
)

// Persona is a template: prose and statements about a group of customers.
type Persona struct {
	Document
	Who        Expr                  `yaml:"who" required:"true" doc:"CEL that is true for the customers it stands for."`
	For        Text                  `yaml:"for" doc:"The entity. Default: the project's root."`
	Role       Text                  `yaml:"role" enum:"primary,secondary,negative" doc:"Default secondary."`
	Owner      Text                  `yaml:"owner" doc:"Who answers for it."`
	Tags       []Text                `yaml:"tags" doc:"Free labels."`
	ReviewBy   Text                  `yaml:"review_by" doc:"The date by which it must be looked at again."`
	Purpose    Text                  `yaml:"purpose" doc:"Why sensitive columns are used."`
	Identity   *Identity             `yaml:"identity" doc:"Name, face and facts."`
	Story      Template              `yaml:"story" doc:"Who they are, in Markdown (emphasis, lists, links), with ${} for measured values."`
	Goals      []*Goal               `yaml:"goals" doc:"What they want, and why."`
	Needs      []*Need               `yaml:"needs" doc:"What hurts, and what would help."`
	Sections   []Entry[[]*Statement] `yaml:"sections" doc:"Statements by section."`
	Quotes     *Quotes               `yaml:"quotes" doc:"Where their words come from."`
	Charts     []*Chart              `yaml:"charts" doc:"What to draw."`
	Journey    Text                  `yaml:"journey" doc:"The journey whose stages are shown."`
	Day        Template              `yaml:"day" doc:"A day in their life, in Markdown (emphasis, lists, links)."`
	Messages   []Template            `yaml:"messages" doc:"What to say to them."`
	Objections []*Objection          `yaml:"objections" doc:"What they object, and the answer."`
}

// Identity is who the persona is.
type Identity struct {
	Range       source.Range
	Name        Text                `yaml:"name" required:"true" doc:"A person's name, free text."`
	Tagline     Template            `yaml:"tagline" doc:"One line."`
	Portrait    *Portrait           `yaml:"portrait" doc:"A drawn face or an image."`
	Facts       []Entry[*Statement] `yaml:"facts" doc:"Age, family, occupation, ..."`
	Personality []*Trade            `yaml:"personality" doc:"Places between two poles."`
}

// Portrait is a drawn face (Style) or the user's own image (File).
type Portrait struct {
	Range source.Range
	Style Text `yaml:"style" doc:"The drawing style."`
	File  Text `yaml:"file" doc:"An image inside the project."`
	Alt   Text `yaml:"alt" doc:"What the picture shows, for those who cannot see it."`
}

// Trade places a persona between two poles, -2 to 2.
type Trade struct {
	Range    source.Range
	Between  []Text `yaml:"between" required:"true" doc:"The two poles."`
	At       Float  `yaml:"at" doc:"-2 (the first) to 2 (the second)."`
	Source   Text   `yaml:"source" doc:"The research finding: research.finding."`
	Assumed  Bool   `yaml:"assumed" doc:"Nobody has measured it."`
	Measured Expr   `yaml:"measured" doc:"CEL that gives the place."`
}

// Statement is one thing said about a persona. It is measured (Holds, or ${}
// in Say), researched (Source) or assumed (Assumed), and shown as such.
type Statement struct {
	Range     source.Range
	Say       Template `yaml:"say" required:"true" doc:"The statement, with ${} for measured values."`
	Holds     Expr     `yaml:"holds" doc:"CEL over statistics: whether it is still true."`
	Source    Text     `yaml:"source" doc:"The research finding: research.finding."`
	Assumed   Bool     `yaml:"assumed" doc:"Nobody has measured it."`
	Breakdown Expr     `yaml:"breakdown" doc:"The attribute whose distribution is drawn beside it."`
}

// Goal is what they want.
type Goal struct {
	Range   source.Range
	Goal    Template `yaml:"goal" required:"true" doc:"What they want."`
	Because Template `yaml:"because" doc:"Why."`
	Holds   Expr     `yaml:"holds" doc:"CEL over statistics: whether it is still true."`
	Source  Text     `yaml:"source" doc:"The research finding: research.finding."`
	Assumed Bool     `yaml:"assumed" doc:"Nobody has measured it."`
}

// Need is a pain and what would help.
type Need struct {
	Range   source.Range
	Pain    Template `yaml:"pain" required:"true" doc:"What hurts."`
	Need    Template `yaml:"need" doc:"What would help."`
	Holds   Expr     `yaml:"holds" doc:"CEL over statistics: whether it is still true."`
	Source  Text     `yaml:"source" doc:"The research finding: research.finding."`
	Assumed Bool     `yaml:"assumed" doc:"Nobody has measured it."`
}

// Quotes says where a persona's words come from.
type Quotes struct {
	Range source.Range
	From  Text `yaml:"from" required:"true" doc:"The dataset."`
	Text  Expr `yaml:"text" required:"true" doc:"CEL that gives the words."`
	Where Expr `yaml:"where" doc:"CEL that picks rows."`
	Pick  Int  `yaml:"pick" doc:"How many. Default 3."`
}

// Chart asks for a drawing; its kind follows the data.
type Chart struct {
	Range source.Range
	Title Text `yaml:"title" doc:"The chart's title."`
	Of    Expr `yaml:"of" required:"true" doc:"CEL over one row of the entity."`
}

// Objection is what they object, and the answer.
type Objection struct {
	Range     source.Range
	Objection Template `yaml:"objection" required:"true" doc:"What they say."`
	Answer    Template `yaml:"answer" doc:"What to answer."`
}

// Research is evidence that is not rows: interviews, focus groups, field notes.
type Research struct {
	Document
	Title    Text              `yaml:"title" doc:"What people call it."`
	Method   Text              `yaml:"method" doc:"interview, focus group, survey, field notes, ..."`
	People   Int               `yaml:"people" doc:"How many were asked."`
	Date     Text              `yaml:"date" doc:"When."`
	Findings []Entry[*Finding] `yaml:"findings" required:"true" doc:"What was found, by short name."`
}

// Finding is one result of Research.
type Finding struct {
	Range source.Range
	Say   Text `yaml:"say" required:"true" doc:"What was found."`
}
