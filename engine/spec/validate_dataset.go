package spec

import (
	"slices"
	"strings"
	"unicode/utf8"

	"personae/engine/diag"
)

var columnTypes = []string{"string", "int", "double", "bool", "date", "timestamp", "bytes"}

func (v *validator) dataset(d *Dataset) {
	if d.Source != nil {
		v.source(d)
	}
	v.relation(d)
	if mode := d.OnDuplicate.Value(); mode == "first" || mode == "last" {
		if len(d.OrderBy) == 0 {
			v.needs(d.OnDuplicate.Range(), "on_duplicate: "+mode, "order_by",
				"Say which columns decide which row is first: a version must not depend on the order of rows.")
		}
		if d.Key.IsZero() {
			v.needs(d.OnDuplicate.Range(), "on_duplicate", "key", "Rows are duplicates where they have the same key.")
		}
	} else if len(d.OrderBy) > 0 && !v.incomplete[d] {
		v.Report("unused", d.OrderBy[0].Range(), "`order_by` does nothing here").
			Detail = "It says which duplicate counts: write `on_duplicate: first` or `last`, or delete it."
	}
	for _, e := range d.Columns {
		v.column(e.Key, e.Value)
	}
}

func (v *validator) source(d *Dataset) {
	s := d.Source
	if !v.incomplete[s] {
		v.exactlyOne(s.Range, "A dataset has one source: files (`path`), a table in a DuckDB file (`database` and `table`), a SELECT (`sql`), or the keys of another dataset (`distinct`).",
			[]string{"path", "database", "sql", "distinct"},
			present(key("path", s.Path), key("database", s.Database), key("sql", s.SQL), key("distinct", s.Distinct)))
		switch {
		case !s.Database.IsZero() && s.Table.IsZero():
			v.needs(s.Database.Range(), "database", "table", "Name the table in the database file.")
		case s.Database.IsZero() && !s.Table.IsZero():
			v.needs(s.Table.Range(), "table", "database", "Name the DuckDB file that holds the table.")
		}
	}
	for _, one := range present(key("path", s.Path), key("database", s.Database), key("table", s.Table), key("sql", s.SQL), key("distinct", s.Distinct)) {
		if strings.TrimSpace(one.value) == "" {
			v.Report("empty-value", one.at, "`%s` is empty", one.key).Detail = "Write a value."
		}
	}
	for _, one := range present(key("delimiter", s.Delimiter), key("quote", s.Quote)) {
		if value := one.value; utf8.RuneCountInString(value) != 1 && value != `\t` && !(value == "" && one.key == "quote") {
			v.Report("bad-value", one.at, "`%s` is %q, and it is one character", one.key, value).
				Detail = `Write one character in quotes: ",", ";", "|", or "\t" for a tab.`
		}
	}
	if t := s.Encoding; !t.IsZero() {
		v.oneOf(t, "encoding", "an encoding that can be read", "It is utf-8 (default), utf-16 or latin-1.", []string{"utf-8", "utf-16", "latin-1"})
	}
	if s.Distinct.Value() != "" && s.Distinct.Value() == d.Name.Value() {
		v.Report("cycle", s.Distinct.Range(), "The dataset takes its keys from itself").Detail = "Name the dataset whose rows hold the keys."
		return
	}
	v.refers(s.Distinct, "dataset", "Dataset", v.datasetNames())
}

// relation checks the keys that say whose rows these are.
func (v *validator) relation(d *Dataset) {
	if v.incomplete[d] {
		return
	}
	switch {
	case !d.Of.IsZero() && d.By.IsZero():
		v.needs(d.Of.Range(), "of", "by", "Name the column that holds the key of "+d.Of.Value()+".")
	case d.Of.IsZero() && !d.By.IsZero():
		v.needs(d.By.Range(), "by", "of", "Name the entity whose key the column holds.")
	case !d.Of.IsZero() && d.Entity.IsZero():
		v.needs(d.Of.Range(), "of", "entity", "Say what one row is called, as in `entity: order`.")
	}
	if d.Of.IsZero() {
		for _, one := range present(key("orphans", d.Orphans), key("value", d.Value)) {
			v.needs(one.at, one.key, "of", "Only rows that belong to something can be orphans.")
		}
	} else {
		if d.Of.Value() == d.Entity.Value() {
			v.Report("cycle", d.Of.Range(), "The rows belong to themselves").Detail = "Name the entity that has many of these rows."
		} else {
			v.refers(d.Of, "entity", "Dataset", v.entityNames())
		}
	}
	if d.Future.V && d.Time.IsZero() {
		v.needs(d.Future.Range, "future", "time", "Name the column that says when a row happened: only then can rows be later than now.")
	}
}

func (v *validator) column(name Text, c *Column) {
	at := name.Range()
	if name := name.Value(); !columnPattern.MatchString(name) {
		one := v.Report("bad-name", at, "Rules cannot write the column name %q", name)
		one.Detail = "Give it a name of small letters, digits and underscores, and say what the file calls it with `from:`."
		if fixed := asName(name); fixed != "" {
			one.Detail = "Write " + fixed + ": {from: " + quoteYAML(name) + "}. Rules can write small letters, digits and underscores, and others in ASCII between backticks."
		}
	}
	if t := c.Type; !t.IsZero() {
		inner := t.Value()
		for strings.HasPrefix(inner, "list<") && strings.HasSuffix(inner, ">") {
			inner = strings.TrimSuffix(strings.TrimPrefix(inner, "list<"), ">")
		}
		if inner != t.Value() || !strings.HasPrefix(inner, "list") {
			v.columnType(t, inner)
		} else {
			v.Report("bad-value", t.Range(), "`type` cannot be %q", t.Value()).Detail = "Say what the list holds: list<string>."
		}
	}
	if c.References.Value() != "" {
		v.refers(c.References, "dataset", "Dataset", v.datasetNames())
	}
}

func (v *validator) columnType(t Text, inner string) {
	for _, known := range columnTypes {
		if inner == known {
			return
		}
	}
	one := v.Report("bad-value", t.Range(), "`type` cannot be %q", t.Value())
	one.Detail = "It is one of " + strings.Join(columnTypes, ", ") + " or list<one of these>."
	other := map[string]string{"float": "double", "decimal": "double", "number": "double", "integer": "int", "bigint": "int", "long": "int",
		"text": "string", "varchar": "string", "boolean": "bool", "datetime": "timestamp", "time": "timestamp", "blob": "bytes"}
	if meant, ok := other[strings.ToLower(inner)]; ok && inner == t.Value() {
		one.Detail = "Did you mean " + meant + "? " + one.Detail
		one.Fix = &diag.Fix{Range: t.Range(), Replacement: meant, Title: "write " + meant}
		return
	}
	suggest(one, t.Value(), columnTypes, t.Range())
}

// key pairs a key with its text.
func key(name string, t Text) written { return written{name, t.Value(), t.Range()} }

// present leaves those that are written.
func present(all ...written) []written {
	return slices.DeleteFunc(all, func(w written) bool { return w.at.IsZero() })
}

func (v *validator) datasetNames() []string {
	var names []string
	for _, d := range v.m.Datasets {
		names = append(names, d.Name.Value())
	}
	return names
}

func (v *validator) entityNames() []string {
	var names []string
	for _, d := range v.m.Datasets {
		if d.Entity.Value() != "" {
			names = append(names, d.Entity.Value())
		}
	}
	return names
}
