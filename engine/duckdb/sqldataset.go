package duckdb

import (
	"bytes"
	"context"
	"encoding/json"
	"sort"
	"strconv"
	"strings"

	"personae/engine/source"
	"personae/engine/spec"
	"personae/engine/sqltext"
)

// exactSum makes sum(double) independent of the order of rows and of threads:
// decimals add up exactly. Whole numbers are summed as ever.
const exactSum = `CREATE TEMP MACRO IF NOT EXISTS exact_sum(x DOUBLE) AS CAST(sum(CAST(x AS DECIMAL(38, 9))) AS DOUBLE),
	(x HUGEINT) AS sum(x), (x BOOLEAN) AS sum(CAST(x AS INTEGER))`

// query is a checked SELECT over other datasets.
type query struct {
	tree    map[string]any
	text    source.Text
	depends map[string][]string // dataset → columns that the text may read, lower case; nil: all
	ctes    map[string]bool
	names   map[string]bool // lower-case names of columns that are read
	alone   map[string]bool // those without a table before them
	aliases map[string]bool // names that stand for whole rows
	star    bool
	tables  map[string]source.Range
}

// parseSQL proves that a text is exactly one SELECT over datasets.
func (b *builder) parseSQL(ctx context.Context, ds *spec.Dataset) *query {
	text := ds.Source.SQL
	if strings.TrimSpace(text.Value()) == "" {
		b.list.Errorf("sql-not-select", text.Range(), "The SQL of dataset %s is empty", ds.Name.Value()).Detail = "Write one SELECT over other datasets."
		return nil
	}
	var serialized string
	if err := b.conn.QueryRowContext(ctx, "SELECT CAST(json_serialize_sql(CAST(? AS VARCHAR)) AS VARCHAR)", text.Value()).Scan(&serialized); err != nil {
		b.sqlError(ds, err)
		return nil
	}
	var parsed struct {
		Error      bool              `json:"error"`
		Type       string            `json:"error_type"`
		Message    string            `json:"error_message"`
		Position   any               `json:"position"`
		Statements []json.RawMessage `json:"statements"`
	}
	if err := json.Unmarshal([]byte(serialized), &parsed); err != nil {
		b.sqlError(ds, err)
		return nil
	}
	if parsed.Error && parsed.Type != "parser" || !parsed.Error && len(parsed.Statements) != 1 {
		b.list.Errorf("sql-not-select", text.Range(), "The SQL of dataset %s is not one SELECT", ds.Name.Value()).Detail =
			"Write exactly one SELECT over other datasets. Statements that change something, and several statements, are refused."
		return nil
	}
	if parsed.Error {
		b.list.Errorf("sql-error", sqlPlace(text, parsed.Position), "The SQL of dataset %s cannot be read", ds.Name.Value()).Detail =
			"Correct it near this place.\nDuckDB says: " + firstLines(parsed.Message)
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader([]byte(serialized)))
	decoder.UseNumber() // positions are beyond the doubles
	q := &query{text: text, ctes: map[string]bool{}, names: map[string]bool{}, alone: map[string]bool{}, aliases: map[string]bool{}, tables: map[string]source.Range{}}
	if err := decoder.Decode(&q.tree); err != nil {
		b.sqlError(ds, err)
		return nil
	}
	before := len(*b.list)
	q.collectCTEs(q.tree)
	q.check(b, ds, q.tree)
	if len(*b.list) > before {
		return nil
	}
	q.resolve()
	return q
}

// sqlPlace is the place of a byte offset, the whole text where there is none.
func sqlPlace(text source.Text, position any) source.Range {
	s := ""
	switch p := position.(type) {
	case string:
		s = p
	case json.Number:
		s = p.String()
	case float64:
		s = strconv.FormatFloat(p, 'f', -1, 64)
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n >= len(text.Value()) {
		return text.Range()
	}
	end := n + 1
	for end < len(text.Value()) && isWord(text.Value()[end]) {
		end++
	}
	return text.Sub(n, end)
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// collectCTEs finds the names that WITH defines, anywhere.
func (q *query) collectCTEs(node any) {
	walk(node, func(m map[string]any) {
		if ctes, ok := m["cte_map"].(map[string]any); ok {
			for _, e := range asList(ctes["map"]) {
				if entry, ok := e.(map[string]any); ok {
					q.ctes[strings.ToLower(asString(entry["key"]))] = true
				}
			}
		}
		if name := asString(m["cte_name"]); name != "" {
			q.ctes[strings.ToLower(name)] = true
		}
	})
}

// resolve says which columns of each dataset the text may read: those that it
// names anywhere, or all where it says * or names a whole row.
func (q *query) resolve() {
	q.depends = map[string][]string{}
	all := q.star
	for alias := range q.aliases {
		all = all || q.alone[alias]
	}
	var names []string
	for n := range q.names {
		names = append(names, n)
	}
	sort.Strings(names)
	for t := range q.tables {
		if q.depends[t] = names; all {
			q.depends[t] = nil
		}
	}
}

// sql writes the SELECT with the datasets looked up in a schema.
func (b *builder) sql(ctx context.Context, q *query, schema string, exact bool) (string, error) {
	copied, err := json.Marshal(q.tree)
	if err != nil {
		return "", err
	}
	decoder := json.NewDecoder(bytes.NewReader(copied))
	decoder.UseNumber()
	var tree map[string]any
	if err := decoder.Decode(&tree); err != nil {
		return "", err
	}
	walk(tree, func(m map[string]any) {
		if asString(m["type"]) == "BASE_TABLE" {
			if _, ok := q.tables[asString(m["table_name"])]; ok {
				if asString(m["alias"]) == "" {
					m["alias"] = m["table_name"]
				}
				m["schema_name"] = schema
			}
		}
		if exact && asString(m["class"]) == "FUNCTION" && asString(m["type"]) == "FUNCTION" && asString(m["function_name"]) == "sum" && m["filter"] == nil && m["distinct"] == false {
			m["function_name"] = "exact_sum"
		}
	})
	out, err := json.Marshal(tree)
	if err != nil {
		return "", err
	}
	var text string
	err = b.conn.QueryRowContext(ctx, "SELECT json_deserialize_sql(CAST(? AS JSON))", string(out)).Scan(&text)
	return strings.TrimSuffix(strings.TrimSpace(text), ";"), err
}

// relationOfSQL makes the relation of `source.sql`. The sums of doubles are
// exact where DuckDB takes them so; windows and intervals keep its own sum.
func (b *builder) relationOfSQL(ctx context.Context, ds *spec.Dataset, q *query) *relation {
	r := &relation{kind: "sql", at: ds.Source.SQL.Range(), costly: true, uses: q.depends}
	for name := range q.depends {
		r.depends = append(r.depends, name)
	}
	sort.Strings(r.depends)
	texts := map[string]string{}
	exact := true
	for _, schema := range []string{viewSchema, snapshotSchema} {
		text, err := b.sql(ctx, q, schema, exact)
		if err == nil && schema == viewSchema {
			if err = r.describe(ctx, b.conn, text); err != nil {
				exact, r.columns = false, nil
				if text, err = b.sql(ctx, q, schema, exact); err == nil {
					err = r.describe(ctx, b.conn, text)
				}
			}
		}
		if err != nil {
			b.sqlError(ds, err)
			return nil
		}
		texts[schema] = text
	}
	seen := map[string]bool{}
	for i := range r.columns {
		c := &r.columns[i]
		if seen[strings.ToLower(c.id)] {
			b.list.Errorf("sql-error", r.at, "The SQL of dataset %s gives two columns called %s", ds.Name.Value(), c.id).Detail = "Rename one with AS."
			return nil
		}
		seen[strings.ToLower(c.id)] = true
	}
	r.from = func(rd reading) string {
		text := texts[snapshotSchema]
		if rd.schema == viewSchema {
			text = texts[viewSchema]
		}
		if rd.numbered {
			return "SELECT *, '' AS " + sqltext.Ident(fileColumn) + ", 0 AS " + sqltext.Ident(rowColumn) + " FROM (" + text + ")"
		}
		return text
	}
	return r
}

func (b *builder) sqlError(ds *spec.Dataset, err error) {
	b.list.Errorf("sql-error", ds.Source.SQL.Range(), "The SQL of dataset %s cannot be run", ds.Name.Value()).Detail =
		"It is one SELECT that may use the columns of other datasets as rules see them, and nothing else.\nDuckDB says: " + firstLines(err.Error())
}

// walk visits every object of a decoded JSON tree, parents first. The order of
// an object's keys is fixed, so that diagnostics come in a fixed order.
func walk(node any, visit func(map[string]any)) {
	switch n := node.(type) {
	case map[string]any:
		visit(n)
		keys := make([]string, 0, len(n))
		for k := range n {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		for _, k := range keys {
			walk(n[k], visit)
		}
	case []any:
		for _, e := range n {
			walk(e, visit)
		}
	}
}

func asString(v any) string { s, _ := v.(string); return s }
func asList(v any) []any    { l, _ := v.([]any); return l }
