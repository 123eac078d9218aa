package evaluate

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"personae/engine/byrow"
	"personae/engine/celenv"
	"personae/engine/duckdb"
	"personae/engine/eval"
	"personae/engine/plan"
	"personae/engine/results"
	"personae/engine/sqltext"
)

// askedRows is how many undecided rows of a rule are looked at for the reason:
// those with the smallest keys, so that the same data gives the same words.
const askedRows = 200

// unknowns finds why rules cannot decide. For every rule with undecided rows
// cel-go is asked about some of them; where the reason is an empty column, all
// rows are counted.
func (s *Snapshot) unknowns(ctx context.Context, whole *plan.Plan, p *plan.EntityPlan, m *memory, found *results.EntityResults) ([]results.Unknown, error) {
	undecided := cannotTell(found)
	var open, asked []plan.Output
	known := map[string][]results.Unknown{}
	for _, o := range p.Outputs() {
		if undecided[o.Name] == 0 {
			continue
		}
		open = append(open, o)
		if list, stands := m.recalled(m.why(o)); stands {
			known[o.Name] = list.([]results.Unknown)
		} else {
			asked = append(asked, o)
		}
	}
	all := len(asked) == len(open)
	if err := s.ask(ctx, whole, p, asked, all, undecided, known); err != nil {
		return nil, err
	}
	s.undecided[p.Entity.Name] = all && len(open) > 0
	if s.why == nil {
		s.why = map[string]map[string][]string{}
	}
	s.why[p.Entity.Name] = map[string][]string{}
	var out []results.Unknown
	for _, o := range open {
		if key := m.why(o); key != "" {
			m.now[key] = known[o.Name]
		}
		columns := []string(nil)
		for _, u := range known[o.Name] {
			u.Kind, u.Name = explainedKinds[o.Kind], ruleName(o)
			out = append(out, u)
			if u.Column != "" {
				columns = append(columns, u.Column)
			}
		}
		s.why[p.Entity.Name][o.Name] = columns
	}
	return out, nil
}

// why is the key of why an output is undecided; "" without a digest.
func (m *memory) why(o plan.Output) string {
	if m.digests[o.Name] == "" {
		return ""
	}
	return m.rows + " why " + m.digests[o.Name]
}

// ask finds the reasons of some outputs, and adds them to known. all says that
// no others are undecided.
func (s *Snapshot) ask(ctx context.Context, whole *plan.Plan, p *plan.EntityPlan, open []plan.Output, all bool, undecided map[string]int64, known map[string][]results.Unknown) error {
	if len(open) == 0 {
		return nil
	}
	about := p
	if !all {
		about = &plan.EntityPlan{Entity: p.Entity, Strata: []plan.Stratum{{Table: p.Table(), Outputs: open}}}
	}
	flags, err := s.setUndecided(ctx, about)
	if err != nil {
		return err
	}
	samples, err := s.samples(ctx, p, open)
	if err != nil {
		return err
	}
	env, err := byrow.NewEnv(whole, p)
	if err != nil {
		return err
	}
	conn, err := s.db.sql.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	var list []results.Unknown
	var of []plan.Output
	for i, o := range open {
		reasons, err := s.reasons(ctx, conn, env, p, o, samples[i])
		if err != nil {
			return err
		}
		for _, u := range s.named(p, o, reasons, undecided[o.Name], flags) {
			list, of = append(list, u), append(of, o)
		}
	}
	if list, err = s.counted(ctx, p, list, of); err != nil {
		return err
	}
	for i, u := range list {
		known[of[i].Name] = append(known[of[i].Name], u)
	}
	for _, o := range open {
		slices.SortStableFunc(known[o.Name], func(a, b results.Unknown) int {
			return cmp.Or(cmp.Compare(nameless(a), nameless(b)), cmp.Compare(b.Rows, a.Rows))
		})
	}
	return nil
}

// samples gives for each output the first and the last row to look at: between
// them lie as many undecided rows as are looked at.
func (s *Snapshot) samples(ctx context.Context, p *plan.EntityPlan, open []plan.Output) ([][2]int64, error) {
	list := make([]string, len(open))
	for i, o := range open {
		list[i] = fmt.Sprintf("(SELECT %d AS i, min(n) AS low, max(n) AS high FROM (SELECT \"#\" AS n FROM %s WHERE %s IS NULL ORDER BY \"#\" LIMIT %d))",
			i, undecidedTable(p), sqltext.Ident(o.Name), askedRows)
	}
	out := make([][2]int64, len(open))
	err := s.db.Each(ctx, strings.Join(list, " UNION ALL "), func(r duckdb.Row) error {
		out[r.Whole("i")] = [2]int64{r.Whole("low"), r.Whole("high")}
		return nil
	})
	return out, err
}

// reasons counts what cel-go says about the undecided rows of a sample.
func (s *Snapshot) reasons(ctx context.Context, conn *sql.Conn, env *byrow.Env, p *plan.EntityPlan, o plan.Output, sample [2]int64) (map[string]int64, error) {
	d, err := env.Decider(o.Name)
	if err != nil {
		return nil, err
	}
	row, err := d.NewRow(s.AsOf, true)
	if err != nil {
		return nil, err
	}
	asked := namesOf(d.Outputs())
	if o.Kind == plan.StageOutput {
		asked = append(asked, o.Furthest())
	}
	found := map[string]int64{}
	var failed error
	source, err := s.source(ctx, p, s.some(p, asked), d, fmt.Sprintf("r.rowid BETWEEN %d AND %d AND s.rowid BETWEEN %[1]d AND %[2]d AND %[3]s", sample[0], sample[1], isUndecided(o, "r.")), true)
	if err != nil {
		return nil, err
	}
	err = s.readBatches(ctx, conn, source, func(b *rowBatch) {
		for n := range b.ids {
			if _, failed = b.fill(row, n); failed != nil {
				return
			}
			result, err := row.Decide(ctx, d.Position(o.Name))
			if err != nil {
				failed = err
				return
			}
			found[publicReason(result)]++
		}
	})
	if err == nil {
		err = failed
	}
	return found, err
}

// publicReason is why a rule decides nothing, without any value of the row.
func publicReason(r eval.Result) string {
	if r.Outcome == eval.Null {
		return "its result is empty" // of null, which decides nothing
	}
	return eval.Public(r.Reason)
}

// named turns the reasons of a sample into unknowns, the most frequent first,
// what has no name last. Empty columns are named each by itself, to be counted
// in all rows.
func (s *Snapshot) named(p *plan.EntityPlan, o plan.Output, reasons map[string]int64, undecided int64, flags map[string]bool) []results.Unknown {
	byText := map[string]*results.Unknown{}
	add := func(reason, column string, n int64) {
		if byText[reason] == nil {
			byText[reason] = &results.Unknown{Kind: explainedKinds[o.Kind], Name: ruleName(o), Column: column, Reason: reason, Sampled: undecided > askedRows}
		}
		byText[reason].Rows += n
	}
	for reason, n := range reasons {
		if name := strings.TrimPrefix(reason, p.Entity.Name+"."); flags[name] && strings.HasSuffix(name, celenv.NoRow) {
			add(name, name, n)
			continue
		}
		list, ok := strings.CutSuffix(strings.Replace(reason, " are empty", " is empty", 1), " is empty")
		columns := strings.Split(strings.ReplaceAll(list, " and ", ", "), ", ")
		for i, c := range columns {
			columns[i] = strings.TrimPrefix(c, p.Entity.Name+".")
			ok = ok && flags[columns[i]]
		}
		if !ok {
			add(reason, "", n)
			continue
		}
		for _, c := range columns {
			add(c+" is empty", c, n)
		}
	}
	out := make([]results.Unknown, 0, len(byText))
	for _, u := range byText {
		out = append(out, *u)
	}
	slices.SortFunc(out, func(a, b results.Unknown) int {
		return cmp.Or(cmp.Compare(nameless(a), nameless(b)), cmp.Compare(b.Rows, a.Rows), cmp.Compare(a.Reason, b.Reason))
	})
	return out
}

// nameless is 1 of a reason that says nothing.
func nameless(u results.Unknown) int {
	if u.Reason == eval.NoReason {
		return 1
	}
	return 0
}

// counted counts the undecided rows in which the named columns are empty: one
// query for all rules. of are the outputs of the list.
func (s *Snapshot) counted(ctx context.Context, p *plan.EntityPlan, list []results.Unknown, of []plan.Output) ([]results.Unknown, error) {
	var counts []string
	counted := make([]bool, len(list))
	for i, u := range list {
		if u.Column != "" {
			counted[i] = true
			counts = append(counts, fmt.Sprintf("count_if(%s IS NULL AND %s) AS c%d", sqltext.Ident(of[i].Name), emptyFlag(u.Column), i))
		}
	}
	if len(counts) == 0 {
		return list, nil
	}
	row, err := s.db.One(ctx, "SELECT "+strings.Join(counts, ", ")+" FROM "+undecidedTable(p))
	if err != nil {
		return nil, err
	}
	for i := range list {
		if counted[i] {
			list[i].Rows, list[i].Sampled = row.Whole(fmt.Sprintf("c%d", i)), false
		}
	}
	return list, nil
}

// cannotTell counts the rows that cannot be told, by output, where there are any.
func cannotTell(found *results.EntityResults) map[string]int64 {
	out := map[string]int64{}
	add := func(name string, n int64) {
		if n > 0 {
			out[name] = n
		}
	}
	for _, g := range found.Groups {
		add(outputOf(g), g.Unknown)
	}
	for _, j := range found.Journeys {
		if j.Subject == "" {
			add(j.Name+"_stage", j.Unknown)
		}
	}
	for _, x := range found.Exports {
		add(plan.ExportOutputName(x.Name, false), x.Unknown)
	}
	return out
}

func outputOf(g results.Group) string {
	switch g.Kind {
	case results.Segment:
		return "in_" + g.Name
	case results.Persona:
		return "persona_" + g.Name
	case results.Band:
		return g.Parent + "_band"
	}
	return g.Parent
}

// emptyColumns lists what is empty somewhere, and that an output reads: columns,
// directly or through traits and segments, and what referenced rows lack.
func (s *Snapshot) emptyColumns(p *plan.EntityPlan, o plan.Output) []string {
	return append(s.readEmpty(p, o), s.lacking(p, o)...)
}

// readEmpty lists the columns of the entity among them.
func (s *Snapshot) readEmpty(p *plan.EntityPlan, o plan.Output) []string {
	var out []string
	for _, name := range o.Columns {
		if f := s.Facts.Column(p.Entity.Table.Name, name); f == nil || f.Nulls > 0 {
			out = append(out, name)
		}
	}
	return out
}
