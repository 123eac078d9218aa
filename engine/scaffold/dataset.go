package scaffold

import (
	"fmt"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"personae/engine/catalog"
	"personae/engine/english"
)

// sourceYAML writes where the rows come from.
func (t *table) sourceYAML(path, indent string) string {
	parts := []string{"path: " + yamlText(path)}
	if t.format.written {
		parts = append(parts, "format: "+t.format.kind)
	}
	if t.format.encoding != "" {
		parts = append(parts, "encoding: "+t.format.encoding)
	}
	if t.format.delimiter != "" {
		parts = append(parts, "delimiter: "+quoteYAML(t.format.delimiter))
	}
	if t.format.headless {
		parts = append(parts, "header: false")
	}
	return indent + "source: {" + strings.Join(parts, ", ") + "}\n"
}

// reading lists the keys of a column that say how it is read.
func (c *column) reading() []string {
	var out []string
	if c.declare != "" {
		out = append(out, "type: "+c.declare)
	}
	if c.format != "" {
		out = append(out, "format: "+quoteYAML(c.format))
	}
	if c.decimal {
		out = append(out, "decimal: comma")
	}
	if len(c.nulls) > 0 {
		out = append(out, "null_values: "+yamlList(c.nulls))
	}
	if len(c.replace) > 0 {
		var pairs []string
		for _, r := range c.replace {
			pairs = append(pairs, quoteYAML(r[0])+": "+quoteYAML(r[1]))
		}
		out = append(out, "replace: {"+strings.Join(pairs, ", ")+"}")
	}
	return out
}

// saying lists the keys of a column that say what it means.
func (c *column) saying() []string {
	var out []string
	if c.unit != "" {
		out = append(out, "unit: "+c.unit)
	}
	if c.basis != "" {
		out = append(out, "basis: "+c.basis)
	}
	if c.pii {
		out = append(out, "pii: true")
	}
	if c.sensitive {
		out = append(out, "sensitive: true")
	}
	return out
}

func yamlList(list []string) string {
	quoted := make([]string, len(list))
	for i, s := range list {
		quoted[i] = quoteYAML(s)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// shared takes the null texts that stand in several columns to the dataset.
func (t *table) shared() []string {
	n := map[string]int{}
	for _, c := range t.columns {
		for _, v := range c.nulls {
			n[v]++
		}
	}
	var out []string
	for v, times := range n {
		if times > 1 {
			out = append(out, v)
		}
	}
	sort.Strings(out)
	return out
}

// columnsYAML writes the columns that need something said.
func (t *table) columnsYAML(shared []string) string {
	var b strings.Builder
	for _, c := range t.columns {
		short := *c
		short.nulls = nil
		for _, v := range c.nulls {
			if !slices.Contains(shared, v) {
				short.nulls = append(short.nulls, v)
			}
		}
		keys := short.reading()
		if c.name != c.id {
			keys = append([]string{"from: " + yamlText(c.id)}, keys...)
		}
		keys = append(keys, c.saying()...)
		if c.refers != nil {
			keys = append(keys, "references: "+c.refers.name)
		}
		if len(keys) == 0 && len(c.notes) == 0 {
			continue
		}
		for _, note := range c.notes {
			b.WriteString(comment("  ", note))
		}
		if len(keys) > 0 {
			b.WriteString("  " + c.name + ": {" + strings.Join(keys, ", ") + "}\n")
		}
	}
	if !strings.Contains(b.String(), ": {") {
		return "" // nothing is declared: comments alone would hang in the air
	}
	return "columns:\n" + b.String()
}

// datasets drafts the documents under datasets/.
func (m *maker) datasets() error {
	root := m.findRoot()
	m.place.main = root
	for _, t := range m.tables {
		m.result.Files["datasets/"+t.name+".yaml"] = []byte(m.datasetYAML(t, t.source, nil))
	}
	if root != nil && root.base == nil {
		m.result.Files["datasets/"+root.keys+".yaml"] = []byte(root.keysYAML())
	}
	if root != nil && root.orders != nil {
		m.result.Files["datasets/"+root.dataset+".yaml"] = []byte(root.sqlYAML())
	}
	m.result.Files["rules/project.yaml"] = []byte(m.projectYAML())
	return nil
}

// datasetYAML drafts the dataset of a file.
func (m *maker) datasetYAML(t *table, path string, columns func(*table) string) string {
	var b strings.Builder
	b.WriteString(comment("", fmt.Sprintf("Drafted by `personae init` from %s: %s, %s. What stands behind # was guessed, with how sure it is (high, medium, low).\nCorrect what is wrong, and delete the comments when it is right.",
		clean(filepath.Base(t.given)), english.Count(t.rows, "row", "rows"), english.Count(int64(len(t.columns)), "column", "columns"))))
	b.WriteString("kind: Dataset\nname: " + t.name + "\n")
	for _, note := range t.notes {
		b.WriteString(comment("", note))
	}
	root := m.place.main
	of, by := "", ""
	switch {
	case root != nil && t.ofRoot:
		of, by = root.entity, t.by.name
	case t.owner != nil && root != nil && t.owner == root.base:
		of, by = root.entity, t.by.name
	case t.owner != nil:
		of, by = t.owner.entity, t.by.name
	}
	raw := root != nil && root.orders != nil && t == root.base // the root is made from it
	if t.entity != "" && !raw && (of != "" || t.key != nil) {
		b.WriteString("entity: " + t.entity + "\n")
	}
	if t.key != nil {
		b.WriteString("key: " + t.key.name + "\n")
	}
	if of != "" {
		b.WriteString("of: " + of + "\nby: " + by + "\n")
		if t.amount != nil {
			b.WriteString(comment("", m.guess(t.given, "a row is worth "+t.amount.name, Medium, "the name of the column")))
			b.WriteString("value: " + t.amount.name + "\n")
		}
		b.WriteString("orphans: warn\n")
	}
	if t.time != nil {
		b.WriteString("time: " + t.time.name + "\n")
	}
	if of == "" && t.key == nil {
		b.WriteString(comment("", m.guess(t.given, "evidence: rows of nobody in particular", Medium, "no column is unique and named like a key, and none names a customer")))
		if c := t.find(func(c *column) bool { return c.unnamed && c.distinct == t.rows }); c != nil {
			b.WriteString(comment("", fmt.Sprintf("To write rules about its rows, give them a name and a key: `entity: %s`, `key: %s`.", english.Singular(t.name), c.name)))
		}
	}
	b.WriteString(t.sourceYAML(path, ""))
	shared := t.shared()
	if len(shared) > 0 {
		b.WriteString("null_values: " + yamlList(shared) + "\n")
	}
	if columns != nil {
		b.WriteString(columns(t))
	} else {
		b.WriteString(t.columnsYAML(shared))
	}
	return b.String()
}

// projectYAML drafts the project's settings.
func (m *maker) projectYAML() string {
	var b strings.Builder
	name := fresh(snake(m.o.Name), "", map[string]bool{})
	if m.o.Name == "" || name == "_column" {
		name = fresh(stem(m.place.root), "project", map[string]bool{})
	}
	b.WriteString("kind: Project\nname: " + name + "\n")
	b.WriteString(comment("", m.guess("project", "timezone UTC", Low, "files do not say in which zone their days and clocks are: write yours, as in Europe/London")))
	b.WriteString("timezone: UTC\nlocale: en-GB\n")
	if unit := m.currency(); unit != "" {
		b.WriteString("currency: " + unit + "\n")
	} else {
		b.WriteString(comment("", "currency: GBP   (write yours, and `unit: GBP` at columns of money)"))
	}
	timed := false
	for _, t := range m.tables {
		timed = timed || t.time != nil
	}
	if timed {
		b.WriteString(comment("", m.guess("project", "as_of: latest", Medium, "the newest row in the data; `today` once the files are delivered every day")))
		b.WriteString("as_of: latest\n")
	} else {
		b.WriteString("as_of: today\n")
	}
	if root := m.place.main; root != nil {
		b.WriteString("root: " + root.entity + "\n")
		if root.orders != nil {
			b.WriteString(comment("", "What one "+root.entity+" is worth: every size is shown with its share of it."))
			b.WriteString("value: {" + root.entity + ": " + root.entity + "." + root.spent + "}\n")
		}
	}
	return b.String()
}

// currency is the one that names of columns speak of; "" for none or several.
func (m *maker) currency() string {
	found := ""
	for _, t := range m.tables {
		for _, c := range t.columns {
			if len(c.unit) == 3 && strings.ToUpper(c.unit) == c.unit {
				if found != "" && found != c.unit {
					return ""
				}
				found = c.unit
			}
		}
	}
	return found
}

// readable says whether rules can use the values of a column in statistics.
func (c *column) readable() bool {
	switch c.typ.Kind {
	case catalog.Int, catalog.Double, catalog.String, catalog.Bool:
		return !c.pii && !c.sensitive && c.count > 0
	}
	return false
}
