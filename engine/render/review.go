package render

import (
	"time"

	"personae/engine/report"
)

// reviewWord is what is said before the day of a persona's review: it may have passed.
func (s *site) reviewWord(p report.Persona) string {
	if p.ReviewBy < s.r.AsOf.In(s.f.Zone()).Format(time.DateOnly) {
		return "Was to be reviewed by"
	}
	return "Next review by"
}
