package duckdb

import (
	"context"
	"sort"
	"strings"

	"personae/engine/catalog"
	"personae/engine/source"
	"personae/engine/spec"
	"personae/engine/sqltext"
)

// checkColumns checks the columns that a dataset's own keys name. A key is
// never null: rows without one are rejected.
func (b *builder) checkColumns(d *dataset) {
	s := d.spec
	for _, t := range append([]spec.Text{s.Key, s.By, s.Time, s.Value}, s.OrderBy...) {
		if t.IsZero() || d.column(orderColumn(t.Value())) != nil {
			continue
		}
		name := orderColumn(t.Value())
		diagnostic := b.list.Errorf("column-missing", t.Range(), "Dataset %s has no column %s", s.Name.Value(), name)
		names := d.names()
		for _, h := range d.hidden {
			if h.Name == name {
				diagnostic.Detail = "It is in the data, but rules cannot see it: " + h.Reason + "."
				names = nil
			}
		}
		if names != nil {
			suggest(diagnostic, name, names)
		}
	}
	if c := d.column(s.Key.Value()); c != nil {
		c.cat.Type.Nullable = false
		if k := c.cat.Type.Kind; k == catalog.List || k == catalog.Map || k == catalog.Struct {
			b.list.Errorf("wrong-type", s.Key.Range(), "The key %s is %s", c.cat.Name, c.cat.Type).Detail = "A key is text, a number, or a time."
		}
	}
	if c := d.column(s.Time.Value()); c != nil {
		if c.cat.Type.Kind != catalog.Timestamp {
			b.list.Errorf("wrong-type", s.Time.Range(), "The time of dataset %s is %s, not a date or timestamp", s.Name.Value(), c.cat.Type).Detail =
				"Declare how it is written: `columns: {" + c.cat.Name + ": {type: timestamp, format: \"%d/%m/%Y %H:%M\"}}`."
		} else if !s.Of.IsZero() {
			c.cat.Type.Nullable = false
		}
	}
	if c := d.column(s.Value.Value()); c != nil && c.cat.Type.Kind != catalog.Int && c.cat.Type.Kind != catalog.Double {
		b.list.Errorf("wrong-type", s.Value.Range(), "The value of dataset %s is %s, not a number", s.Name.Value(), c.cat.Type).Detail = "`value` names the column that says what a row is worth."
	}
	if dup := s.OnDuplicate.Value(); (dup == "first" || dup == "last") && len(s.OrderBy) == 0 {
		b.list.Errorf("missing-key", s.OnDuplicate.Range(), "`on_duplicate: %s` needs `order_by`", dup).Detail = "Name the columns that decide which row is first, as in `order_by: [updated_at]`."
	}
}

// orderColumn takes a direction off an entry of `order_by`.
func orderColumn(entry string) string {
	name := strings.TrimSpace(entry)
	for _, suffix := range []string{" desc", " asc"} {
		if strings.HasSuffix(strings.ToLower(name), suffix) {
			return strings.TrimSpace(name[:len(name)-len(suffix)])
		}
	}
	return name
}

// checkFormats lets the database read each strptime format once.
func (b *builder) checkFormats(ctx context.Context, d *dataset) {
	for _, c := range d.columns {
		if c.rules.format == "" {
			continue
		}
		if c.cat.Type.Kind != catalog.Timestamp {
			b.list.Errorf("bad-format", c.decl.Format.Range(), "`format` is for dates and times, and %s is %s", c.cat.Name, c.cat.Type).Detail = "Take it out, or declare `type: date` or `type: timestamp`."
			continue
		}
		if _, err := b.conn.ExecContext(ctx, "SELECT strptime('', "+sqltext.Literal(c.rules.format)+") WHERE false"); err != nil {
			b.list.Errorf("bad-format", c.decl.Format.Range(), "The format %q cannot be used", c.rules.format).Detail =
				"A format uses the letters of strptime: %Y year, %m month, %d day, %H hour, %M minute, %S second.\nDuckDB says: " + firstLines(err.Error())
		}
	}
}

// roles says what each table is. A keyed table without an owner is a root,
// unless others reference it and nothing is about it: then it is a lookup.
func (b *builder) roles(m *spec.Module) {
	referenced, about := map[string]bool{}, map[string]bool{}
	for _, name := range b.order {
		d := b.done[name]
		about[d.spec.Of.Value()] = true
		for _, c := range d.columns {
			referenced[c.cat.References] = true
		}
	}
	if m.Project != nil {
		about[m.Project.Root.Value()] = true
	}
	for _, t := range entitiesOfRules(m) {
		about[t] = true
	}
	for _, name := range b.order {
		d := b.done[name]
		switch {
		case !d.spec.Of.IsZero():
			d.role = catalog.Relation
		case d.spec.Key.IsZero():
			d.role = catalog.Evidence
		case referenced[name] && (d.spec.Entity.IsZero() || !about[d.spec.Entity.Value()]):
			d.role = catalog.Lookup
		default:
			d.role = catalog.Root
		}
	}
}

func entitiesOfRules(m *spec.Module) []string {
	var out []string
	for _, x := range m.Traits {
		out = append(out, x.For.Value())
	}
	for _, x := range m.Segments {
		out = append(out, x.For.Value())
	}
	for _, x := range m.Segmentations {
		out = append(out, x.For.Value())
	}
	for _, x := range m.Personas {
		out = append(out, x.For.Value())
	}
	return out
}

// owner finds the dataset whose rows are called so.
func (b *builder) owner(entity string) *dataset { return ownerOf(b.done, b.order, entity) }

func ownerOf(datasets map[string]*dataset, order []string, entity string) *dataset {
	for _, name := range order {
		if d := datasets[name]; d.spec.Entity.Value() == entity && !d.spec.Key.IsZero() {
			return d
		}
	}
	return nil
}

// checkKeys compares the types of both sides of `of` and `by`.
func (b *builder) checkKeys() {
	for _, name := range b.order {
		d := b.done[name]
		if d.spec.Of.IsZero() {
			continue
		}
		owner := b.owner(d.spec.Of.Value())
		if owner == nil {
			b.reportOwner(d)
			continue
		}
		if d.spec.By.IsZero() {
			b.list.Errorf("missing-key", d.spec.Of.Range(), "Dataset %s does not say which column holds the key of its %s", name, d.spec.Of.Value()).Detail = "Write `by: <column>` beside `of`."
			continue
		}
		b.sameType(d, d.column(d.spec.By.Value()), d.spec.By.Range(), owner)
	}
}

func (b *builder) reportOwner(d *dataset) {
	var entities []string
	for _, ds := range b.specs {
		if ds.Entity.Value() == d.spec.Of.Value() && !ds.Key.IsZero() {
			return // its own problem is reported
		}
		if !ds.Entity.IsZero() && !ds.Key.IsZero() {
			entities = append(entities, ds.Entity.Value())
		}
	}
	sort.Strings(entities)
	diagnostic := b.list.Errorf("unknown-name", d.spec.Of.Range(), "No dataset with a key has the entity %s", d.spec.Of.Value())
	suggest(diagnostic, d.spec.Of.Value(), entities)
}

// checkReferences compares the types of both sides of `references`.
func (b *builder) checkReferences() {
	for _, name := range b.order {
		d := b.done[name]
		for _, c := range d.columns {
			if c.cat.References == "" {
				continue
			}
			at := c.decl.References.Range()
			target := b.done[c.cat.References]
			if target == nil {
				if b.specs[c.cat.References] == nil {
					diagnostic := b.list.Errorf("unknown-name", at, "There is no dataset %s", c.cat.References)
					suggest(diagnostic, c.cat.References, b.order)
				}
				continue
			}
			if target.spec.Key.IsZero() {
				b.list.Errorf("missing-key", at, "Dataset %s has no key, so nothing can reference it", c.cat.References).Relate(target.spec.Name.Range(), "the dataset").Detail = "Give it a `key`."
				continue
			}
			b.sameType(d, c, at, target)
		}
	}
}

// sameType reports two keys whose types differ, naming both and the fix.
func (b *builder) sameType(d *dataset, c *column, at source.Range, target *dataset) {
	key := target.column(target.spec.Key.Value())
	if c == nil || key == nil || c.cat.Type.Kind == key.cat.Type.Kind {
		return
	}
	ours, theirs := c.cat.Type, key.cat.Type
	ours.Nullable, theirs.Nullable = false, false
	diagnostic := b.list.Errorf("key-type-mismatch", at, "%s.%s is %s, but %s.%s is %s",
		d.spec.Name.Value(), c.cat.Name, ours, target.spec.Name.Value(), key.cat.Name, theirs)
	to := ours.String()
	if theirs.Kind == catalog.String || ours.Kind == catalog.Double {
		to = theirs.String()
	}
	wrong, dataset := key.cat.Name, target.spec.Name.Value()
	if to == theirs.String() {
		wrong, dataset = c.cat.Name, d.spec.Name.Value()
	}
	diagnostic.Detail = "Keys on both sides have one type. In dataset " + dataset + ", declare `columns: {" + wrong + ": {type: " + to + "}}`."
	diagnostic.Relate(target.spec.Key.Range(), "the other key")
}
