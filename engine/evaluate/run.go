package evaluate

import (
	"context"
	"fmt"
	"sort"

	"personae/engine/duckdb"
	"personae/engine/plan"
	"personae/engine/results"
	"personae/engine/sqlgen"
)

// Options say how a plan is evaluated.
type Options struct {
	// Progress is told how many rows cel-go has decided, of how many that SQL
	// left open; it may be nil.
	Progress func(done, all int64)
	// Before are the rows of the version before, by entity; none for the first
	// version. Only segments with a rule for leaving ask.
	Before map[string]Before
	// Again says that other plans are evaluated over the same data after this one:
	// what makes them quick is kept, a byte a row and attribute.
	Again bool
}

// Run evaluates a plan over the snapshot: one table of results for each entity,
// in which cel-go decides what SQL left open, then its counts, overlaps and
// statistics. What the database has calculated before, of the same rules over the
// same data, is not calculated again.
func (s *Snapshot) Run(ctx context.Context, p *plan.Plan, o Options) (*results.Results, error) {
	if err := sqlgen.CheckInstant(s.AsOf); err != nil {
		return nil, err
	}
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	if err := s.sweep(ctx, s.db.standing); err != nil { // what a Run that failed left
		return nil, duckdb.PlainError(err)
	}
	out := &results.Results{AsOf: s.AsOf, Facts: s.Facts, Datasets: s.Health}
	next := map[string]*standing{}
	for _, e := range p.Entities {
		found, stands, err := s.runEntity(ctx, p, e, o, &out.Effort)
		if err != nil {
			return nil, fmt.Errorf("the rules of %s cannot be evaluated: %w", e.Entity.Name, duckdb.PlainError(err))
		}
		next[e.Entity.Name] = stands
		out.Entities = append(out.Entities, *found)
	}
	var err error
	if out.Quotes, err = s.quotes(ctx, p, next); err != nil {
		return nil, err
	}
	for entity := range s.db.standing {
		s.db.unswept = s.db.unswept || next[entity] == nil
	}
	s.db.standing = next
	if err := s.sweep(ctx, next); err != nil {
		return nil, err
	}
	sort.Slice(out.Entities, func(i, j int) bool { return out.Entities[i].Entity < out.Entities[j].Entity })
	return out, nil
}

// ready makes the database for results, where there is none, in memory: they are
// not compressed, which takes four times as long as computing them (measured: 50
// segments of a million customers, 2.1 s or 0.5 s of CPU). What memory does not
// hold is spilled.
func (s *Snapshot) ready(ctx context.Context) error {
	if _, err := s.db.sql.ExecContext(ctx, "ATTACH IF NOT EXISTS ':memory:' AS "+sqlgen.ResultSchema); err != nil {
		return duckdb.PlainError(err)
	}
	return nil
}

func (s *Snapshot) runEntity(ctx context.Context, whole *plan.Plan, p *plan.EntityPlan, o Options, effort *results.Effort) (*results.EntityResults, *standing, error) {
	out := &results.EntityResults{Entity: p.Entity.Name}
	next, calculated, err := s.columns(ctx, whole, p, o, out)
	if err != nil {
		return nil, nil, err
	}
	s.stands[p.Entity.Name] = next
	effort.Computed += len(calculated)
	effort.Reused += len(p.Outputs()) - len(calculated)
	effort.Changed = append(effort.Changed, calculated...)
	before := s.db.standing[p.Entity.Name]
	m := next.remember(before, p)
	e := sqlgen.GenerateQuestions(whole, p, sqlgen.DuckDB{}, s.AsOf)
	if out.Ranks, err = s.sized(ctx, m, p.Entity.Name, out.Ranks); err != nil {
		return nil, nil, err
	}
	row, err := s.row(ctx, m, e.Counts.But(inBits(e.Groups)))
	if err != nil {
		return nil, nil, err
	}
	out.Population = row.Whole(sqlgen.RowsColumn)
	if err := s.members(ctx, p, before, next, out.Population); err != nil {
		return nil, nil, err
	}
	counts(row, e.Groups, next, out)
	moved, err := s.moved(ctx, p, before, next)
	if err != nil {
		return nil, nil, err
	}
	effort.Moved = append(effort.Moved, moved...)
	out.Overlaps = overlaps(e.Overlap, before, next)
	if out.Statistics, err = s.statistics(ctx, m, e); err != nil {
		return nil, nil, err
	}
	if err := s.evidence(ctx, p.Evidence, out.Statistics); err != nil {
		return nil, nil, err
	}
	next.memory = m
	return out, next, s.described(ctx, whole, p, e, next, o, out)
}

// inBits are the columns of counts that are known from who is in segments and
// personas.
func inBits(groups []sqlgen.Group) map[string]bool {
	out := map[string]bool{}
	for _, g := range groups {
		if g.Kind == plan.SegmentOutput || g.Kind == plan.PersonaOutput {
			out[g.Members], out[g.Unknown] = true, true
		}
	}
	return out
}

// counts are how many people there are in each group, and what they are worth.
func counts(row duckdb.Row, groups []sqlgen.Group, stands *standing, out *results.EntityResults) {
	out.Value, out.HasValue = row.Double(sqlgen.ValueColumn)
	out.Groups = append(out.Groups, results.Group{Kind: results.Everyone, Members: out.Population, Value: out.Value})
	for _, g := range groups {
		group := results.Group{Kind: groupKinds[g.Kind], Name: g.Name, Parent: g.Parent, Members: row.Whole(g.Members), Unknown: row.Whole(g.Unknown)}
		if who := stands.members[stands.names[outputOf(group)]]; who != nil {
			group.Members, group.Unknown = who.size(), who.unknown
		}
		group.Value, _ = row.Double(g.Value)
		out.Groups = append(out.Groups, group)
	}
}

// described are what the groups are like, beyond how large they are.
func (s *Snapshot) described(ctx context.Context, whole *plan.Plan, p *plan.EntityPlan, e sqlgen.Questions, next *standing, o Options, out *results.EntityResults) (err error) {
	m := next.memory
	if out.Insight, err = s.insight(ctx, whole, p, m, next, out.Population, o.Again); err != nil {
		return err
	}
	if out.Clauses, err = s.clauses(ctx, p, m, out.Population); err != nil {
		return err
	}
	if out.Scores, err = s.scores(ctx, p, m, e); err != nil {
		return err
	}
	if out.Journeys, err = s.journeys(ctx, p, m, e); err != nil {
		return err
	}
	if out.Exports, err = s.exports(ctx, m, e); err != nil {
		return err
	}
	out.Unknowns, err = s.unknowns(ctx, whole, p, m, out)
	return err
}

var groupKinds = map[plan.OutputKind]results.GroupKind{
	plan.SegmentOutput: results.Segment, plan.SegmentationOutput: results.Segmentation, plan.PersonaOutput: results.Persona,
	plan.BandOutput: results.Band,
}
