package evaluate

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"personae/engine/plan"
	"personae/engine/results"
	"personae/engine/sqlgen"
	"personae/engine/sqltext"
)

// standing is what the last evaluation of an entity left: its columns, by what
// they hold, and what was found in them. The next evaluation calculates what is
// not there. Nothing changes one: a Run makes the next.
type standing struct {
	base    string // the table that holds the key of every row
	key     string // its name there
	columns map[string]stored
	names   map[string]stored // by output, those without a digest included
	digests map[string]string // of outputs, by name
	rows    string            // digest of which rows there are
	byRow   map[string]results.ByRow
	ranks   []results.Rank
	memory  *memory // what was asked of them
	members members
	pairs   *pairs
}

// stored is where a column of results is stored: tables hold the rows in the
// order of the key, so that they stand side by side.
type stored struct {
	table string
	at    sqlgen.Place
}

// changed lists the outputs whose values do not stand.
func (s *standing) changed(digests map[string]string, outputs []plan.Output) map[string]bool {
	out := map[string]bool{}
	for _, o := range outputs {
		if d, ok := digests[o.Name]; ok && s != nil {
			if _, stands := s.columns[d]; stands {
				continue
			}
		}
		out[o.Name] = true
	}
	return out
}

// rowsDigest stands for which rows an entity has.
func (s *Snapshot) rowsDigest(p *plan.EntityPlan) string {
	t := p.Entity.Table
	f, key := s.Facts.Tables[t.Name], s.Facts.Column(t.Name, t.Key)
	if f == nil || key == nil {
		return ""
	}
	return t.Name + " " + strconv.FormatInt(f.Rows, 10) + " " + key.Fingerprint
}

// columns evaluates what does not stand into a table of its own, and makes the
// table of results a view over all that it consists of. It gives the names of
// what it calculated, in order of evaluation.
func (s *Snapshot) columns(ctx context.Context, whole *plan.Plan, p *plan.EntityPlan, o Options, out *results.EntityResults) (next *standing, calculated []string, err error) {
	before := s.db.standing[p.Entity.Name]
	next = &standing{key: p.Entity.Table.Key, rows: s.rowsDigest(p), digests: p.Digests(s.Facts, s.AsOf, o.Before[p.Entity.Name].digest()), columns: map[string]stored{}, names: map[string]stored{}, byRow: map[string]results.ByRow{}}
	changed := before.changed(next.digests, p.Outputs())
	var part *plan.EntityPlan
	sameRows := before != nil && before.rows == next.rows && next.rows != ""
	if sameRows {
		next.base = before.base
	}
	if !sameRows || len(changed) > 0 {
		s.db.tables++
		s.db.unswept = true
		part = p.Only(changed, fmt.Sprintf("%s#%d", p.Entity.Name, s.db.tables))
		script, err := sqlgen.GenerateColumns(part, sqlgen.DuckDB{}, s.AsOf)
		if err != nil {
			return nil, nil, err
		}
		if err := s.evaluate(ctx, whole, part, script, o, out); err != nil {
			return nil, nil, err
		}
		if !sameRows {
			next.base = part.Table()
		}
		for _, o := range part.Outputs() {
			calculated = append(calculated, o.Name)
			next.put(o, stored{part.Table(), script.Places[o.Name]})
		}
	}
	next.take(before, p, out)
	s.db.unswept = s.db.unswept || before == nil || !maps.Equal(before.names, next.names)
	return next, calculated, s.view(ctx, p, next)
}

// view makes the views of an entity's results, where they are not what they were.
func (s *Snapshot) view(ctx context.Context, p *plan.EntityPlan, stands *standing) error {
	statements := stands.views(p)
	if slices.Equal(s.db.views[p.Entity.Name], statements) {
		return nil
	}
	delete(s.db.views, p.Entity.Name)
	for _, statement := range statements {
		if _, err := s.db.sql.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	if s.db.views == nil {
		s.db.views = map[string][]string{}
	}
	s.db.views[p.Entity.Name] = statements
	return nil
}

// take takes over what stands, and completes what was found with what was found
// of it before.
func (s *standing) take(before *standing, p *plan.EntityPlan, out *results.EntityResults) {
	for _, r := range out.ByRow {
		s.byRow[string(r.Kind)+" "+r.Name] = r
	}
	for _, o := range p.Outputs() {
		if _, calculated := s.names[o.Name]; calculated {
			continue
		}
		s.put(o, before.columns[s.digests[o.Name]])
		was := byRowKey(o)
		if r, ok := before.byRow[was]; ok {
			s.byRow[was] = r
		}
	}
	out.ByRow = nil
	for _, o := range p.Outputs() {
		if r, ok := s.byRow[byRowKey(o)]; ok && o.Open() {
			out.ByRow = append(out.ByRow, r)
		}
	}
	found := out.Ranks
	if before != nil {
		found = append(slices.Clone(found), before.ranks...)
	}
	s.ranks = ranksOf(p, found)
	out.Ranks = s.ranks
}

// ranksOf lists what was found of the ranks of a plan, in its order; the first
// of a name counts.
func ranksOf(p *plan.EntityPlan, found []results.Rank) []results.Rank {
	var out []results.Rank
	for _, stratum := range p.Strata {
		for _, rank := range stratum.Ranks {
			if i := slices.IndexFunc(found, func(r results.Rank) bool { return r.Name == rank.Name }); i >= 0 {
				out = append(out, found[i])
			}
		}
	}
	return out
}

func byRowKey(o plan.Output) string { return string(groupKinds[o.Kind]) + " " + ruleName(o) }

// put places a column.
func (s *standing) put(o plan.Output, at stored) {
	s.names[o.Name] = at
	if digest, ok := s.digests[o.Name]; ok {
		s.columns[digest] = at
	}
}

// views are the statements that make the table of results, and the blocks of its
// rows. Rows are numbered as in each of the tables.
func (s *standing) views(p *plan.EntityPlan) []string {
	b := &sideBySide{tables: []string{s.base}}
	list := s.named(b, namesOf(p.Outputs()))
	columns := strings.Join(list, ", ")
	return []string{
		"CREATE OR REPLACE VIEW " + sqltext.Path(sqlgen.ResultSchema, p.Entity.Name) + " AS SELECT " + columns + ", t0.rowid AS rowid FROM " + b.from(""),
		"CREATE OR REPLACE MACRO " + sqlgen.RowsMacro(p.Entity.Name) + "(first_row, last_row) AS TABLE SELECT " + columns + " FROM " + b.from(" WHERE rowid BETWEEN first_row AND last_row"),
	}
}

// named lists the key and some outputs, by their names.
func (s *standing) named(b *sideBySide, outputs []string) []string {
	key := sqltext.Ident(s.key)
	list := []string{b.alias(s.base) + "." + key + " AS " + key}
	for _, name := range outputs {
		list = append(list, b.column(s.names[name])+" AS "+sqltext.Ident(name))
	}
	return list
}

// some is a table of the key, some outputs by their names, the number of the row,
// and more.
func (s *Snapshot) some(e *plan.EntityPlan, outputs []string, more ...func(*sideBySide) string) string {
	stands := s.stands[e.Entity.Name]
	b := &sideBySide{tables: []string{stands.base}}
	list := append(stands.named(b, outputs), "t0.rowid AS rowid")
	for _, column := range more {
		list = append(list, column(b))
	}
	return "(SELECT " + strings.Join(list, ", ") + " FROM " + b.from("") + ")"
}

func namesOf(outputs []plan.Output) []string {
	names := make([]string, len(outputs))
	for i, o := range outputs {
		names[i] = o.Name
	}
	return names
}

// sideBySide is a FROM clause of tables of results, whose rows stand in the same
// order. What reads one output again and again reads the tables that it needs: to
// bind a view of 300 outputs takes 30 ms (measured).
type sideBySide struct{ tables []string }

// alias is what a table is called there.
func (b *sideBySide) alias(table string) string {
	i := slices.Index(b.tables, table)
	if i < 0 {
		i, b.tables = len(b.tables), append(b.tables, table)
	}
	return "t" + strconv.Itoa(i)
}

// column is the value of a column of results.
func (b *sideBySide) column(at stored) string { return at.at.SQL(b.alias(at.table)) }

// from is the clause, of the rows for which a condition on each table holds.
func (b *sideBySide) from(where string) string {
	list := make([]string, len(b.tables))
	for i, t := range b.tables {
		path := sqltext.Path(sqlgen.ResultSchema, t)
		if where != "" {
			path = "(SELECT * FROM " + path + where + ")"
		}
		list[i] = fmt.Sprintf("%s t%d", path, i)
	}
	return strings.Join(list, " POSITIONAL JOIN ")
}
