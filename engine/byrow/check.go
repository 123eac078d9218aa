package byrow

import (
	"personae/engine/catalog"
	"personae/engine/celenv"
	"personae/engine/compile"
	"personae/engine/plan"
)

// Check makes the program of a condition over the rows of one table by itself,
// as a dataset's check is: its one output is the condition.
func Check(rules *compile.RuleSet, table *catalog.Table, condition plan.Output) (*Decider, error) {
	tables := []*catalog.Table{table}
	env, err := celenv.Row(celenv.Options{Zone: rules.Settings.Zone, Tables: tables, Entity: table.Entity, Params: rules.Params})
	if err != nil {
		return nil, err
	}
	d := &Decider{env: env, entity: table.Entity, table: table, tables: tables, index: map[string]int{}}
	return d, d.fill([]plan.Output{condition})
}
