package spec

// Export is an audience, for the team that acts on it.
type Export struct {
	Document
	Title       Text   `yaml:"title" doc:"What people call it."`
	Description Text   `yaml:"description" doc:"What it is for."`
	For         Text   `yaml:"for" doc:"The entity. Default: the project's root."`
	Owner       Text   `yaml:"owner" doc:"Who answers for it."`
	Tags        []Text `yaml:"tags" doc:"Free labels."`
	Who         Expr   `yaml:"who" required:"true" doc:"CEL that is true for the audience."`
	Contactable Expr   `yaml:"contactable" doc:"CEL that is true for those who may be contacted. Default: everybody."`
	Columns     []Text `yaml:"columns" required:"true" doc:"Columns and calculated values that are handed over; personal ones are handed over only where they are named."`
	Purpose     Text   `yaml:"purpose" required:"true" doc:"What it is used for: one sentence, kept in the log."`
}
