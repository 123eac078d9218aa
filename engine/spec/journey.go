package spec

import "personae/engine/source"

// Journey is ordered stages, from becoming aware to recommending.
type Journey struct {
	Document
	Labels
	For     Text     `yaml:"for" doc:"The entity. Default: the project's root."`
	Purpose Text     `yaml:"purpose" doc:"Why sensitive columns are used."`
	Stages  []*Stage `yaml:"stages" required:"true" doc:"The stages, first to last."`
}

// Stage is one stage of a Journey.
type Stage struct {
	Range       source.Range
	Name        Text          `yaml:"name" required:"true" doc:"Its name."`
	Title       Text          `yaml:"title" doc:"What people call it."`
	Entered     Expr          `yaml:"entered" required:"true" doc:"CEL that is true for those who have entered it."`
	At          Expr          `yaml:"at" doc:"CEL that gives the moment of entering."`
	Touchpoints []*Touchpoint `yaml:"touchpoints" doc:"Where we meet them, and how often."`
	Doing       Text          `yaml:"doing" doc:"What they do."`
	Thinking    Text          `yaml:"thinking" doc:"What they think."`
	Feeling     Float         `yaml:"feeling" doc:"How they feel: -2 to 2."`
	Response    Text          `yaml:"response" doc:"What we do about it."`
	Pains       []Text        `yaml:"pains" doc:"What hurts."`
}

// Touchpoint is one kind of contact in a Stage.
type Touchpoint struct {
	Range source.Range
	Name  Text `yaml:"name" required:"true" doc:"What people call it, free text."`
	Count Expr `yaml:"count" required:"true" doc:"CEL that counts the contacts of one customer."`
}
