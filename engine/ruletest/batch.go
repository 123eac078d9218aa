package ruletest

import (
	"time"

	"personae/engine/catalog"
	"personae/engine/compile"
)

// batch is tests that one query answers together: of one entity and one instant,
// and without a key in common, so that no row of one can be taken for a row of
// another.
type batch struct {
	entity string
	now    time.Time
	tests  []*compile.Test
	keys   map[tableKey]bool
}

type tableKey struct{ table, key string }

// batches puts tests together, each into the first batch that takes it. Keys
// that are filled in differ from test to test, so a project whose tests leave
// them out has one batch for each instant.
func batches(c *catalog.Catalog, tests []*compile.Test) []*batch {
	var out []*batch
	for _, t := range tests {
		keys := keysOf(c, t)
		var into *batch
		for _, b := range out {
			if b.entity == t.Entity && b.now.Equal(t.Now) && b.takes(keys) {
				into = b
				break
			}
		}
		if into == nil {
			into = &batch{entity: t.Entity, now: t.Now, keys: map[tableKey]bool{}}
			out = append(out, into)
		}
		into.tests = append(into.tests, t)
		for k := range keys {
			into.keys[k] = true
		}
	}
	return out
}

func (b *batch) takes(keys map[tableKey]bool) bool {
	for k := range keys {
		if b.keys[k] {
			return false
		}
	}
	return true
}

// keysOf lists the keys of a test's rows, and those that its rows reference:
// where no row has one, none of another test may.
func keysOf(c *catalog.Catalog, t *compile.Test) map[tableKey]bool {
	keys := map[tableKey]bool{}
	eachRow(t, func(table *catalog.Table, r *compile.TestRow) {
		if r.Key != nil {
			keys[tableKey{table.Name, compile.KeyText(r.Key)}] = true
		}
		for _, column := range table.Columns {
			if key := r.Cells[column.Name]; column.References != "" && key != nil {
				keys[tableKey{column.References, compile.KeyText(key)}] = true
			}
		}
	})
	return keys
}

// eachRow visits all rows of a test, those of the entity first, in order.
func eachRow(t *compile.Test, f func(*catalog.Table, *compile.TestRow)) {
	var visit func(table *catalog.Table, rows []*compile.TestRow)
	visit = func(table *catalog.Table, rows []*compile.TestRow) {
		for _, r := range rows {
			f(table, r)
			for _, below := range r.Below {
				visit(below.Table, below.Rows)
			}
		}
	}
	visit(t.Table, t.Rows)
	for _, other := range t.Others {
		visit(other.Table, other.Rows)
	}
}
