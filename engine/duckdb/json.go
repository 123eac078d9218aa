package duckdb

import (
	"context"
	"strings"

	"personae/engine/catalog"
	"personae/engine/spec"
	"personae/engine/sqltext"
)

// json reads JSON and NDJSON files. The database finds out the structure over
// all rows; text stays text, so that our grammar decides what is a date.
func (b *builder) json(ctx context.Context, ds *spec.Dataset, r *relation, format string) *relation {
	r.kind, r.costly = "json", true
	shape := "auto"
	if format == "ndjson" {
		shape = "newline_delimited"
	}
	common := ", format = " + sqltext.Literal(shape) + ", maximum_object_size = 67108864"
	probe := "SELECT * FROM read_json(" + r.paths(reading{}) + common +
		", sample_size = -1, union_by_name = true, convert_strings_to_integers = false, map_inference_threshold = -1, hive_partitioning = false)"
	if err := r.describe(ctx, b.conn, probe); err != nil {
		report(b.list, err, ds.Name.Value(), r.at)
		return nil
	}
	columns := make([]string, len(r.columns))
	for i := range r.columns {
		c := &r.columns[i]
		typ := jsonType(c.typ)
		c.typ = catalog.ParseSQLType(typ)
		c.text = typ == "VARCHAR"
		columns[i] = sqltext.Literal(c.id) + ": " + sqltext.Literal(typ)
	}
	r.from = func(rd reading) string {
		cols, extra := r.selected(), ""
		if rd.numbered {
			cols += ", " + sqltext.Ident(fileColumn) + ", row_number() OVER () AS " + sqltext.Ident(rowColumn)
			extra = ", filename = " + sqltext.Literal(fileColumn)
		}
		return "SELECT " + cols + " FROM read_json(" + r.paths(rd) + common + extra + ", columns = {" + strings.Join(columns, ", ") + "})"
	}
	return r
}

// jsonType undoes the database's guesses about text: JSON has numbers, text,
// true and false, lists and objects. What is mixed is text.
func jsonType(t catalog.SQLType) string {
	switch t.Name {
	case "LIST":
		return jsonType(*t.Elem) + "[]"
	case "STRUCT":
		fields := make([]string, len(t.Fields))
		for i, f := range t.Fields {
			fields[i] = sqltext.Ident(f.Name) + " " + jsonType(f.Type)
		}
		return "STRUCT(" + strings.Join(fields, ", ") + ")"
	case "MAP":
		return "MAP(" + jsonType(*t.Key) + ", " + jsonType(*t.Elem) + ")"
	case "BOOLEAN", "BIGINT", "UBIGINT", "HUGEINT", "DOUBLE":
		return t.Name
	}
	return "VARCHAR"
}
