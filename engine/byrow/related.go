package byrow

import (
	"maps"
	"slices"

	"personae/engine/catalog"
	"personae/engine/compile"
)

// Relation is what rows are given of the rows that belong to them.
type Relation struct {
	Table   *catalog.Table
	Columns []string    // of its rows; what makes them belong to their owner, and their order, included
	Below   []*Relation // of its rows
}

// Relations are what must be given for each row: of the outputs that are open,
// and of all where reasons are asked for.
func (d *Decider) Relations(explain bool) []*Relation {
	fields := map[string]map[string]bool{} // columns, by entity
	names := map[string]map[string]bool{}  // relations, by entity of the owner
	add := func(to map[string]map[string]bool, entity, name string) {
		if to[entity] == nil {
			to[entity] = map[string]bool{}
		}
		to[entity][name] = true
	}
	for _, o := range d.outputs {
		if o.beyond || !o.open && !explain {
			continue
		}
		for _, x := range o.Sources() {
			for _, r := range x.Refs {
				switch r.Kind {
				case compile.ColumnRef:
					add(fields, r.Entity, r.Name)
				case compile.RelationRef:
					add(names, r.Entity, r.Name)
				}
			}
		}
	}
	return d.below(d.entity, fields, names)
}

func (d *Decider) below(entity string, fields, names map[string]map[string]bool) []*Relation {
	var out []*Relation
	for _, t := range d.tables {
		if t.Of != entity || !names[entity][t.Name] {
			continue
		}
		columns := RelationColumns(t)
		for name := range fields[t.Entity] {
			columns[name] = true
		}
		delete(columns, "")
		out = append(out, &Relation{Table: t, Columns: slices.Sorted(maps.Keys(columns)), Below: d.below(t.Entity, fields, names)})
	}
	return out
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

// Relate gives the row the rows that belong to it, in the order of relations.
// It is called after Fill, for each row where there are relations.
func (r *Row) Relate(relations []*Relation, rows [][]map[string]any) error {
	for i, relation := range relations {
		if err := r.row.SetRelated(relation.Table.Name, rows[i]); err != nil {
			return err
		}
	}
	return nil
}
