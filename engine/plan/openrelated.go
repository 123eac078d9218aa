package plan

import "personae/engine/compile"

// useRelated adds what cel-go reads of other tables where it decides the rows
// of open outputs: an order of rows is that of all columns where there is no key.
func (eb *entityBuilder) useRelated(add func(table, column string)) {
	tables := eb.rs.Catalog
	for _, o := range eb.outputs {
		if !o.Open() {
			continue
		}
		for _, x := range o.Sources() {
			for _, r := range x.Refs {
				switch owner := tables.Entity(r.Entity); {
				case owner == nil || r.Entity == eb.entity.Name && r.Kind == compile.ColumnRef:
				case r.Kind == compile.ColumnRef:
					add(owner.Name, r.Name)
				case r.Kind == compile.ReferenceRef:
					if to := tables.Table(owner.Column(r.Name).References); to != nil {
						add(to.Name, to.Key)
					}
				case r.Kind == compile.RelationRef:
					t := tables.Table(r.Name)
					if t == nil {
						continue
					}
					add(owner.Name, owner.Key)
					for _, name := range []string{t.By, t.Time, t.Key} {
						add(t.Name, name)
					}
					if t.Key == "" {
						for _, c := range t.Columns {
							add(t.Name, c.Name)
						}
					}
				}
			}
		}
	}
}
