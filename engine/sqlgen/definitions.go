package sqlgen

import (
	"slices"
	"strconv"
	"strings"

	"personae/engine/sqltext"
)

// definitions are columns that a query adds, each once, whoever asks for it.
type definitions struct {
	of    string // what their names tell; no rule can use such names
	known []Item
}

// name gives the column of a definition, which it adds where there is none.
func (d *definitions) name(sql string) string {
	i := slices.IndexFunc(d.known, func(c Item) bool { return c.SQL == sql })
	if i < 0 {
		i = len(d.known)
		d.add(sql, sqltext.Ident("≡"+d.of+" "+strconv.Itoa(i)))
	}
	return d.known[i].As
}

// add is name for a column with a name of its own.
func (d *definitions) add(sql, as string) { d.known = append(d.known, Item{SQL: sql, As: as}) }

func (d *definitions) names() []string {
	var out []string
	for _, c := range d.known {
		out = append(out, c.As)
	}
	return out
}

// list is for a SELECT.
func (d *definitions) list() []string {
	var out []string
	for _, c := range d.known {
		out = append(out, c.SQL+" AS "+c.As)
	}
	return out
}

// selectAlso adds columns to a FROM clause.
func selectAlso(from string, columns []string) string {
	if len(columns) == 0 {
		return from
	}
	return "(SELECT *, " + strings.Join(columns, ", ") + "\n  FROM " + from + ")"
}
