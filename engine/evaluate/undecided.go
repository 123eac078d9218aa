package evaluate

import (
	"context"
	"strings"

	"personae/engine/plan"
	"personae/engine/results"
	"personae/engine/sqlgen"
	"personae/engine/sqltext"
)

// undecidedTable holds the rows of an entity that any of its groups cannot
// decide, in order of the key: number, key, the groups, and what is empty. No
// entity can have its name.
func undecidedTable(e *plan.EntityPlan) string {
	return sqltext.Path(sqlgen.ResultSchema, undecidedRows+e.Entity.Name)
}

const undecidedRows = "undecided rows of "

// undecidedOf is the entity whose undecided rows a table holds.
func undecidedOf(table string) (entity string, ok bool) {
	return strings.CutPrefix(table, undecidedRows)
}

func emptyFlag(column string) string { return sqltext.Ident("empty:" + column) }

// explainedKinds are the outputs of whose undecided rows reports give reasons.
var explainedKinds = map[plan.OutputKind]results.GroupKind{
	plan.SegmentOutput: results.Segment, plan.SegmentationOutput: results.Segmentation, plan.PersonaOutput: results.Persona,
	plan.BandOutput: results.Band, plan.StageOutput: results.OfJourney, plan.ExportOutput: results.OfExport,
}

// isUndecided is the condition on a row of results that an output cannot be told
// there. A stage is NULL, too, of those who have entered none.
func isUndecided(o plan.Output, alias string) string {
	is := alias + sqltext.Ident(o.Name) + " IS NULL"
	if o.Kind != plan.StageOutput {
		return is
	}
	return "(" + is + " AND " + alias + sqltext.Ident(o.Furthest()) + " IS DISTINCT FROM false)"
}

// setUndecided fills the table of an entity's undecided rows. They are few, and
// all that is asked about them is asked of it: of whole tables, putting results
// beside rows for each of 50 segments took 28 s of 36 at a million customers. It
// returns the columns that the table has a flag of.
func (s *Snapshot) setUndecided(ctx context.Context, e *plan.EntityPlan) (map[string]bool, error) {
	list := []string{"r.rowid AS \"#\"", "r." + sqltext.Ident(e.Entity.Table.Key)}
	var flags, empty []string
	var told []plan.Output
	flagged := map[string]bool{}
	lacks := s.newLacks()
	for _, o := range e.Outputs() {
		if explainedKinds[o.Kind] == "" || o.Kind != plan.StageOutput && o.Expr.Decided() {
			continue
		}
		column := "r." + sqltext.Ident(o.Name)
		if o.Kind == plan.StageOutput {
			column = "CASE WHEN NOT " + isUndecided(o, "r.") + " THEN coalesce(" + column + ", '') END AS " + sqltext.Ident(o.Name)
		}
		list, told = append(list, column), append(told, o)
		s.lacks(e, o, lacks)
		for _, c := range s.readEmpty(e, o) {
			if !flagged[c] {
				flagged[c] = true
				is := sqltext.Ident(c) + " IS NULL"
				flags, empty = append(flags, is+" AS "+emptyFlag(c)), append(empty, is)
				list = append(list, "coalesce(s."+emptyFlag(c)+", false) AS "+emptyFlag(c))
			}
		}
	}
	from := s.undecidedOf(e, told) + " r"
	if len(flags) > 0 {
		from += " LEFT JOIN (SELECT rowid AS n, " + strings.Join(flags, ", ") + " FROM " + sqltext.Path(sqlgen.SnapshotSchema, e.Entity.Table.Name) +
			" WHERE " + strings.Join(empty, " OR ") + ") s ON s.n = r.rowid"
	}
	if len(lacks.names) > 0 {
		from += " LEFT JOIN (" + lacks.sql(e.Entity.Table.Name) + ") l ON l.n = r.rowid"
	}
	for _, c := range lacks.names {
		flagged[c] = true
		list = append(list, "coalesce(l."+emptyFlag(c)+", false) AS "+emptyFlag(c))
	}
	_, err := s.db.sql.ExecContext(ctx, "CREATE OR REPLACE TABLE "+undecidedTable(e)+
		" AS SELECT "+strings.Join(list, ", ")+" FROM "+from+" ORDER BY r.rowid")
	return flagged, err
}

// undecidedOf is a table of the rows of which one of some outputs cannot be told.
func (s *Snapshot) undecidedOf(e *plan.EntityPlan, told []plan.Output) string {
	stands := s.stands[e.Entity.Name]
	reads := namesOf(told)
	where := []string{"r." + sqltext.Ident(isOpen)}
	for _, o := range told {
		if o.Kind == plan.StageOutput {
			reads = append(reads, o.Furthest())
		}
		if !stands.names[o.Name].at.Byte {
			where = append(where, isUndecided(o, "r."))
		}
	}
	return "(SELECT * FROM " + s.some(e, reads, func(b *sideBySide) string {
		var open sqlgen.OpenBits
		for _, o := range told {
			at := stands.names[o.Name]
			open.Add(at.at, b.alias(at.table))
		}
		return open.SQL() + " AS " + sqltext.Ident(isOpen)
	}) + " r WHERE " + strings.Join(where, " OR ") + ")"
}

// isOpen is what undecidedOf has beside the outputs: whether one that is stored as
// bits cannot be told.
const isOpen = "≡open"
