package compile

// crossNames tells each scope the names of groups that are about others, so
// that a reference to one is told apart from a misspelling.
func (c *compiler) crossNames() {
	for _, n := range c.nodes {
		if n.rule.Kind != SegmentRule && n.rule.Kind != SegmentationRule && n.rule.Kind != ScoreRule && n.rule.Kind != JourneyRule {
			continue
		}
		for _, s := range c.entities {
			if s != n.scope {
				s.elsewhere[n.rule.Name] = n.rule.Entity
			}
		}
	}
}
