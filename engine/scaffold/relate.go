package scaffold

import (
	"fmt"
	"sort"
	"strings"

	"personae/engine/catalog"
	"personae/engine/english"
	"personae/engine/sqltext"
)

// relate decides what each table is: whose rows it holds, and by which columns.
func (m *maker) relate() error {
	for _, t := range m.tables {
		if err := m.key(t); err != nil {
			return err
		}
		if err := m.times(t); err != nil {
			return err
		}
		m.amounts(t)
		t.orderID = t.find(func(c *column) bool { return orderIDName.MatchString(c.name) && c != t.key && c.count > 0 })
	}
	if err := m.owners(); err != nil {
		return err
	}
	m.entities()
	return nil
}

// find gives the first column that fits.
func (t *table) find(fits func(*column) bool) *column {
	for _, c := range t.columns {
		if fits(c) {
			return c
		}
	}
	return nil
}

// keyScore says how much a unique column looks like the key of its table; 0 for not at all.
func keyScore(t *table, c *column) int {
	one := english.Singular(t.name)
	_, person := isPerson(c.name)
	switch {
	case c.unnamed || !idName.MatchString(c.name):
		return 0
	case itemTable.MatchString(t.name) && orderIDName.MatchString(c.name): // of the order, even if each has one line
		return 0
	case c.name == "id" || c.name == one+"_id" || c.name == one+"_key":
		return 5
	case person && strings.HasSuffix(c.name, "id"):
		return 4
	case strings.HasSuffix(c.name, "id"):
		return 3
	}
	return 2
}

// key finds the column that names each row.
func (m *maker) key(t *table) error {
	best := 0
	for _, c := range t.columns {
		if c.typ.Kind != catalog.Int && c.typ.Kind != catalog.String || c.count < t.rows || c.distinct < t.rows {
			continue
		}
		if score := keyScore(t, c); score > best {
			best, t.key = score, c
		}
	}
	if t.key != nil {
		t.key.pii, t.key.sensitive = false, false
		confidence := High
		if best == 2 || t.rows < 10 {
			confidence = Medium
		}
		t.notes = append(t.notes, m.guess(t.given, "the key is "+t.key.name, confidence, "its name, and its "+english.Number(t.rows)+" values are all different"))
		return nil
	}
	for _, c := range t.columns { // a key with a few rows twice is said, and left to the person
		if score := keyScore(t, c); score >= 4 && c.distinct < t.rows && float64(c.distinct) > 0.98*float64(t.rows) {
			t.notes = append(t.notes, m.guess(t.given, "no key", Low, fmt.Sprintf("%s is like one, but has %s for %s; with `key: %s`, say which row counts with `on_duplicate` and `order_by`",
				c.name, english.Count(c.distinct, "value", "values"), english.Count(t.rows, "row", "rows"), c.name)))
		}
	}
	return nil
}

// times finds when a row happened: not a birthday, not a change.
func (m *maker) times(t *table) error {
	best := -1
	for _, c := range t.columns {
		if c.typ.Kind != catalog.Timestamp && c.declare != "date" && c.declare != "timestamp" || c.count*2 < t.rows {
			continue
		}
		score := 2
		switch {
		case birthName.MatchString(c.name):
			continue
		case updateName.MatchString(c.name):
			score = 0
		case joinName.MatchString(c.name) || strings.Contains(c.name, "order") || strings.Contains(c.name, "invoice"):
			score = 3
		}
		if score > best {
			best, t.time = score, c
		}
	}
	if t.time == nil {
		return nil
	}
	if newest, err := m.newest(t, t.time); err != nil {
		return err
	} else if newest.After(m.o.Today.AddDate(0, 0, 1)) && !m.o.Today.IsZero() {
		t.time.notes = append(t.time.notes, m.guess(t.given+" "+t.time.from, "not when rows happened", Medium, "its newest value, "+newest.Format("2 January 2006")+", lies ahead"))
		t.time = nil
		return nil
	}
	confidence := High
	if best < 2 {
		confidence = Low
	}
	t.notes = append(t.notes, m.guess(t.given, "rows happened at "+t.time.name, confidence, "the name and type of the column"))
	return nil
}

// amounts finds what a row is worth.
func (m *maker) amounts(t *table) {
	total := t.find(func(c *column) bool {
		return c.number() && c.declare != "bool" && c != t.key && totalName.MatchString(c.name) && !shareOfTotal.MatchString(c.name) && !idName.MatchString(c.name)
	})
	quantity := t.find(func(c *column) bool { return c.number() && c.declare != "bool" && quantityName.MatchString(c.name) })
	price := t.find(func(c *column) bool { return c.number() && c.declare != "bool" && priceName.MatchString(c.name) })
	switch {
	case total != nil:
		t.amount = total
	case quantity != nil && price != nil:
		t.quantity, t.price = quantity, price
	case price != nil:
		t.amount = price
	}
}

// hasAmount says whether rows are worth something.
func (t *table) hasAmount() bool { return t.amount != nil || t.quantity != nil }

// owners finds which table's rows belong to which, by names and by how many
// values are found on the other side.
func (m *maker) owners() error {
	for _, t := range m.tables {
		for _, c := range t.columns {
			if c == t.key || c.count == 0 {
				continue
			}
			parent := m.parentByName(t, c)
			if parent == nil {
				continue
			}
			if err := m.link(t, c, parent); err != nil {
				return err
			}
		}
	}
	return nil
}

// parentByName finds the table whose key a column names.
func (m *maker) parentByName(t *table, c *column) *table {
	for _, p := range m.tables {
		if p == t || p.key == nil {
			continue
		}
		one := english.Singular(p.name)
		same := c.name == p.key.name && p.key.name != "id"
		named := c.name == one+"_id" || c.name == one+"_key" || c.name == one || c.name == one+"_"+p.key.name
		person, isOne := isPerson(c.name)
		theirs, areOne := isPerson(p.key.name)
		if !areOne {
			theirs, areOne = isPerson(p.name)
		}
		if p.name == "crm" {
			theirs, areOne = person, isOne
		}
		if same || named || isOne && areOne && person == theirs && (idName.MatchString(c.name) || singularPerson(c.name) != "") {
			return p
		}
	}
	return nil
}

// link measures how many values of c are keys of parent, and joins the two
// where half of them are.
func (m *maker) link(t *table, c *column, parent *table) error {
	mine, theirs := "CAST(t."+c.sql()+" AS VARCHAR)", "CAST("+parent.key.sql()+" AS VARCHAR)"
	query := "SELECT count(*) FILTER (t." + c.sql() + " IS NOT NULL), count(*) FILTER (" + mine + " IN (SELECT " + theirs + " FROM " + parent.profiled() + ")), count(*) FROM " + t.profiled() + " t"
	n, err := m.ints(query, 3)
	if err != nil {
		return err
	}
	share := float64(n[1]) / float64(max(n[0], 1))
	subject := t.given + " " + c.from
	if share < 0.5 {
		c.notes = append(c.notes, m.guess(subject, "no link to "+parent.name, Medium, fmt.Sprintf("only %s of %s values are keys there", english.Number(n[1]), english.Number(n[0]))))
		return nil
	}
	confidence := High
	if share < 0.9 {
		confidence = Medium
	}
	why := fmt.Sprintf("%s of %s rows find their %s", english.Number(n[1]), english.Number(n[2]), english.Singular(parent.name))
	if n[2] > n[1] {
		why += "; " + english.Count(n[2]-n[1], "row is an orphan", "rows are orphans")
	}
	m.sameType(t, c, parent)
	_, person := isPerson(c.name)
	switch {
	case t.owner == nil && (person || t.time != nil && !parent.isLookupFor(t) || itemTable.MatchString(t.name)):
		t.owner, t.by, parent.parent = parent, c, true
		t.notes = append(t.notes, m.guess(t.given, "rows belong to "+parent.name+" by "+c.name, confidence, why))
	case person && t.owner != nil:
		c.notes = append(c.notes, m.guess(subject, "a second link, to "+parent.name, Low, why))
	default:
		c.refers, parent.lookup = parent, true
		c.notes = append(c.notes, m.guess(subject, "one of "+parent.name, confidence, why))
	}
	return nil
}

// isLookupFor says whether a table is what rows point at, not whose they are.
func (t *table) isLookupFor(child *table) bool {
	_, byName := isPerson(t.name)
	_, byKey := isPerson(t.key.name)
	return !byName && !byKey && t.name != "crm" && !itemTable.MatchString(child.name)
}

// sameType makes both sides of a link the same: text where they differ.
func (m *maker) sameType(t *table, c *column, parent *table) {
	if c.typ.Kind == parent.key.typ.Kind {
		return
	}
	for _, side := range []struct {
		t *table
		c *column
	}{{t, c}, {parent, parent.key}} {
		if side.c.typ.Kind != catalog.String {
			side.c.declare, side.c.typ.Kind = "string", catalog.String
			side.c.notes = append(side.c.notes, m.guess(side.t.given+" "+side.c.from, "text", Medium, "the other side of the link is text"))
		}
	}
}

// customerColumn is the column that names the customer of a row, in a table
// without an owner; nil where there is none.
func (t *table) customerColumn() *column {
	if t.owner != nil {
		return nil
	}
	best := (*column)(nil)
	for _, c := range t.columns {
		if _, person := isPerson(c.name); !person || c == t.key || c.count == 0 || c.distinct == c.count {
			continue
		}
		if c.typ.Kind != catalog.Int && c.typ.Kind != catalog.String || !idName.MatchString(c.name) && singularPerson(c.name) == "" {
			continue
		}
		if best == nil {
			best = c
		}
	}
	return best
}

func singularPerson(name string) string {
	if who, ok := isPerson(name); ok && english.Singular(name) == who {
		return who
	}
	return ""
}

// entities decides the words for rows.
func (m *maker) entities() {
	taken := map[string]bool{}
	for _, t := range m.byImportance() {
		if t.key == nil && t.owner == nil && t.customerColumn() == nil || t.lookup && !t.parent {
			continue
		}
		word := t.rowWord()
		if who, ok := isPerson(t.name); ok && t.owner == nil {
			word = who
		} else if t.key != nil && t.owner == nil && t.customerColumn() == nil {
			if who, ok := isPerson(t.key.name); ok {
				word = who
			} else if t.key.name == "id" && !orderTable.MatchString(t.name) || t.name == "crm" {
				word = "customer"
			}
		}
		t.entity = fresh(word, "row", taken)
	}
}

// rowWord guesses what one row is called.
func (t *table) rowWord() string {
	switch one := english.Singular(t.name); {
	case one != t.name:
		return one
	case t.orderID != nil:
		return "line"
	case orderTable.MatchString(t.name):
		return "order"
	case t.owner != nil || t.customerColumn() != nil:
		return t.name + "_row"
	}
	return t.name
}

// byImportance puts those first that others belong to.
func (m *maker) byImportance() []*table {
	out := append([]*table(nil), m.tables...)
	sort.SliceStable(out, func(i, j int) bool { return out[i].parent && !out[j].parent })
	return out
}

// amountSQL is what a row is worth, in SQL over the dataset.
func (t *table) amountSQL() string {
	if t.amount != nil {
		return sqltext.Ident(t.amount.name)
	}
	return sqltext.Ident(t.quantity.name) + " * " + sqltext.Ident(t.price.name)
}

// amountWords says how the amount is found.
func (t *table) amountWords() string {
	if t.amount != nil {
		return t.amount.name
	}
	return t.quantity.name + " × " + t.price.name
}
