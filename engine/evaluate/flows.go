package evaluate

import (
	"context"
	"strconv"
	"strings"

	"personae/engine/duckdb"
	"personae/engine/plan"
	"personae/engine/results"
	"personae/engine/sqlgen"
	"personae/engine/sqltext"
)

// Flows counts, for each segmentation that an earlier version knew too, who went
// from which group to which. One join by key serves all of them.
func (s *Snapshot) Flows(ctx context.Context, p *plan.EntityPlan, b Before) ([]results.Flow, error) {
	file, remove, err := s.db.Lend(b.Path)
	if err != nil {
		return nil, err
	}
	defer remove()
	there := map[string]string{}
	err = s.db.Each(ctx, "SELECT column_name AS name, column_type AS type FROM (DESCRIBE SELECT * FROM read_parquet("+sqltext.Literal(file)+"))", func(r duckdb.Row) error {
		name, _ := r["name"].(string)
		there[name], _ = r["type"].(string)
		return nil
	})
	key := p.Entity.Table.Key
	if err != nil || there[key] == "" {
		return nil, err
	}
	var names []string
	for _, o := range p.Outputs() {
		if o.Kind == plan.SegmentationOutput && there[o.Name] == "VARCHAR" {
			names = append(names, o.Name)
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	var out []results.Flow
	err = s.db.Each(ctx, flowsSQL(p.Entity.Name, key, file, names), func(r duckdb.Row) error {
		for i, name := range names {
			from, ok := r["w"+strconv.Itoa(i)].(string)
			if !ok {
				continue // the row counts another segmentation
			}
			to, _ := r["r"+strconv.Itoa(i)].(string)
			out = append(out, results.Flow{Entity: p.Entity.Name, Segmentation: name, From: from, To: to, People: r.Whole("n")})
		}
		return nil
	})
	return out, err
}

// flowsSQL puts the rows of a version and of now side by side, as text, so that a
// key whose type has changed still finds its row.
func flowsSQL(entity, key, file string, names []string) string {
	var before, now, both, sets []string
	side := func(from, name, as string) string {
		return "CASE WHEN " + from + ".k IS NULL THEN " + sqltext.Literal(results.NotThere) + " ELSE coalesce(" + from + "." + sqltext.Ident(name) + ", " + sqltext.Literal(results.Undecided) + ") END AS " + as
	}
	for i, name := range names {
		n := strconv.Itoa(i)
		before, now = append(before, sqltext.Ident(name)), append(now, sqltext.Ident(name)+"::VARCHAR AS "+sqltext.Ident(name))
		both = append(both, side("w", name, "w"+n), side("r", name, "r"+n))
		sets = append(sets, "(w"+n+", r"+n+")")
	}
	id := sqltext.Ident(key)
	return "SELECT *, count(*)::BIGINT AS n FROM (SELECT " + strings.Join(both, ", ") +
		" FROM (SELECT " + id + "::VARCHAR AS k, " + strings.Join(before, ", ") + " FROM read_parquet(" + sqltext.Literal(file) + ")) w" +
		" FULL JOIN (SELECT " + id + "::VARCHAR AS k, " + strings.Join(now, ", ") + " FROM " + sqltext.Path(sqlgen.ResultSchema, entity) + ") r ON r.k = w.k)" +
		" GROUP BY GROUPING SETS (" + strings.Join(sets, ", ") + ") ORDER BY ALL"
}
