package byrow

import (
	"personae/engine/catalog"
)

// Relation is what rows are given of other rows: of those that belong to them,
// or of the one that a column of theirs leads to.
type Relation struct {
	Table   *catalog.Table
	Column  string      // of the row before that references it; "" for rows that belong to that
	Columns []string    // of its rows; what makes them belong to their owner, and their order, included
	Below   []*Relation // of its rows
}

// Relations are what must be given for each row: of the outputs that are open,
// and of all where reasons are asked for.
func (d *Decider) Relations(explain bool) []*Relation {
	root := newReach(d.tables, d.table, "")
	for _, o := range d.outputs {
		if !o.open && !explain {
			continue
		}
		for _, x := range o.Sources() {
			root.follow(d.entity, x.AST)
		}
	}
	return root.relations()
}

// RelationColumns are the columns that make rows belong to their owner, and by
// which they are in order: all of them where there is no key.
func RelationColumns(t *catalog.Table) map[string]bool {
	columns := map[string]bool{t.By: true, t.Time: true, t.Key: true}
	if t.Key == "" {
		for _, c := range t.Columns {
			columns[c.Name] = true
		}
	}
	return columns
}

// Relate gives the row the rows that belong to it and those that it references,
// in the order of relations. It is called after Fill, for each row where there
// are relations.
func (r *Row) Relate(relations []*Relation, rows [][]map[string]any) error {
	for i, relation := range relations {
		if err := r.relate(relation, rows[i]); err != nil {
			return err
		}
	}
	return nil
}

func (r *Row) relate(relation *Relation, rows []map[string]any) error {
	switch {
	case relation.Column == "":
		return r.row.SetRelated(relation.Table.Name, rows)
	case len(rows) == 0:
		return r.row.SetReference(relation.Column, nil)
	}
	return r.row.SetReference(relation.Column, rows[0])
}
