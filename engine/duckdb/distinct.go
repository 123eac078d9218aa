package duckdb

import (
	"strings"

	"personae/engine/catalog"
	"personae/engine/spec"
	"personae/engine/sqltext"
)

// relationOfDistinct makes the relation of `source.distinct`: one row for each
// key found in another dataset. The column there has the name of the key; if
// there is none, it is the one that names the owner (`by`).
func (b *builder) relationOfDistinct(ds *spec.Dataset, from *dataset) *relation {
	at := ds.Source.Distinct.Range()
	key := ds.Key.Value()
	if key == "" {
		b.list.Errorf("missing-key", at, "Dataset %s has no `key`", ds.Name.Value()).Detail = "`distinct` makes one row for each key: name the column with `key`."
		return nil
	}
	found := from.column(key)
	if found == nil && from.spec.By.Value() != "" {
		found = from.column(from.spec.By.Value())
	}
	if found == nil {
		d := b.list.Errorf("column-missing", ds.Key.Range(), "Dataset %s has no column %s", from.spec.Name.Value(), key)
		d.Detail = "`key` names the column of " + from.spec.Name.Value() + " that holds the keys."
		suggest(d, key, from.names())
		return nil
	}
	column := found.cat.Name
	r := &relation{kind: "distinct", at: at, depends: []string{from.spec.Name.Value()}, costly: true}
	r.uses = map[string][]string{from.spec.Name.Value(): {strings.ToLower(column)}}
	r.columns = []rawColumn{{id: key, name: column, typ: catalog.ParseSQLType(found.cat.SQLType), notNull: true}}
	r.from = func(rd reading) string {
		schema := snapshotSchema
		if rd.schema != "" {
			schema = rd.schema
		}
		extra := ""
		if rd.numbered {
			extra = ", '' AS " + sqltext.Ident(fileColumn) + ", 0 AS " + sqltext.Ident(rowColumn)
		}
		return "SELECT DISTINCT " + sqltext.Ident(column) + " AS " + sqltext.Ident(key) + extra + " FROM " + sqltext.Path(schema, from.spec.Name.Value()) +
			" WHERE " + sqltext.Ident(column) + " IS NOT NULL"
	}
	return r
}
