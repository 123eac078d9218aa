package evaluate

import (
	"context"
	"strings"

	"personae/engine/duckdb"
	"personae/engine/plan"
	"personae/engine/sqlgen"
	"personae/engine/sqltext"
)

// Before is a file of an earlier version with a row for each row of an entity,
// as ExportEntity writes it. Digest stands for its content, and is "" where that
// is not known.
type Before struct{ Path, Digest string }

// digest stands for who was in which segment; "" where that is not known.
func (b Before) digest() string {
	if b.Path == "" {
		return "nobody"
	}
	return b.Digest
}

// before makes the table that says who was in which segment. Who was not there,
// and of whom it was not known, was in none.
func (s *Snapshot) before(ctx context.Context, p *plan.EntityPlan, b Before) error {
	wanted := p.Before()
	if len(wanted) == 0 {
		return nil
	}
	file, remove, err := s.db.Lend(b.Path)
	if err != nil {
		return err
	}
	defer remove()
	there := map[string]bool{}
	if file != "" {
		err := s.db.Each(ctx, "SELECT column_name AS name FROM (DESCRIBE SELECT * FROM read_parquet("+sqltext.Literal(file)+"))", func(r duckdb.Row) error {
			name, _ := r["name"].(string)
			there[name] = true
			return nil
		})
		if err != nil {
			return err
		}
	}
	key := sqltext.Ident(p.Entity.Table.Key)
	var columns, read []string
	for _, name := range wanted {
		was := "false"
		if there[name] && there[p.Entity.Table.Key] {
			was = "coalesce(b." + sqltext.Ident(name) + ", false)"
			read = append(read, sqltext.Ident(name))
		}
		columns = append(columns, was+" AS "+sqltext.Ident(name))
	}
	from := sqltext.Path(sqlgen.SnapshotSchema, p.Entity.Table.Name) + " s"
	if len(read) > 0 {
		// As text, so that a key whose type has changed still finds its row.
		from += " LEFT JOIN (SELECT " + key + "::VARCHAR AS k, " + strings.Join(read, ", ") + " FROM read_parquet(" + sqltext.Literal(file) + ")) b ON b.k = s." + key + "::VARCHAR ORDER BY s." + key
	}
	_, err = s.db.sql.ExecContext(ctx, "CREATE TABLE "+sqltext.Path(sqlgen.ResultSchema, plan.BeforeTable(p.Entity.Name))+" AS SELECT "+strings.Join(columns, ", ")+" FROM "+from)
	return err
}
