package scaffold

import (
	"database/sql"
	"fmt"
	"sort"
	"strings"
	"time"

	"personae/engine/catalog"
	"personae/engine/diag"
	"personae/engine/source"
	"personae/engine/spec"
	"personae/engine/sqltext"
)

// table is one file and what was found in it.
type table struct {
	given  string // as the person wrote it
	path   string // absolute
	source string // as the YAML writes it
	format fileFormat
	notes  []string // comments above the dataset

	name     string // of the dataset
	entity   string // what one row is called; "" for none
	rows     int64
	columns  []*column
	hidden   []catalog.HiddenColumn
	key      *column
	owner    *table // whose rows these are: a table, or
	ofRoot   bool   // the root that is made from them
	by       *column
	time     *column
	amount   *column
	quantity *column // amount is quantity × price
	price    *column
	orderID  *column
	parent   bool // others belong to it
	lookup   bool
}

// column is one column and what was found in it.
type column struct {
	id, from string // as the database and as the file calls it
	name     string
	title    string // what people call it; "" where its name says it
	typ      catalog.Type
	unnamed  bool
	notes    []string

	count, distinct int64 // values, and about how many different ones
	min, max        sql.NullString

	declare   string // type to write; "" where it is found by itself
	format    string
	decimal   bool // comma
	nulls     []string
	replace   [][2]string
	pii       bool
	sensitive bool
	unit      string
	basis     string
	refers    *table
}

// profiled is where the values of a table are looked at.
func (t *table) profiled() string { return sqltext.Path("scaffold", t.name) }

func (c *column) sql() string { return sqltext.Ident(c.name) }

// label is what people call it.
func (c *column) label() string {
	if c.title != "" {
		return c.title
	}
	return title(c.name)
}

// number says whether values can be added.
func (c *column) number() bool { return c.typ.Kind == catalog.Int || c.typ.Kind == catalog.Double }

// profile finds the columns of each file, gives them names, and reads the
// values into tables of the working database, where they are looked at.
func (m *maker) profile() error {
	taken := map[string]bool{}
	for _, t := range m.tables {
		t.name = fresh(stem(t.path), "data", taken)
	}
	cat, ok := m.introspect(func(t *table) string { return "" })
	if !ok {
		return nil
	}
	for _, t := range m.tables {
		m.columns(t, cat.Table(t.name))
	}
	if m.list.HasErrors() {
		return nil
	}
	if _, err := m.db.ExecContext(m.ctx, "CREATE SCHEMA IF NOT EXISTS scaffold"); err != nil {
		return err
	}
	return m.read()
}

// read introspects with what is declared so far, and looks at every value.
func (m *maker) read() error {
	cat, ok := m.introspect(declared)
	if !ok {
		return nil
	}
	for _, t := range m.tables {
		found := cat.Table(t.name)
		for _, c := range t.columns {
			if col := found.Column(c.name); col != nil {
				c.typ = col.Type
			}
		}
		if err := m.measure(t); err != nil {
			return err
		}
	}
	return nil
}

// introspect asks the database for the columns of all files.
func (m *maker) introspect(columns func(*table) string) (*catalog.Catalog, bool) {
	var b strings.Builder
	for _, t := range m.tables {
		b.WriteString("---\nkind: Dataset\nname: " + t.name + "\n" + t.sourceYAML(t.path, "") + columns(t))
	}
	module, list := spec.Parse([]*source.File{source.NewFile("datasets/init.yaml", []byte(b.String()))})
	if list.HasErrors() {
		m.list.Add(list...)
		return nil, false
	}
	cat, list := m.prof.Introspect(m.ctx, module)
	m.translate(list)
	return cat, !list.HasErrors()
}

// translate gives problems of the working YAML the place of their file.
func (m *maker) translate(list diag.List) {
	for _, d := range list {
		if d.Severity != diag.Error {
			continue // names of columns and the like are in the guesses
		}
		d.Range, d.Related, d.Fix = source.Range{}, nil, nil
		for _, t := range m.tables {
			if strings.Contains(d.Summary, t.path) || strings.Contains(d.Summary, "dataset "+t.name) {
				d.Range.File = t.given
			}
		}
		m.list.Add(d)
	}
}

// declared writes the `columns` of a dataset for our own reading. Types that
// are known are declared: finding them out costs a scan of the file, and its
// query grows with the square of the columns (300 took ten seconds).
func declared(t *table) string {
	if len(t.columns) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("columns:\n")
	for _, c := range t.columns {
		keys := append([]string{"from: " + yamlText(c.id)}, c.reading()...)
		if c.declare == "" && t.format.kind == "csv" && knownTypes[c.typ.Kind] != "" {
			keys = append(keys, "type: "+knownTypes[c.typ.Kind])
		}
		b.WriteString("  " + c.name + ": {" + strings.Join(keys, ", ") + "}\n")
	}
	return b.String()
}

// knownTypes are the types that a CSV column may be found to have. A timestamp
// reads ISO dates too.
var knownTypes = map[catalog.Kind]string{
	catalog.Bool: "bool", catalog.Int: "int", catalog.Double: "double", catalog.String: "string", catalog.Timestamp: "timestamp",
}

// columns names the columns of a table.
func (m *maker) columns(t *table, found *catalog.Table) {
	ids := []string{}
	typed := map[string]string{}
	for _, c := range found.Columns {
		ids, typed[c.Name] = append(ids, c.Name), c.SourceType
	}
	for _, h := range found.Hidden {
		if _, _, reason := catalog.FromSQL(catalog.ParseSQLType(h.SourceType)); h.SourceType != "text" && reason != "" {
			t.hidden = append(t.hidden, h)
			t.notes = append(t.notes, "Rules cannot see "+clean(h.Name)+": "+clean(h.Reason))
			continue
		}
		ids, typed[h.Name] = append(ids, h.Name), h.SourceType
	}
	taken := map[string]bool{}
	for i, id := range ids {
		c := &column{id: id, from: id, unnamed: m.unnamed(id, found)}
		if col := found.Column(id); col != nil {
			c.typ = col.Type
		}
		c.name = fresh(snake(id), fmt.Sprintf("column_%d", i+1), taken)
		if c.unnamed && !t.format.headless {
			c.notes = append(c.notes, m.guess(t.given+" "+id, id+", a column without a name", High, "its header is empty"))
		}
		t.columns = append(t.columns, c)
	}
	if len(t.columns) == 0 {
		m.problem("data-corrupt", t.given, t.given+" has no column that rules can use", "Export it with plain columns: text, numbers, dates.")
	}
}

// unnamed says whether the name is the one that reading gave.
func (m *maker) unnamed(id string, found *catalog.Table) bool {
	c := found.Column(id)
	return c != nil && strings.HasPrefix(id, "column_") && c.From == id && c.SourceType == "text"
}

// measure copies the values of a table and counts them, 40 columns a query.
func (m *maker) measure(t *table) error {
	copied := "CREATE OR REPLACE TABLE " + t.profiled() + " AS SELECT * FROM " + sqltext.Path("views", t.name)
	if _, err := m.db.ExecContext(m.ctx, copied); err != nil {
		return fmt.Errorf("%s cannot be read: %w", t.given, err)
	}
	if err := m.db.QueryRowContext(m.ctx, "SELECT count(*) FROM "+t.profiled()).Scan(&t.rows); err != nil {
		return err
	}
	if t.rows == 0 {
		m.problem("data-corrupt", t.given, "The file "+t.given+" holds no row", "It has names of columns and nothing below them, so nothing can be found out. Bring a file with data, or leave it out.")
		return nil
	}
	for at := 0; at < len(t.columns); at += 40 {
		part := t.columns[at:min(at+40, len(t.columns))]
		var sums []string
		var pointers []any
		for _, c := range part {
			x := c.sql()
			sums = append(sums, "count("+x+")", "approx_count_distinct("+x+")")
			pointers = append(pointers, &c.count, &c.distinct)
			if scalar(c.typ.Kind) {
				sums = append(sums, "CAST(min("+x+") AS VARCHAR)", "CAST(max("+x+") AS VARCHAR)")
				pointers = append(pointers, &c.min, &c.max)
			}
		}
		if err := m.db.QueryRowContext(m.ctx, "SELECT "+strings.Join(sums, ", ")+" FROM "+t.profiled()).Scan(pointers...); err != nil {
			return err
		}
	}
	return m.exact(t)
}

// exact counts different values where the estimate is not good enough: few
// values, or as many as there are rows.
func (m *maker) exact(t *table) error {
	for _, c := range t.columns {
		_, person := isPerson(c.name)
		if c.count == 0 || !scalar(c.typ.Kind) || c.distinct > 100 && c.distinct*10 < c.count*8 && !person {
			continue
		}
		if err := m.db.QueryRowContext(m.ctx, "SELECT count(DISTINCT "+c.sql()+") FROM "+t.profiled()).Scan(&c.distinct); err != nil {
			return err
		}
	}
	return nil
}

func scalar(k catalog.Kind) bool {
	switch k {
	case catalog.Bool, catalog.Int, catalog.Double, catalog.String, catalog.Timestamp:
		return true
	}
	return false
}

// valueCount is a value and how often it stands.
type valueCount struct {
	value string
	n     int64
}

// most gives the most frequent values of a column that fit a condition, as
// text, ties by value.
func (m *maker) most(t *table, c *column, where string, n int) ([]valueCount, error) {
	query := fmt.Sprintf("SELECT CAST(%[1]s AS VARCHAR), count(*) FROM %[2]s WHERE %[1]s IS NOT NULL AND (%[3]s) GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT %[4]d", c.sql(), t.profiled(), where, n)
	rows, err := m.db.QueryContext(m.ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []valueCount
	for rows.Next() {
		var v valueCount
		if err := rows.Scan(&v.value, &v.n); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// ints runs a query that gives one row of whole numbers.
func (m *maker) ints(query string, n int) ([]int64, error) {
	out, pointers := make([]sql.NullInt64, n), make([]any, n)
	for i := range out {
		pointers[i] = &out[i]
	}
	if err := m.db.QueryRowContext(m.ctx, query).Scan(pointers...); err != nil {
		return nil, err
	}
	values := make([]int64, n)
	for i, v := range out {
		values[i] = v.Int64
	}
	return values, nil
}

// newest is the latest value of a time column.
func (m *maker) newest(t *table, c *column) (time.Time, error) {
	var at sql.NullTime
	err := m.db.QueryRowContext(m.ctx, "SELECT max("+c.sql()+") FROM "+t.profiled()).Scan(&at)
	return at.Time.UTC(), err
}

func sortedNames(set map[string]bool) []string {
	var out []string
	for k := range set {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}
