package sqlgen

import (
	"strings"
	"time"

	"personae/engine/plan"
	"personae/engine/sqltext"
)

// Quotable is how long a text is that can be quoted, in characters.
const (
	ShortestQuote = 40
	LongestQuote  = 240
)

// QuoteSQL selects the rows with words that a persona may quote: t the text, who
// the author's key (NULL where the row names nobody), n0, n1, ... the names that
// must not be in it.
func QuoteSQL(q plan.Quotes, d Dialect, asOf time.Time) (string, error) {
	keep := plan.Output{Name: "keep", Expr: q.Where}
	text := plan.Output{Name: "t", Expr: q.Text}
	rows := sqltext.Path(SnapshotSchema, q.Table.Name)
	inner, err := SelectSQL(d, asOf, rows, "", []plan.Output{text, keep})
	if err != nil {
		return "", err
	}
	columns := []string{"x.t AS t"}
	from := "(" + inner + ") x POSITIONAL JOIN " + rows + " s"
	for _, name := range q.Names {
		columns = append(columns, "s."+sqltext.Ident(name)+"::VARCHAR")
	}
	where := "x.keep AND length(trim(x.t)) > 0"
	if q.By == "" {
		columns = append([]string{"NULL::VARCHAR AS who"}, columns...)
	} else {
		key := sqltext.Ident(q.Owner.Key)
		columns = append([]string{"s." + sqltext.Ident(q.By) + "::VARCHAR AS who"}, columns...)
		from += " JOIN " + sqltext.Path(ResultSchema, q.Entity) + " r ON r." + key + " = s." + sqltext.Ident(q.By)
		where += " AND r." + sqltext.Ident("persona_"+q.Persona)
		if len(q.OwnerNames) > 0 {
			from += " JOIN " + sqltext.Path(SnapshotSchema, q.Owner.Name) + " o ON o." + key + " = s." + sqltext.Ident(q.By)
			for _, name := range q.OwnerNames {
				columns = append(columns, "o."+sqltext.Ident(name)+"::VARCHAR")
			}
		}
	}
	for i := 2; i < len(columns); i++ {
		columns[i] += " AS n" + sqltext.Int(int64(i-2))
	}
	return "SELECT " + strings.Join(columns, ", ") + "\nFROM " + from + "\nWHERE " + where, nil
}
