package evaluate

import (
	"context"
	"strings"

	"personae/engine/catalog"
	"personae/engine/plan"
	"personae/engine/sqlgen"
	"personae/engine/sqltext"
)

// ExportEntity writes data/<entity>.parquet of REPORTS D: key, traits, segments,
// segmentations, scores, journeys, as_of; a row a customer, sorted by key. Lists and records stay
// out: the file is flat.
func (s *Snapshot) ExportEntity(ctx context.Context, p *plan.EntityPlan, path string, meta map[string]string) error {
	list := []string{sqltext.Ident(p.Entity.Table.Key)}
	for _, o := range p.Outputs() {
		switch o.Kind {
		case plan.TraitOutput:
			if !flat(o.Expr.Type.Kind) {
				continue
			}
		case plan.SegmentOutput, plan.SegmentationOutput, plan.PointsOutput, plan.BandOutput, plan.StageOutput, plan.SinceOutput:
		default:
			continue
		}
		list = append(list, sqltext.Ident(o.Name))
	}
	list = append(list, s.asOf()+" AS as_of")
	return s.db.CopyTo(ctx, "SELECT "+strings.Join(list, ", ")+" FROM "+sqltext.Path(sqlgen.ResultSchema, p.Entity.Name), path, meta)
}

func flat(k catalog.Kind) bool {
	switch k {
	case catalog.Bool, catalog.Int, catalog.Uint, catalog.Double, catalog.String, catalog.Bytes, catalog.Timestamp, catalog.Duration:
		return true
	}
	return false
}

func (s *Snapshot) asOf() string { return sqlgen.DuckDB{}.Constant(s.AsOf) }
