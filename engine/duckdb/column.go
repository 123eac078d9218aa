package duckdb

import (
	"fmt"
	"strings"

	"personae/engine/catalog"
	"personae/engine/diag"
	"personae/engine/source"
	"personae/engine/spec"
	"personae/engine/sqltext"
)

// column is one column of a dataset: where it comes from and how its cells
// become values.
type column struct {
	cat      *catalog.Column
	raw      rawColumn
	decl     *spec.Column // nil where the dataset does not declare it
	place    source.Range
	rules    cellRules
	nulls    []string
	replace  [][2]string
	onError  string // fail null skip
	required bool
	typed    bool // the type is declared
	asText   bool // cells are text when they are read
	fallible bool
	convert  func(x string) string
}

// cell is the SQL of the raw cell: replaced, null where a null value stands,
// and without blanks around it unless it stays text.
func (c *column) cell() string {
	x := sqltext.Ident(c.raw.id)
	if !c.asText {
		return x
	}
	if !c.raw.text {
		x = "CAST(" + x + " AS VARCHAR)"
	}
	if c.cat.Type.Kind != catalog.String && c.cat.Type.Kind != catalog.Bytes {
		x = "nullif(trim(" + x + "), '')"
	}
	if len(c.replace) > 0 {
		var b strings.Builder
		b.WriteString("CASE " + x)
		for _, r := range c.replace {
			b.WriteString(" WHEN " + sqltext.Literal(r[0]) + " THEN " + sqltext.Literal(r[1]))
		}
		x = b.String() + " ELSE " + x + " END"
	}
	if len(c.nulls) > 0 {
		x = fmt.Sprintf("CASE WHEN %[1]s NOT IN (%[2]s) THEN %[1]s END", x, sqltext.Literals(c.nulls))
	}
	return x
}

// flag is the column of converted rows that is true where the cell was rejected.
func (c *column) flag() string { return "rejected:" + c.cat.Name }

// converted is the SELECT that reads columns of a dataset as values, with the
// flags of rejected cells unless only values are wanted. Cells are computed once, then values, then flags.
func (d *dataset) converted(columns []*column, rd reading) string {
	var cells, values, outputs []string
	for i, c := range columns {
		cell, value := fmt.Sprintf("c%d", i), fmt.Sprintf("v%d", i)
		cells = append(cells, c.cell()+" AS "+cell)
		values = append(values, cell, c.convert(cell)+" AS "+value)
		outputs = append(outputs, value+" AS "+sqltext.Ident(c.cat.Name))
		if c.fallible && !rd.values {
			outputs = append(outputs, fmt.Sprintf("(%s IS NOT NULL AND %s IS NULL) AS %s", cell, value, sqltext.Ident(c.flag())))
		}
		if rd.numbered {
			outputs = append(outputs, "CAST("+cell+" AS VARCHAR) AS "+sqltext.Ident("cell:"+c.cat.Name))
		}
	}
	if rd.numbered {
		for _, extra := range []string{fileColumn, rowColumn} {
			extra = sqltext.Ident(extra)
			cells, values, outputs = append(cells, extra), append(values, extra), append(outputs, extra)
		}
	}
	if len(columns) == 0 {
		cells, values, outputs = append(cells, "1 AS one"), append(values, "one"), append(outputs, "one")
	}
	return "SELECT " + strings.Join(outputs, ", ") + " FROM (SELECT " + strings.Join(values, ", ") +
		" FROM (SELECT " + strings.Join(cells, ", ") + " FROM (" + d.rel.from(rd) + ")))"
}

// columns matches what is declared with what the source has. Undeclared text
// columns of text files come out as strings: sniff decides later.
func (b *builder) columns(ds *spec.Dataset, r *relation) *dataset {
	d := &dataset{spec: ds, rel: r, hidden: nil}
	declared := b.declared(ds, r)
	names := map[string]bool{}
	for _, list := range declared {
		for _, c := range list {
			names[strings.ToLower(c.cat.Name)] = true
		}
	}
	for _, raw := range r.columns {
		if own := declared[raw.id]; len(own) > 0 {
			d.columns = append(d.columns, own...)
			continue
		}
		if reason := hiddenReason(raw, names); reason != "" {
			d.hidden = append(d.hidden, catalog.HiddenColumn{Name: raw.id, SourceType: raw.typ.Text, Reason: reason})
			continue
		}
		names[strings.ToLower(raw.id)] = true
		c := &column{raw: raw, place: r.at, onError: "null"}
		c.cat = &catalog.Column{Name: raw.id, From: raw.name, SourceType: sourceType(r, raw)}
		d.columns = append(d.columns, c)
	}
	for _, c := range d.columns {
		c.nulls = append(texts(ds.NullValues), c.nulls...)
		c.rules.zone = b.zone
		c.rules.comma = c.rules.comma || ds.Source.Decimal.Value() == "comma" && (c.decl == nil || c.decl.Decimal.IsZero())
		b.settle(c)
	}
	b.sayHidden(ds, r, d.hidden)
	return d
}

func sourceType(r *relation, raw rawColumn) string {
	if r.kind == "csv" {
		return "text"
	}
	return raw.typ.Text
}

// hiddenReason says why rules cannot see an undeclared column.
func hiddenReason(raw rawColumn, taken map[string]bool) string {
	if raw.hidden != "" {
		return raw.hidden
	}
	if _, _, reason := catalog.FromSQL(raw.typ); reason != "" {
		return reason
	}
	if !catalog.IsQuotable(raw.id) && !catalog.IsIdentifier(raw.id) {
		return "its name cannot be written in a rule; give it one with `from`"
	}
	if taken[strings.ToLower(raw.id)] {
		return "another column has this name; capital letters make no difference"
	}
	return ""
}

// sayHidden says once for each dataset what rules cannot see.
func (b *builder) sayHidden(ds *spec.Dataset, r *relation, hidden []catalog.HiddenColumn) {
	if len(hidden) == 0 {
		return
	}
	lines := make([]string, len(hidden))
	for i, h := range hidden {
		lines[i] = h.Name + ": " + h.Reason
	}
	noun := "columns"
	if len(hidden) == 1 {
		noun = "column"
	}
	b.list.Infof("type-not-supported", r.at, "Rules cannot see %d %s of dataset %s", len(hidden), noun, ds.Name.Value()).Detail = strings.Join(lines, "\n")
}

// declared makes the declared columns, by the id of their raw column.
func (b *builder) declared(ds *spec.Dataset, r *relation) map[string][]*column {
	byRaw := map[string][]*column{}
	taken := map[string]source.Range{}
	for _, e := range ds.Columns {
		name, decl := e.Key.Value(), e.Value
		if decl == nil {
			decl = &spec.Column{}
		}
		if first, ok := taken[strings.ToLower(name)]; ok {
			b.list.Errorf("collision", e.Key.Range(), "Two columns of dataset %s are called %s", ds.Name.Value(), name).Relate(first, "the first one").Detail = "Capital letters make no difference. Choose another name for one of them."
			continue
		}
		taken[strings.ToLower(name)] = e.Key.Range()
		from := e.Key
		if !decl.From.IsZero() {
			from = decl.From
		}
		raw := findRaw(r, from.Value())
		if raw == nil {
			columnMissing(b.list, from, ds.Name.Value(), r)
			continue
		}
		c := &column{raw: *raw, decl: decl, place: e.Key.Range(), onError: "null", required: decl.Required.V}
		c.cat = &catalog.Column{
			Name: name, From: raw.name, SourceType: sourceType(r, *raw), Title: decl.Title.Value(), Description: decl.Description.Value(),
			Unit: decl.Unit.Value(), Basis: decl.Basis.Value(), PII: decl.PII.V, Sensitive: decl.Sensitive.V, Publish: decl.Publish.V,
			References: decl.References.Value(),
		}
		c.nulls = texts(decl.NullValues)
		for _, rep := range decl.Replace {
			c.replace = append(c.replace, [2]string{rep.Key.Value(), rep.Value.Value()})
		}
		if !decl.OnError.IsZero() {
			c.onError = decl.OnError.Value()
		}
		c.rules.format = decl.Format.Value()
		c.rules.comma = decl.Decimal.Value() == "comma"
		byRaw[raw.id] = append(byRaw[raw.id], c)
	}
	return byRaw
}

// findRaw finds a raw column by its exact name, else by its name without the blanks around it.
func findRaw(r *relation, name string) *rawColumn {
	if raw := r.rawByID(name); raw != nil {
		return raw
	}
	for i := range r.columns {
		if strings.TrimSpace(r.columns[i].id) == strings.TrimSpace(name) {
			return &r.columns[i]
		}
	}
	return nil
}

func columnMissing(list *diag.List, name source.Text, dataset string, r *relation) {
	d := list.Errorf("column-missing", name.Range(), "Dataset %s has no column %s", dataset, name.Value())
	names := make([]string, len(r.columns))
	for i, c := range r.columns {
		names[i] = c.id
	}
	suggest(d, name.Value(), names)
}

// settle decides a column's type as far as its declaration and its source do.
func (b *builder) settle(c *column) {
	c.asText = c.raw.text || len(c.replace) > 0 || c.decl != nil && len(c.decl.NullValues) > 0
	if c.decl == nil || c.decl.Type.IsZero() {
		switch {
		case c.rules.format != "":
			c.rules.date = !hasClock(c.rules.format)
			b.become(c, catalog.Type{Kind: catalog.Timestamp})
			c.typed = true
		case c.asText:
			b.become(c, catalog.Type{Kind: catalog.String})
		default:
			own, _, _ := catalog.FromSQL(c.raw.typ)
			c.rules.date = false
			b.become(c, own)
		}
		return
	}
	declared, err := catalog.ParseDeclared(c.decl.Type.Value())
	if err != nil {
		d := b.list.Errorf("bad-value", c.decl.Type.Range(), "%s", err)
		if near := diag.Suggest(c.decl.Type.Value(), catalog.DeclaredNames); near != "" {
			d.Detail = "Did you mean " + near + "?"
		}
		declared.Type = catalog.Type{Kind: catalog.String}
	}
	c.typed, c.rules.date = true, declared.Date
	b.become(c, declared.Type)
}

// hasClock says whether a strptime format reads a time of day.
func hasClock(format string) bool {
	for _, f := range []string{"%H", "%-H", "%I", "%-I", "%M", "%-M", "%S", "%-S", "%T", "%X", "%c", "%s"} {
		if strings.Contains(format, f) {
			return true
		}
	}
	return false
}

// become gives a column its type and its conversion.
func (b *builder) become(c *column, t catalog.Type) {
	c.cat.Type, c.cat.SQLType = t, catalog.SnapshotType(t)
	c.cat.Type.Nullable = !c.required && !c.raw.notNull
	rules := c.rules
	if c.asText {
		c.fallible = t.Kind != catalog.String && t.Kind != catalog.Bytes
		c.convert = func(x string) string { return textTo(t, rules, x) }
		return
	}
	_, fallible, ok := nativeTo(c.raw.typ, t, rules, "x")
	if !ok {
		at := c.place
		if c.decl != nil && !c.decl.Type.IsZero() {
			at = c.decl.Type.Range()
		}
		b.list.Errorf("wrong-type", at, "Column %s is %s in the data and cannot be read as %s", c.cat.Name, c.raw.typ.Text, t).Detail =
			"Declare a type that fits, or leave `type` out."
		c.convert = func(string) string { return "CAST(NULL AS " + c.cat.SQLType + ")" }
		return
	}
	c.fallible = fallible
	c.convert = func(x string) string {
		text, _, _ := nativeTo(c.raw.typ, t, rules, x)
		return text
	}
}

func texts(list []spec.Text) []string {
	var out []string
	for _, t := range list {
		out = append(out, t.Value())
	}
	return out
}
