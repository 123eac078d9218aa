package spec

import "personae/engine/source"

// Score adds up points for conditions, and divides the sums into bands.
type Score struct {
	Document
	Labels
	For     Text           `yaml:"for" doc:"The entity. Default: the project's root."`
	Purpose Text           `yaml:"purpose" doc:"Why sensitive columns are used."`
	Outcome Expr           `yaml:"outcome" doc:"CEL that is true where what the score is to foretell has happened: the report shows how often, by band."`
	Parts   []*ScorePart   `yaml:"parts" required:"true" doc:"What earns points."`
	Bands   []Entry[Float] `yaml:"bands" required:"true" doc:"Names of the bands, each with its lowest points; best first."`
}

// ScorePart is one condition that earns points.
type ScorePart struct {
	Range   source.Range
	Name    Text  `yaml:"name" required:"true" doc:"Its name."`
	Title   Text  `yaml:"title" doc:"What people call it."`
	When    Expr  `yaml:"when" required:"true" doc:"CEL that is true for those who have the points."`
	Points  Float `yaml:"points" required:"true" doc:"How many points; negative ones take away."`
	Unknown Float `yaml:"unknown" doc:"How many points those have for whom it cannot be told. Default: anything between 0 and points."`
}
