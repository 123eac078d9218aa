package scaffold

import (
	"fmt"
	"strings"

	"personae/engine/catalog"
	"personae/engine/english"
	"personae/engine/sqltext"
)

// Patterns of cells that identify people. PostgreSQL-like, for whole cells.
const (
	mailPattern  = `[^@\s]+@[^@\s]+\.[A-Za-z]{2,}`
	phonePattern = `\+?[0-9(][0-9 ()./-]{7,18}[0-9]`
	// postcodePattern is that of Britain, Canada and the Netherlands; those of digits alone look like numbers.
	postcodePattern = `[A-Za-z]{1,2}[0-9][A-Za-z0-9]? ?[0-9][A-Za-z]{2}|[A-Za-z][0-9][A-Za-z] ?[0-9][A-Za-z][0-9]|[0-9]{4} ?[A-Z]{2}`
)

// meanings guesses what columns say about people: personal, sensitive, money,
// years.
func (m *maker) meanings() error {
	for _, t := range m.tables {
		for _, c := range t.columns {
			if c.count == 0 {
				continue
			}
			if err := m.personal(t, c); err != nil {
				return err
			}
			m.means(t, c)
		}
	}
	return nil
}

// personal marks what identifies a person, by name and by content.
func (m *maker) personal(t *table, c *column) error {
	subject := t.given + " " + c.from
	text := c.typ.Kind == catalog.String
	if piiName.MatchString(c.name) || personName.MatchString(c.name) && text && c.distinct > 20 {
		if c.typ.Kind != catalog.Bool && !strings.HasPrefix(c.name, "do_not_") && !strings.HasSuffix(c.name, "_opt_in") {
			c.pii = true
			c.notes = append(c.notes, m.guess(subject, "personal", High, "its name"))
			return nil
		}
	}
	if !text || c.distinct < 5 {
		return nil
	}
	x := "trim(" + c.sql() + ")"
	tests := []struct{ what, pattern string }{{"mail addresses", mailPattern}, {"phone numbers", phonePattern}, {"postcodes", postcodePattern}}
	counts := []string{}
	for _, test := range tests {
		counts = append(counts, "count(*) FILTER (regexp_full_match("+x+", "+sqltext.Literal(test.pattern)+"))")
	}
	found, err := m.ints("SELECT "+strings.Join(counts, ", ")+" FROM "+t.profiled()+" WHERE "+c.sql()+" IS NOT NULL", len(counts))
	if err != nil {
		return err
	}
	for i, test := range tests {
		if share := float64(found[i]) / float64(c.count); share > 0.5 && !(i == 1 && idName.MatchString(c.name)) {
			c.pii = true
			c.notes = append(c.notes, m.guess(subject, "personal", Medium, fmt.Sprintf("%s of %s values look like %s", english.Number(found[i]), english.Number(c.count), test.what)))
			return nil
		}
	}
	return nil
}

// means guesses sensitive columns, units and kinds of segment by their names.
func (m *maker) means(t *table, c *column) {
	subject := t.given + " " + c.from
	if sensitiveName.MatchString(c.name) {
		c.sensitive = true
		c.notes = append(c.notes, m.guess(subject, "sensitive", Medium, "its name: a rule that uses it must state a purpose"))
	}
	if c.number() {
		switch code := currencyEnd.FindStringSubmatch(c.name); {
		case code != nil:
			c.unit = strings.ToUpper(code[2])
			c.notes = append(c.notes, m.guess(subject, "money in "+c.unit, High, "its name"))
		case c.name == "age" || strings.HasSuffix(c.name, "_age"):
			c.unit = "years"
		}
	}
	for _, b := range basisOf {
		if b.name.MatchString(c.name) && c.basis == "" {
			c.basis = b.basis
		}
	}
}
