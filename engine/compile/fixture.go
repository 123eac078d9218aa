package compile

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"time"

	"personae/engine/catalog"
	"personae/engine/source"
	"personae/engine/spec"
)

// wasKey is the key of a fixture that says in which segments somebody was.
const wasKey = "was"

// rows reads `given`: the rows of the test's entity, those that belong to them,
// and those that references lead to.
func (t *testCompiler) rows() {
	var beside []spec.Entry[*spec.Given] // of the one row: what stands next to it
	var one *spec.Entry[*spec.Given]
	for i, e := range t.doc.Given {
		switch table := t.table(e); {
		case e.Value.IsBroken():
			t.broken = true
		case table == nil && t.belongsToOne(e.Key.Value()):
			beside = append(beside, e)
		case table == nil:
			t.unknownTable(e.Key)
		case table == t.out.Table && e.Value.Form != spec.Listed:
			one = &t.doc.Given[i]
		case table == t.out.Table:
			t.out.Rows = append(t.out.Rows, t.list(table, e, nil)...)
		default:
			other := t.other(table)
			other.Rows = append(other.Rows, t.list(table, e, nil)...)
		}
	}
	if one == nil {
		t.several(beside)
		return
	}
	if len(t.out.Rows) > 0 {
		t.report("conflicting-keys", one.Key.Range(), "Both one %s and several are given", t.out.Entity).
			Detail = "Write all of them under " + t.out.Table.Name + "."
	}
	row := &spec.Given{Range: one.Value.Range, Form: spec.Keyed, Keys: slices.Concat(one.Value.Keys, beside)}
	if one.Value.Form != spec.Keyed {
		t.report("wrong-type", t.at(one.Value), "`%s` wants columns with values, and this is %s", t.out.Entity, formWord(one.Value)).
			Detail = "Write {column: value}, or {} for a " + t.out.Entity + " of whom nothing is known."
		return
	}
	t.twice(one.Value.Keys, beside)
	t.out.Rows = append(t.out.Rows, t.row(t.out.Table, row, nil))
}

// several says what is missing where no single row is given.
func (t *testCompiler) several(beside []spec.Entry[*spec.Given]) {
	for _, e := range beside {
		t.report("bad-value", e.Key.Range(), "It is not said to which %s this belongs", t.out.Entity).
			Detail = "Write it inside of the " + t.out.Entity + "."
	}
	if len(t.out.Rows) == 0 && !t.broken {
		t.report("missing-key", t.place(), "No %s is given", t.out.Entity).
			Detail = fmt.Sprintf("Write `given: {%s: {...}}`, or several under `%s`.", t.out.Entity, t.out.Table.Name)
	}
}

// twice reports what is written inside of the row and beside it.
func (t *testCompiler) twice(inside, beside []spec.Entry[*spec.Given]) {
	for _, b := range beside {
		for _, i := range inside {
			if i.Key.Value() == strings.TrimPrefix(b.Key.Value(), t.out.Entity+".") {
				t.report("duplicate-key", b.Key.Range(), "%s is given twice", quote(i.Key.Value())).
					Relate(i.Key.Range(), "First given here").Detail = "Only one of the two can count. Delete one of them."
			}
		}
	}
}

// table is the table that an entry of `given` is rows of; nil for none. An
// entity names one row, a dataset a list of them.
func (t *testCompiler) table(e spec.Entry[*spec.Given]) *catalog.Table {
	name := e.Key.Value()
	if name == t.out.Entity && e.Value.Form != spec.Listed {
		return t.out.Table
	}
	table := t.c.catalog.Table(name)
	if table == nil || table.Of == t.out.Entity || table.Entity == "" || table.Role != catalog.Root && table.Role != catalog.Lookup {
		return nil
	}
	return table
}

// belongsToOne says whether a name is something of a row: it may stand beside
// the one row of a test.
func (t *testCompiler) belongsToOne(name string) bool {
	if name == wasKey || isRuleName(name) || strings.HasPrefix(name, t.out.Entity+".") {
		return true
	}
	table := t.c.catalog.Table(name)
	return table != nil && table.Of == t.out.Entity
}

// isRuleName says whether a name has the form of a reference to a group.
func isRuleName(name string) bool {
	space, _, dotted := strings.Cut(name, ".")
	return dotted && slices.Contains([]string{segmentVar, segmentationVar, scoreVar, journeyVar}, space)
}

func (t *testCompiler) unknownTable(name source.Text) {
	t.broken = true
	names := []string{t.out.Entity, t.out.Table.Name}
	for _, table := range t.c.catalog.Tables {
		if table.Of == t.out.Entity || table.Entity != "" && (table.Role == catalog.Root || table.Role == catalog.Lookup) {
			names = append(names, table.Name)
		}
	}
	if t.c.broken("Dataset", name.Value()) {
		return
	}
	hint := ""
	if table := t.c.catalog.Table(name.Value()); table != nil {
		switch {
		case table.Of != "":
			hint = fmt.Sprintf("Rows of %s belong to one %s: write them inside of it.", table.Name, table.Of)
		default:
			hint = fmt.Sprintf("No rule reads rows of %s.", table.Name)
		}
	} else if table := t.c.catalog.Entity(name.Value()); table != nil {
		hint = fmt.Sprintf("Write a list of them under `%s`.", table.Name)
	}
	unknown(&t.c.diags, name.Range(), "entity or dataset", name.Value(), names, hint)
}

func (t *testCompiler) other(table *catalog.Table) *TestTable {
	if t.others[table.Name] == nil {
		t.others[table.Name] = &TestTable{Table: table}
	}
	return t.others[table.Name]
}

// list reads a list of rows; owner is whom they belong to, nil for nobody.
func (t *testCompiler) list(table *catalog.Table, e spec.Entry[*spec.Given], owner *TestRow) []*TestRow {
	if e.Value.Form != spec.Listed {
		t.report("wrong-type", t.at(e.Value), "`%s` wants a list of rows, and this is %s", e.Key.Value(), formWord(e.Value)).
			Detail = "Write [{column: value}, {column: value}]."
		return nil
	}
	var out []*TestRow
	for _, item := range e.Value.Items {
		if item.Form != spec.Keyed {
			t.report("wrong-type", t.at(item), "A row of %s has columns with values, and this is %s", table.Name, formWord(item)).Detail = "Write {column: value}."
			continue
		}
		out = append(out, t.row(table, item, owner))
	}
	return out
}

// row reads one row, with all that belongs to it.
func (t *testCompiler) row(table *catalog.Table, g *spec.Given, owner *TestRow) *TestRow {
	r := &TestRow{Range: t.at(g), Cells: map[string]any{}}
	var related []spec.Entry[*spec.Given]
	written := map[string]bool{}
	for _, e := range g.Keys {
		name := e.Key.Value()
		if table == t.out.Table {
			name = strings.TrimPrefix(name, t.out.Entity+".")
		}
		written[name] = !e.Value.IsNull() || name != table.Time
		column, below := table.Column(name), t.relation(table, name)
		switch {
		case column != nil && (name != wasKey || e.Value.Form == spec.Scalar):
			t.cell(table, r, column, e)
		case below != nil:
			related = append(related, e)
		case table != t.out.Table:
			t.unknownColumn(table, e.Key)
		case name == wasKey:
			t.was(r, e.Value)
		default:
			t.stub(r, name, e)
		}
	}
	t.key(table, r, written)
	t.ownerKey(table, r, owner, g)
	t.required(table, r, written)
	slices.SortStableFunc(related, func(a, b spec.Entry[*spec.Given]) int { return strings.Compare(a.Key.Value(), b.Key.Value()) })
	for _, e := range related {
		below := t.relation(table, e.Key.Value())
		r.Below = append(r.Below, &TestTable{Table: below, Rows: t.list(below, e, r)})
	}
	t.derive(r)
	return r
}

// relation is the table of the rows that belong to those of another.
func (t *testCompiler) relation(of *catalog.Table, name string) *catalog.Table {
	if table := t.c.catalog.Table(name); table != nil && table.Of == of.Entity && table.Of != "" {
		return table
	}
	return nil
}

// cell reads a value of a column. A reference may be written as the row that it
// leads to.
func (t *testCompiler) cell(table *catalog.Table, r *TestRow, column *catalog.Column, e spec.Entry[*spec.Given]) {
	target := t.c.catalog.Table(column.References)
	if target != nil && e.Value.Form == spec.Keyed {
		row := t.row(target, e.Value, nil)
		other := t.other(target)
		other.Rows = append(other.Rows, row)
		r.Cells[column.Name] = row.Key
		return
	}
	v, ok := t.value(e.Value, column.Type, "`"+e.Key.Value()+"`")
	if !ok || v == nil {
		return
	}
	r.Cells[column.Name] = v
	if _, isTime := v.(time.Time); isTime && column.Name == table.Time && !t.c.future(table.Name) {
		t.timed = true
	}
}

func (t *testCompiler) unknownColumn(table *catalog.Table, name source.Text) {
	t.broken = true
	names := make([]string, 0, len(table.Columns))
	for _, c := range table.Columns {
		names = append(names, c.Name)
	}
	for _, other := range t.c.catalog.Tables {
		if other.Of == table.Entity && other.Of != "" {
			names = append(names, other.Name)
		}
	}
	unknown(&t.c.diags, name.Range(), "column of "+table.Name, name.Value(), names, hiddenHint(table, name.Value()))
}

// hiddenHint says of a column that rules cannot see that it is there.
func hiddenHint(table *catalog.Table, name string) string {
	for _, h := range table.Hidden {
		if h.Name == name {
			return fmt.Sprintf("The data has the column, but rules cannot see it: %s.", h.Reason)
		}
	}
	return ""
}

// key sees to it that a row has a key that no other row has. One that is not
// written is made of the test's name, so that it depends on nothing else.
func (t *testCompiler) key(table *catalog.Table, r *TestRow, written map[string]bool) {
	if table.Key == "" {
		return
	}
	if r.Cells[table.Key] == nil && !written[table.Key] {
		t.filled[table.Name]++
		r.Cells[table.Key] = madeKey(table, t.out.Name, t.filled[table.Name])
	}
	if r.Key = r.Cells[table.Key]; r.Key == nil {
		if !t.broken {
			t.report("bad-value", r.Range, "A row of %s needs its key %s", table.Name, table.Key).Detail = "Write it, or leave it out to have it filled in."
		}
		return
	}
	if t.keys[table.Name] == nil {
		t.keys[table.Name] = map[string]source.Range{}
	}
	text := KeyText(r.Key)
	if first, taken := t.keys[table.Name][text]; taken {
		t.report("duplicate-key", r.Range, "Two rows of %s have the key %s", table.Name, quote(text)).
			Relate(first, "The other one").Detail = "Give one of them another key."
		return
	}
	t.keys[table.Name][text] = r.Range
}

// KeyText writes the key of a row of a test.
func KeyText(key any) string {
	if at, ok := key.(time.Time); ok {
		return at.Format(time.RFC3339Nano)
	}
	return fmt.Sprint(key)
}

// madeKey is a key that no other test has.
func madeKey(table *catalog.Table, test string, n int) any {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%d", table.Name, test, n))
	number := int64(binary.BigEndian.Uint64(sum[:8]) >> 12) // 52 bits: exact as a double, too
	switch table.Column(table.Key).Type.Kind {
	case catalog.Int:
		return number
	case catalog.Double:
		return float64(number)
	case catalog.Timestamp:
		return time.Unix(number>>20, 0).UTC()
	case catalog.String:
		return fmt.Sprintf("%s %d of %s", table.Entity, n, test)
	}
	return nil
}

// ownerKey fills in whom a row belongs to.
func (t *testCompiler) ownerKey(table *catalog.Table, r *TestRow, owner *TestRow, g *spec.Given) {
	if owner == nil || table.By == "" {
		return
	}
	if written := r.Cells[table.By]; written != nil && KeyText(written) != KeyText(owner.Key) {
		at := r.Range
		for _, e := range g.Keys {
			if e.Key.Value() == table.By {
				at = e.Value.Range
			}
		}
		t.report("bad-value", at, "This %s stands in the %s %s and says that it belongs to %s", table.Entity, table.Of, quote(KeyText(owner.Key)), quote(KeyText(written))).
			Detail = "Leave " + table.By + " out: it is filled in."
	}
	r.Cells[table.By] = owner.Key
}

// required reports columns that are never empty and are not written. Rows that
// belong to others are left out where they have no time.
func (t *testCompiler) required(table *catalog.Table, r *TestRow, written map[string]bool) {
	var missing []string
	for _, c := range table.Columns {
		happened := c.Name == table.Time && table.Role == catalog.Relation
		if r.Cells[c.Name] == nil && !written[c.Name] && (!c.Type.Nullable || happened) {
			missing = append(missing, c.Name)
		}
	}
	if len(missing) > 0 {
		t.report("not-given", r.Range, "This row of %s says nothing about %s", table.Name, joinAnd(missing)).
			Detail = "Columns that are never empty have to be given, and so has the time of what belongs to somebody. All others are empty where they are left out."
	}
}
