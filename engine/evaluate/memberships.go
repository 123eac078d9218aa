package evaluate

import (
	"context"
	"fmt"
	"sort"
	"strings"

	"personae/engine/byrow"
	"personae/engine/compile"
	"personae/engine/duckdb"
	"personae/engine/plan"
	"personae/engine/sqlgen"
	"personae/engine/sqltext"
)

// ExportMemberships writes data/memberships.parquet of REPORTS D: one row for
// each customer who is in a segment or whom it cannot decide, with the reason;
// sorted by entity, segment, state and key.
//
// Each segment's members, and then its undecided rows, are a file of their own,
// and the files are joined. No row is stored on the way and nothing is sorted:
// the tables are in order of the key already (measured, 27 million rows, CPU:
// 9 s, where a table between took 100 s). One statement over all segments would
// have DuckDB read ahead of what it writes, as far as memory allows (7.4 GB).
func (s *Snapshot) ExportMemberships(ctx context.Context, p *plan.Plan, path string, meta map[string]string) error {
	table := sqltext.Path(sqlgen.ResultSchema, toldTable)
	if _, err := s.db.sql.ExecContext(ctx, "CREATE OR REPLACE TABLE "+table+" (segment INTEGER, key VARCHAR, because VARCHAR)"); err != nil {
		return duckdb.PlainError(err)
	}
	m := &memberships{s: s, plan: p}
	for _, e := range p.Entities {
		if err := m.add(ctx, e); err != nil {
			return err
		}
	}
	if len(m.parts) == 0 {
		m.parts = []string{"SELECT '' AS entity, '' AS segment, '' AS key, '' AS state, '' AS because, " + s.asOf() + " AS as_of LIMIT 0"}
	}
	return s.db.CopyAll(ctx, m.parts, path, meta)
}

// toldTable holds the undecided rows of the segments of which cel-go gives
// reasons, in order of segment and key.
const toldTable = "undecided rows told"

// memberships collects the queries of which the file is made, in its order.
type memberships struct {
	s     *Snapshot
	plan  *plan.Plan
	parts []string
	told  int // segments in toldTable
}

// add adds the scans of one entity's segments, in order of their names.
func (m *memberships) add(ctx context.Context, e *plan.EntityPlan) error {
	list := []plan.Output{}
	for _, o := range e.Outputs() {
		if o.Kind == plan.SegmentOutput {
			list = append(list, o)
		}
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Name < list[j].Name })
	env, err := byrow.NewEnv(m.plan, e)
	if err != nil {
		return err
	}
	if !m.s.undecided[e.Entity.Name] {
		if _, err := m.s.setUndecided(ctx, e); err != nil {
			return duckdb.PlainError(err)
		}
	}
	for _, o := range list {
		key := sqltext.Ident(e.Entity.Table.Key) + "::VARCHAR"
		m.scan(e, o, "in", key, memberBecause(o.Rule), m.s.membersOf(e, o), sqltext.Ident(isMember))
		if o.Expr.Decided() {
			continue
		}
		if err := m.undecided(ctx, env, e, o, key); err != nil {
			return fmt.Errorf("the members of %s cannot be written: %w", o.Rule.Name, duckdb.PlainError(err))
		}
	}
	return nil
}

// isMember is what membersOf has beside the outputs: whether a row is a member.
const isMember = "≡member"

// membersOf is a table of the key, of who is a member, and of what memberBecause
// reads.
func (s *Snapshot) membersOf(e *plan.EntityPlan, o plan.Output) string {
	var reads []string
	if o.Rule.Leave != nil {
		reads = []string{plan.WhenOutputName(o.Rule.Name)}
	}
	at := s.stands[e.Entity.Name].names[o.Name]
	return s.some(e, reads, func(b *sideBySide) string { return at.at.IsTrue(b.alias(at.table)) + " AS " + sqltext.Ident(isMember) })
}

// undecided adds the rows that a segment cannot decide; their reason is the
// columns that are empty, or what cel-go says of the row.
func (m *memberships) undecided(ctx context.Context, env *byrow.Env, e *plan.EntityPlan, o plan.Output, key string) error {
	asked, err := m.s.because(ctx, env, e, o)
	if err != nil {
		return err
	}
	isUnknown := sqltext.Ident(o.Name) + " IS NULL"
	if asked == 0 {
		m.scan(e, o, "unknown", key, m.s.reason(e, o, ""), undecidedTable(e), isUnknown)
		return nil
	}
	m.told++
	told := sqltext.Path(sqlgen.ResultSchema, toldTable)
	_, err = m.s.db.sql.ExecContext(ctx, fmt.Sprintf("INSERT INTO %s SELECT %d, %s, %s FROM %s u LEFT JOIN %s w ON w.\"#\" = u.\"#\" WHERE %s ORDER BY u.\"#\"",
		told, m.told, key, m.s.reason(e, o, "w.because"), undecidedTable(e), sqltext.Path(sqlgen.ResultSchema, becauseTable), isUnknown))
	m.scan(e, o, "unknown", "key", "because", told, fmt.Sprintf("segment = %d", m.told))
	return err
}

// memberBecause is why members are in: the rule, or for those who only stay what
// would have to be true for them to leave.
func memberBecause(r *compile.Rule) string {
	rule := r.Expr.Text.Value()
	if r.Leave == nil {
		return constant(rule)
	}
	return "CASE WHEN " + sqltext.Ident(plan.WhenOutputName(r.Name)) + " THEN " + sqltext.Literal(rule) +
		" ELSE " + sqltext.Literal("they were in before, and this is not true: "+r.Leave.Text.Value()) + " END"
}

// scan adds the rows of a table for which a condition holds. The empty source
// before them does not number its batches: where one does not, DuckDB writes in
// order, with one thread, as it reads.
func (m *memberships) scan(e *plan.EntityPlan, o plan.Output, state, key, because, from, where string) {
	list := []string{constant(e.Entity.Name), constant(o.Rule.Name), key, constant(state), because, m.s.asOf()}
	m.parts = append(m.parts, membershipHeader+"SELECT "+strings.Join(list, ", ")+" FROM "+from+" WHERE "+where)
}

const membershipHeader = "SELECT NULL AS entity, NULL AS segment, NULL AS key, NULL AS state, NULL AS because, NULL AS as_of FROM range(0)\nUNION ALL\n"

// constant is a text that is the same in all rows of a file. As the only value
// of an ENUM it is not looked up for each row, which is most of what writing it
// costs; the file holds the same text.
func constant(text string) string {
	literal := sqltext.Literal(text)
	if strings.ContainsRune(text, 0) { // is no literal of a type
		return literal
	}
	return literal + "::ENUM(" + literal + ")"
}

// reason writes why a row of undecidedTable is undecided. told is what cel-go
// said of it, "" where it was not asked.
func (s *Snapshot) reason(e *plan.EntityPlan, o plan.Output, told string) string {
	because := sqltext.Literal("it could not be calculated")
	if told != "" {
		because = "coalesce(" + told + ", " + because + ")"
	}
	var empty []string
	for _, c := range s.emptyReasons(e, o) {
		empty = append(empty, "CASE WHEN "+emptyFlag(c)+" THEN "+sqltext.Literal(lackText(c))+" END")
	}
	if len(empty) == 0 {
		return because
	}
	return "coalesce(nullif(concat_ws(', ', " + strings.Join(empty, ", ") + "), ''), " + because + ")"
}
