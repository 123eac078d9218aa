package celenv

import (
	"time"

	"personae/engine/catalog"
)

// Options say what an environment knows.
type Options struct {
	Zone          *time.Location          // of calendar days, ages and clock hours; nil is UTC
	Tables        []*catalog.Table        // the entity's table and what it reaches
	Entity        string                  // the variable: customer; "" for none
	Traits        map[string]catalog.Type // of the entity, by name
	Segments      []string                // segment.<name>, bool
	Segmentations []string                // segmentation.<name>, string
	Scores        []string                // score.<name>, double
	Journeys      map[string][]string     // journey.<name>, a nullable string, with its stages: reached(<name>, <stage>)
	Params        map[string]any          // params.<name>: int64, float64, bool or string
}

// zone returns the zone, or UTC.
func (o Options) zone() *time.Location {
	if o.Zone == nil {
		return time.UTC
	}
	return o.Zone
}

// table returns the table whose rows are called so, or nil.
func (o Options) table(entity string) *catalog.Table {
	return (&catalog.Catalog{Tables: o.Tables}).Entity(entity)
}
