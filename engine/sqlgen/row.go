package sqlgen

import (
	"slices"
	"strings"
)

// Row is a query that gives one row: aggregates over a table, to which some
// columns are added first. Each item stands for itself, so that any of them can
// be asked for alone.
type Row struct {
	Items   []Item
	Columns []Item // what Items may read beside the table's own columns
	Table   string
}

// Item is one value with its name.
type Item struct{ SQL, As string }

// SQL is the whole query; "" where nothing is asked.
func (r Row) SQL() string { return r.Only(func(Item) bool { return true }) }

// But is the row without some items.
func (r Row) But(names map[string]bool) Row {
	r.Items = slices.DeleteFunc(slices.Clone(r.Items), func(i Item) bool { return names[i.As] })
	return r
}

// Only is the query for some of the items; "" where there are none.
func (r Row) Only(wanted func(Item) bool) string {
	var list []string
	for _, i := range r.Items {
		if wanted(i) {
			list = append(list, i.SQL+" AS "+i.As)
		}
	}
	if len(list) == 0 {
		return ""
	}
	from := r.Table
	if len(r.Columns) > 0 {
		added := make([]string, len(r.Columns))
		for i, c := range r.Columns {
			added[i] = c.SQL + " AS " + c.As
		}
		from = "(SELECT *, " + strings.Join(added, ", ") + " FROM " + from + ")"
	}
	return "SELECT " + strings.Join(list, ",\n  ") + "\nFROM " + from
}
