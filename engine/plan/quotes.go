package plan

import (
	"slices"
	"sort"

	"personae/engine/catalog"
	"personae/engine/compile"
	"personae/engine/diag"
)

// Quotes are the rows whose words speak for a persona's members.
type Quotes struct {
	Persona string
	Entity  string         // whom the persona is about
	Table   *catalog.Table // whose rows are quoted
	Text    *Expr
	Where   *Expr // TRUE for the rows that are quoted
	// By is the column that names the member who wrote a row; "" where rows are
	// not about the entity: then they are by anyone.
	By string
	// Key is the key of the rows, "" for none. Names are columns with the names of
	// people, whose values are taken out of the words: of the rows, and of who
	// wrote them.
	Names, OwnerNames []string
	Owner             *catalog.Table // of OwnerNames; nil without By
}

// quotes plans what personas quote. What SQL cannot decide is an error: it would
// have to be read row by row.
func quotes(rs *compile.RuleSet, facts *catalog.Facts, problems *diag.List, reads map[string]map[string]bool) []Quotes {
	var out []Quotes
	for _, p := range rs.Personas {
		if p.Quotes == nil {
			continue
		}
		q := Quotes{Persona: p.Name, Entity: p.Entity, Table: p.Quotes.Table, Names: personal(p.Quotes.Table)}
		table := q.Table
		scope := Scope{Entity: table.Entity, Table: table, Zone: rs.Settings.Zone}
		if scope.Entity == "" {
			scope.Entity = "row"
		}
		b := NewBuilder(facts)
		lower := func(x *compile.Expr) *Expr {
			e, holes := Lower(b, scope, x.AST)
			for _, h := range holes {
				problems.Report("not-supported-yet", x.Text.SubRunes(h.Start, h.End), "%s cannot pick quotes", h.Reason).Detail =
					"Rows that are quoted are picked by the database. Calculate this in the data, and name the column here."
			}
			return e
		}
		q.Text, q.Where = lower(p.Quotes.Text), b.Const(true)
		if p.Quotes.Where != nil {
			q.Where = b.Decide(lower(p.Quotes.Where))
		}
		for _, e := range rs.Entities {
			if e.Name == p.Entity && table.Of == e.Name && table.By != "" {
				q.By, q.Owner, q.OwnerNames = table.By, e.Table, personal(e.Table)
			}
		}
		q.use(reads)
		out = append(out, q)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Persona < out[j].Persona })
	return out
}

// personal lists the texts of a table that are personal data.
func personal(t *catalog.Table) []string {
	var out []string
	for _, c := range t.Columns {
		if c.PII && c.Type.Kind == catalog.String && c.Name != t.Key {
			out = append(out, c.Name)
		}
	}
	return out
}

func (q *Quotes) use(reads map[string]map[string]bool) {
	add := func(table, column string) {
		if reads[table] == nil {
			reads[table] = map[string]bool{}
		}
		if column != "" {
			reads[table][column] = true
		}
	}
	add(q.Table.Name, q.Table.Key)
	Reads([]*Expr{q.Text, q.Where}, add)
	for _, name := range slices.Concat(q.Names, []string{q.By}) {
		add(q.Table.Name, name)
	}
	for _, name := range q.OwnerNames {
		add(q.Owner.Name, name)
	}
}
