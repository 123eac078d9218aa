package ruletest

import (
	"slices"
	"time"

	"personae/engine/catalog"
	"personae/engine/compile"
	"personae/engine/duckdb"
	"personae/engine/plan"
)

// tables are the tables that a batch is evaluated over: a dataset each, what
// rows bring along, and who was in which segment before.
func (b *batch) tables(c *catalog.Catalog, e *plan.EntityPlan, given map[string]bool) []duckdb.GivenTable {
	at := map[string]int{}
	var out []duckdb.GivenTable
	for _, t := range c.Tables {
		if t.Entity == "" {
			continue // no rule reads them
		}
		at[t.Name] = len(out)
		table := duckdb.GivenTable{Name: t.Name}
		for _, column := range t.Columns {
			table.Columns = append(table.Columns, duckdb.GivenColumn{Name: column.Name, SQLType: catalog.SnapshotType(column.Type)})
		}
		out = append(out, table)
	}
	brought, before := broughtTable(e, given), beforeTable(e)
	for _, test := range b.tests {
		subjects := map[*compile.TestRow]bool{}
		for _, r := range test.Rows {
			subjects[r] = true
		}
		eachRow(test, func(t *catalog.Table, r *compile.TestRow) {
			i, ok := at[t.Name]
			if !ok {
				return
			}
			row := make([]any, len(t.Columns))
			for k, column := range t.Columns {
				row[k] = r.Cells[column.Name]
			}
			out[i].Rows = append(out[i].Rows, row)
			if subjects[r] {
				brought.add(r)
				before.Rows = append(before.Rows, wasRow(e, r))
			}
		})
	}
	if len(brought.table.Columns) > 0 {
		out = append(out, brought.table)
	}
	if len(before.Columns) > 0 {
		out = append(out, before)
	}
	return out
}

// brought is the table of the answers that rows bring along.
type brought struct {
	outputs []plan.Output
	table   duckdb.GivenTable
}

func broughtTable(e *plan.EntityPlan, given map[string]bool) *brought {
	out := &brought{table: duckdb.GivenTable{Name: plan.GivenTable(e.Entity.Name), Result: true}}
	for _, o := range e.Outputs() {
		if !given[o.Name] {
			continue
		}
		out.outputs = append(out.outputs, o)
		value, is, unknown := plan.GivenColumns(o.Name)
		out.table.Columns = append(out.table.Columns,
			duckdb.GivenColumn{Name: value, SQLType: broughtType(typeOf(o))},
			duckdb.GivenColumn{Name: is, SQLType: "BOOLEAN"}, duckdb.GivenColumn{Name: unknown, SQLType: "BOOLEAN"})
	}
	return out
}

// typeOf is the type of what a rule says.
func typeOf(o plan.Output) catalog.Type {
	if o.Kind == plan.BandOutput {
		return catalog.Type{Kind: catalog.String}
	}
	return o.Rule.Type
}

func broughtType(t catalog.Type) string {
	if t.Kind == catalog.Duration {
		return "BIGINT" // nanoseconds
	}
	return catalog.SnapshotType(t)
}

func (b *brought) add(r *compile.TestRow) {
	var row []any
	for _, o := range b.outputs {
		s := r.Stub(o.Rule, o.Kind == plan.BandOutput)
		if s == nil {
			s = &compile.Stub{}
			row = append(row, zero(typeOf(o)), false, false)
			continue
		}
		value := s.Value
		if s.Unknown {
			value = zero(typeOf(o))
		}
		row = append(row, value, true, s.Unknown)
	}
	b.table.Rows = append(b.table.Rows, row)
}

// zero is a value that nobody reads: what is never NULL in SQL may be read
// before it is known whether it counts.
func zero(t catalog.Type) any {
	switch t.Kind {
	case catalog.Bool:
		return false
	case catalog.Int:
		return int64(0)
	case catalog.Uint:
		return uint64(0)
	case catalog.Double:
		return 0.0
	case catalog.String:
		return ""
	case catalog.Bytes:
		return []byte{}
	case catalog.Timestamp:
		return time.Unix(0, 0).UTC()
	case catalog.Duration:
		return time.Duration(0)
	}
	return nil
}

func beforeTable(e *plan.EntityPlan) duckdb.GivenTable {
	out := duckdb.GivenTable{Name: plan.BeforeTable(e.Entity.Name), Result: true}
	for _, name := range e.Before() {
		out.Columns = append(out.Columns, duckdb.GivenColumn{Name: name, SQLType: "BOOLEAN"})
	}
	return out
}

func wasRow(e *plan.EntityPlan, r *compile.TestRow) []any {
	var row []any
	for _, name := range e.Before() {
		row = append(row, slices.ContainsFunc(r.Was, func(segment string) bool { return plan.SegmentOutputName(segment) == name }))
	}
	return row
}
