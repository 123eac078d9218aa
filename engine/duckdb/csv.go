package duckdb

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"personae/engine/catalog"
	"personae/engine/source"
	"personae/engine/spec"
	"personae/engine/sqltext"
)

// csvGroup is a set of files with the same header.
type csvGroup struct {
	header []string
	files  []int
	ids    []string
}

// csv reads text files with separated cells. Every cell is read as text: our
// grammar decides what it is. Files whose headers differ are united by name.
func (b *builder) csv(ctx context.Context, ds *spec.Dataset, r *relation) *relation {
	r.kind, r.costly, r.rejects = "csv", true, true
	form, ok := b.dialect(ds, r)
	if !ok {
		return nil
	}
	groups, ok := b.csvGroups(ds, r, form)
	if !ok {
		return nil
	}
	r.from = func(rd reading) string {
		var parts []string
		for _, g := range groups {
			if part := g.sql(r, form, rd); part != "" {
				parts = append(parts, part)
			}
		}
		return strings.Join(parts, " UNION ALL ")
	}
	return r
}

// csvGroups reads the header of each file, and unites the columns.
func (b *builder) csvGroups(ds *spec.Dataset, r *relation, form dialect) ([]*csvGroup, bool) {
	var groups []*csvGroup
	byHeader := map[string]*csvGroup{}
	for i, f := range r.files {
		header, err := readHeader(f.path, form)
		if err != nil {
			d := b.list.Errorf("data-corrupt", r.at, "The file %s cannot be read: %s", f.name, err)
			d.Detail = "Say how it is written with `encoding`, `delimiter` and `quote`, or bring the file again."
			return nil, false
		}
		key := strings.Join(header, "\x00")
		g := byHeader[key]
		if g == nil {
			g = &csvGroup{header: header}
			byHeader[key] = g
			groups = append(groups, g)
			b.csvColumns(ds, r, g, f)
		}
		g.files = append(g.files, i)
	}
	return groups, true
}

// csvColumns gives each column of a header its id, and adds new ones to the relation.
func (b *builder) csvColumns(ds *spec.Dataset, r *relation, g *csvGroup, f dataFile) {
	taken := map[string]bool{}
	for i, name := range g.header {
		id, hidden := name, ""
		if name == "" {
			id = fmt.Sprintf("column_%d", i+1)
			if r.rawByID(id) == nil && (ds.Source.Header.V || !ds.Source.Header.Set) && !readsFrom(ds, id) {
				b.list.Warnf("bad-name", r.at, "Column %d of %s has no name", i+1, f.name).Detail =
					"Rules see it as " + id + ". Name it in the file, or give it a name with `columns: {a_name: {from: " + id + "}}`."
			}
		}
		for n := 2; taken[strings.ToLower(id)]; n++ {
			hidden = "another column of the file has the same name"
			id = fmt.Sprintf("%s (%d)", name, n)
		}
		taken[strings.ToLower(id)] = true
		g.ids = append(g.ids, id)
		known := false
		for _, c := range r.columns {
			known = known || strings.EqualFold(c.id, id)
		}
		if !known {
			r.columns = append(r.columns, rawColumn{id: id, name: id, typ: catalog.SQLType{Name: "VARCHAR", Text: "VARCHAR"}, text: true, hidden: hidden})
		}
	}
}

// sql reads the files of a group, with all columns of the relation in order.
func (g *csvGroup) sql(r *relation, form dialect, rd reading) string {
	files := rd.files
	if files == nil {
		files = g.files
	}
	var own []int
	for _, i := range files {
		if slices.Contains(g.files, i) {
			own = append(own, i)
		}
	}
	if len(own) == 0 {
		return ""
	}
	columns := make([]string, len(g.ids))
	for i, id := range g.ids {
		columns[i] = sqltext.Literal(id) + ": 'VARCHAR'"
	}
	options := []string{
		r.paths(reading{files: own}), "auto_detect = false", "columns = {" + strings.Join(columns, ", ") + "}",
		"header = " + fmt.Sprint(form.header), "delim = " + sqltext.Literal(form.delimiter),
		"quote = " + sqltext.Literal(form.quote), "escape = " + sqltext.Literal(form.quote), "nullstr = ''",
	}
	if form.encoding != "utf-8" {
		options = append(options, "encoding = "+sqltext.Literal(form.encoding))
	}
	if rd.rejects != "" {
		options = append(options, "store_rejects = true", "rejects_table = "+sqltext.Literal(rd.rejects), "rejects_scan = "+sqltext.Literal(rd.rejects+"_files"))
	} else {
		options = append(options, "ignore_errors = true")
	}
	if rd.numbered {
		options = append(options, "filename = "+sqltext.Literal(fileColumn))
	}
	selected := make([]string, len(r.columns))
	for i, c := range r.columns {
		selected[i] = "CAST(NULL AS VARCHAR) AS " + sqltext.Ident(c.id)
		for _, id := range g.ids {
			if strings.EqualFold(id, c.id) {
				selected[i] = sqltext.Ident(id) + " AS " + sqltext.Ident(c.id)
			}
		}
	}
	if rd.numbered {
		selected = append(selected, sqltext.Ident(fileColumn), "row_number() OVER () AS "+sqltext.Ident(rowColumn))
	}
	return "SELECT " + strings.Join(selected, ", ") + " FROM read_csv(" + strings.Join(options, ", ") + ")"
}

// dialect is how a text file is written.
type dialect struct {
	delimiter, quote, encoding string
	header                     bool
}

// encodings maps what people write to what the database calls it.
var encodings = map[string]string{
	"": "utf-8", "utf-8": "utf-8", "utf8": "utf-8", "utf-16": "utf-16", "utf16": "utf-16",
	"latin-1": "latin-1", "latin1": "latin-1", "iso-8859-1": "latin-1", "iso8859-1": "latin-1",
}

// dialect takes what the dataset says and finds out the delimiter where it is not said.
func (b *builder) dialect(ds *spec.Dataset, r *relation) (dialect, bool) {
	src := ds.Source
	encoding, ok := encodings[strings.ToLower(src.Encoding.Value())]
	if !ok {
		b.list.Errorf("bad-value", src.Encoding.Range(), "The encoding %q cannot be read", src.Encoding.Value()).Detail = "Encodings are utf-8, utf-16 and latin-1. Convert the file, for example with iconv."
		return dialect{}, false
	}
	form := dialect{encoding: encoding, quote: `"`, header: true}
	if !src.Quote.IsZero() {
		form.quote = src.Quote.Value()
	}
	if src.Header.Set {
		form.header = src.Header.V
	}
	if !b.oneByte(src.Quote, "quote") || !b.oneByte(src.Delimiter, "delimiter") {
		return dialect{}, false
	}
	switch given := src.Delimiter.Value(); {
	case given == "tab" || given == `\t`:
		form.delimiter = "\t"
	case given != "":
		form.delimiter = given
	case plainExt(r.files[0].name) == ".tsv" || plainExt(r.files[0].name) == ".tab":
		form.delimiter = "\t"
	default:
		head, err := readHead(r.files[0].path, encoding)
		if err != nil {
			b.list.Errorf("data-corrupt", r.at, "The file %s cannot be read: %s", r.files[0].name, err).Detail = "Say how it is written with `encoding`, or bring the file again."
			return dialect{}, false
		}
		form.delimiter = findDelimiter(head, form.quote)
	}
	return form, true
}

func (b *builder) oneByte(t source.Text, key string) bool {
	v := t.Value()
	if v == "" || len(v) == 1 || key == "delimiter" && (v == "tab" || v == `\t`) {
		return true
	}
	b.list.Errorf("bad-value", t.Range(), "`%s` is one character, not %q", key, v).Detail = "Use one ASCII character, or `tab`."
	return false
}

// readsFrom tells whether a declared column takes its values from a raw one.
func readsFrom(ds *spec.Dataset, id string) bool {
	for _, c := range ds.Columns {
		if c.Value != nil && c.Value.From.Value() == id {
			return true
		}
	}
	return false
}
