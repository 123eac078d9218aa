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

// moved counts who entered and left each group since the evaluation before,
// whose columns still stand. A customer who is new entered; one who is no longer
// in the data left.
func (s *Snapshot) moved(ctx context.Context, p *plan.EntityPlan, before, now *standing) ([]results.Moved, error) {
	if before == nil {
		return nil, nil
	}
	var list []results.Moved
	var items []sqlgen.Item
	ask := func(o plan.Output, name, parent, was, is string) {
		n := strconv.Itoa(len(list))
		items = append(items, sqlgen.Item{SQL: "count_if(" + is + " AND NOT " + was + ")::BIGINT", As: "e" + n},
			sqlgen.Item{SQL: "count_if(" + was + " AND NOT " + is + ")::BIGINT", As: "l" + n})
		list = append(list, results.Moved{Kind: groupKinds[o.Kind], Name: name, Parent: parent})
	}
	for _, o := range p.Outputs() {
		old, known := before.names[o.Name]
		if !known || before.rows == now.rows && old == now.names[o.Name] || groupKinds[o.Kind] == "" {
			continue
		}
		was, is := "w."+sqltext.Ident(o.Name), "r."+sqltext.Ident(o.Name)
		if groups := o.Groups(); groups != nil {
			for _, g := range groups {
				in := " IS NOT DISTINCT FROM " + sqltext.Literal(g)
				ask(o, g, o.Rule.Name, "("+was+in+")", "("+is+in+")")
			}
		} else if then, there := before.members[old], now.members[now.names[o.Name]]; before.rows == now.rows && then != nil && there != nil {
			list = append(list, results.Moved{Kind: groupKinds[o.Kind], Name: ruleName(o), Entered: without(there.bits, then.bits), Left: without(then.bits, there.bits)})
		} else {
			ask(o, ruleName(o), "", "coalesce("+was+", false)", "coalesce("+is+", false)")
		}
	}
	row := duckdb.Row{}
	var err error
	if len(items) > 0 {
		row, err = s.db.One(ctx, sqlgen.Row{Items: items, Table: s.besides(p, before, now)}.SQL())
	}
	var out []results.Moved
	for i, m := range list {
		m.Entered, m.Left = m.Entered+row.Whole("e"+strconv.Itoa(i)), m.Left+row.Whole("l"+strconv.Itoa(i))
		if m.Entered+m.Left > 0 {
			out = append(out, m)
		}
	}
	return out, err
}

// besides puts the columns of the evaluation before (w) beside those of now (r):
// row by row where the rows are the same, else by key.
func (s *Snapshot) besides(p *plan.EntityPlan, before, now *standing) string {
	result := sqltext.Path(sqlgen.ResultSchema, p.Entity.Name) + " r"
	var groups []string
	for _, o := range p.Outputs() {
		if _, known := before.names[o.Name]; known && groupKinds[o.Kind] != "" {
			groups = append(groups, o.Name)
		}
	}
	b := &sideBySide{tables: []string{before.base}}
	list := before.named(b, groups)
	was := "(SELECT " + strings.Join(list, ", ") + " FROM " + b.from("") + ") w"
	if before.rows == now.rows {
		return result + " POSITIONAL JOIN " + was
	}
	key := sqltext.Ident(before.key)
	return result + " FULL OUTER JOIN " + was + " ON w." + key + " = r." + key
}
