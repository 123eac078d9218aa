package sqlgen

import (
	"time"

	"personae/engine/plan"
	"personae/engine/sqltext"
)

// NewEvidence is the one query for all statistics over the rows of a dataset that
// belong to nobody. Everyone is all of them, so nothing is asked twice.
func NewEvidence(e plan.Evidence, d Dialect, asOf time.Time) (Row, []StatColumns, error) {
	rows, err := SelectSQL(d, asOf, sqltext.Path(SnapshotSchema, e.Table.Name), "", e.Outputs)
	if err != nil {
		return Row{}, nil, err
	}
	s := &statistician{g: &generator{d: d}, columns: map[string]string{}, outputs: map[string]*plan.Expr{}}
	for _, o := range e.Outputs {
		s.outputs[o.Name] = o.Expr
	}
	var stats []StatColumns
	for _, a := range e.Aggregates {
		stats = append(stats, s.one(a))
	}
	return Row{Items: s.list, Columns: s.fixed, Table: "(" + rows + ")"}, stats, nil
}
