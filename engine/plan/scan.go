package plan

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"personae/engine/catalog"
)

// Scan is one reading of a table, for all rules of a stratum.
type Scan struct {
	Table   *catalog.Table
	Columns []string // that are read, sorted
	// Batch is what is calculated of related rows; nil for the entity's own rows.
	Batch *Batch
	// Beside each row stand folds of what belongs to it, each joined once.
	Folds []*Expr
	// Lookups are read from the rows that it references.
	Lookups []*Expr
	// Owner is the row that it belongs to, where something of that is read.
	Owner []*Expr
	// Kept is what earlier strata, or the version before, have in the same order.
	Kept []*Expr
	// Alone is the table of an earlier stratum that has all of it, and is read
	// instead of Table; "" where it does not.
	Alone string
}

// Scans lists what a stratum reads, what is grouped before the rows that it is
// joined to. Related rows are read once, and again only where they are compared
// with what was folded of them.
func (e *EntityPlan) Scans(stratum int) []Scan {
	s := e.Strata[stratum]
	kept := map[*Expr]string{}
	for _, earlier := range e.Strata[:stratum] {
		for _, x := range earlier.Kept {
			kept[x] = earlier.Table
		}
	}
	wanted := s.Calculates()
	batches := NewBatches(wanted, func(x *Expr) bool { return kept[x] != "" })
	var out []Scan
	done := map[*Batch]bool{}
	var add func(list []*Expr)
	add = func(list []*Expr) {
		for _, x := range Leaves(list) {
			if x.Op == OpLookup && x.Lookup.Inner != nil {
				add([]*Expr{x.Lookup.Inner})
			}
			batch := batches.Of(x)
			if batch == nil || done[batch] {
				continue
			}
			done[batch] = true
			inner := batch.Inner()
			add(inner)
			out = append(out, scanOf(batch.Relation, batch, inner, kept))
		}
	}
	add(wanted)
	own := scanOf(e.Entity.Table, nil, wanted, kept)
	own.Alone = own.alone(kept)
	return append(out, own)
}

// alone is the one table that has all that is read of the entity's rows.
func (s Scan) alone(kept map[*Expr]string) string {
	if len(s.Columns) > 1 || len(s.Lookups) > 0 {
		return ""
	}
	table := ""
	for i, x := range s.Kept {
		if kept[x] == "" || i > 0 && kept[x] != table {
			return ""
		}
		table = kept[x]
	}
	return table
}

// scanOf sorts what expressions over the rows of a table read.
func scanOf(t *catalog.Table, batch *Batch, list []*Expr, kept map[*Expr]string) Scan {
	s := Scan{Table: t, Batch: batch}
	columns := map[string]bool{}
	for _, x := range Leaves(list) {
		switch {
		case x.Op == OpGap: // made of the row's time
		case x.Op == OpBeside || kept[x] != "":
			s.Kept = append(s.Kept, x)
		case x.Op == OpColumn && x.Table == t.Name:
			columns[x.Name] = true
		case x.Op == OpFold && x.Fold.Owner() == t:
			s.Folds = append(s.Folds, x)
			columns[t.Key] = true
		case x.Op == OpLookup && x.Lookup.Base == t:
			s.Lookups = append(s.Lookups, x)
			columns[x.Lookup.Column] = true
		default:
			s.Owner = append(s.Owner, x)
		}
	}
	if batch == nil {
		columns[t.Key] = true
	} else {
		columns[t.By] = true
		for _, x := range batch.Folds {
			if x.Fold.Over == nil {
				for _, column := range x.Fold.joins() {
					columns[column] = true
				}
			}
		}
		for _, column := range batch.Sorted() {
			columns[column] = true
		}
	}
	s.Columns = slices.Sorted(maps.Keys(columns))
	return s
}

// print writes the scan for people, and gives its folds names.
func (s Scan) print(b *strings.Builder, names map[*Expr]string) {
	line := func(words ...string) { b.WriteString("  " + strings.Join(words, "") + "\n") }
	title := "scan " + s.Table.Name
	if s.Batch != nil && s.Batch.Depth > 0 {
		title += " again, whose rows are compared with what was folded of them"
	}
	if s.Alone != "" {
		line("scan ", s.Alone, " alone: ", strings.Join(append(slices.Clone(s.Columns), textsOf(s.Kept, names)), ", "))
	} else {
		line(title, ": ", strings.Join(s.Columns, ", "))
	}
	if relations := relationsOf(s.Folds); len(relations) > 0 {
		line("  beside each row what was folded of it: ", strings.Join(relations, ", "))
	}
	if len(s.Lookups) > 0 {
		line("  beside each row what it references in ", strings.Join(s.references(), ", "), ": ", textsOf(s.Lookups, names))
	}
	if len(s.Owner) > 0 {
		line("  beside each row what its owner has in ", s.Batch.Path()[1].Name, ": ", textsOf(s.Owner, names))
	}
	if len(s.Kept) > 0 && s.Alone == "" {
		line("  beside each row what stands in the same order: ", textsOf(s.Kept, names))
	}
	if s.Batch == nil {
		return
	}
	inRows := maps.Clone(names)
	for _, x := range s.Owner {
		if x.Op == OpColumn { // rows of both may have a column of that name
			inRows[x] = x.Table + "." + x.Name
		}
	}
	for x, name := range s.Batch.print(b, inRows) {
		names[x] = name
	}
}

// print writes the folds of a batch, and gives the names by which later ones and
// outputs call them.
func (batch *Batch) print(b *strings.Builder, names map[*Expr]string) map[*Expr]string {
	if order := batch.Sorted(); order != nil {
		b.WriteString("    sorted once by " + strings.Join(append([]string{batch.Relation.By}, order...), ", ") + ", for what their order tells\n")
	}
	b.WriteString("    grouped by " + batch.Relation.By + "\n")
	prefix, known := batch.Relation.Name+"#", 0
	for _, name := range names {
		if strings.HasPrefix(name, prefix) {
			known++
		}
	}
	given := map[*Expr]string{}
	for i, x := range batch.Folds {
		given[x] = prefix + strconv.Itoa(known+i+1)
		b.WriteString("      " + given[x] + " = " + x.Fold.text(names) + x.outcomes() + "\n")
	}
	return given
}

// references lists the tables whose rows are referenced.
func (s Scan) references() []string {
	var out []string
	for _, x := range s.Lookups {
		out = append(out, x.Lookup.Target.Name)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// relationsOf lists whose rows folds are over.
func relationsOf(folds []*Expr) []string {
	var out []string
	for _, x := range folds {
		if name := x.Fold.Relation().Name; !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// textsOf lists expressions, in order of their names.
func textsOf(list []*Expr, names map[*Expr]string) string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = x.text(names)
	}
	slices.Sort(out)
	return strings.Join(slices.Compact(out), ", ")
}
