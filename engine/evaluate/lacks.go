package evaluate

import (
	"fmt"
	"slices"
	"strings"

	"personae/engine/celenv"
	"personae/engine/plan"
	"personae/engine/sqlgen"
	"personae/engine/sqltext"
)

// lacks are what referenced rows lack where rules read them. cel-go says it of a
// sample of the rows that a rule cannot decide; SQL counts it in all of them, as
// it counts empty columns.
type lacks struct {
	s     *Snapshot
	flags map[string]string // condition by name
	names []string          // in order of first use
	joins []string
	alias map[string]string // of a chain of references
}

// lackText says in words that something is not there: the name of a reference
// that leads to no row says so, other names are of what is empty.
func lackText(name string) string {
	if strings.HasSuffix(name, celenv.NoRow) {
		return name
	}
	return name + " is empty"
}

// lacks finds what the referenced rows that an output reads can lack. Rows that
// belong to a row are not looked into.
func (s *Snapshot) lacks(e *plan.EntityPlan, o plan.Output, to *lacks) {
	for _, l := range plan.Lookups(o.Expr) {
		if l.Base == e.Entity.Table {
			to.add(l, "b", l.Column)
		}
	}
}

func (s *Snapshot) newLacks() *lacks {
	return &lacks{s: s, flags: map[string]string{}, alias: map[string]string{}}
}

// add follows a lookup from the row called from; path is the reference in words.
func (k *lacks) add(l *plan.Lookup, from, path string) {
	alias := k.alias[path]
	if alias == "" {
		alias = fmt.Sprintf("l%d", len(k.joins))
		k.alias[path] = alias
		k.joins = append(k.joins, " LEFT JOIN "+sqltext.Path(sqlgen.SnapshotSchema, l.Target.Name)+" "+alias+
			" ON "+alias+"."+sqltext.Ident(l.Target.Key)+" = "+from+"."+sqltext.Ident(l.Column))
	}
	column, there := from+"."+sqltext.Ident(l.Column), alias+".rowid IS NOT NULL"
	f := k.s.Facts.Column(l.Base.Name, l.Column)
	if !l.Sure && l.Inner != nil {
		if from != "b" && (f == nil || f.Nulls > 0) { // of b they are columns like others
			k.flag(path, from+".rowid IS NOT NULL AND "+column+" IS NULL")
		}
		if f == nil || !f.Complete {
			k.flag(path+celenv.NoRow, column+" IS NOT NULL AND "+alias+".rowid IS NULL")
		}
	}
	switch in := l.Inner; {
	case in == nil:
	case in.Op == plan.OpLookup:
		k.add(in.Lookup, alias, in.Lookup.Column+" of "+path)
	case in.Op == plan.OpColumn:
		if f := k.s.Facts.Column(in.Table, in.Name); f == nil || f.Nulls > 0 {
			k.flag(in.Name+" of "+path, there+" AND "+alias+"."+sqltext.Ident(in.Name)+" IS NULL")
		}
	}
}

func (k *lacks) flag(name, condition string) {
	if k.flags[name] == "" {
		k.flags[name] = condition
		k.names = append(k.names, name)
	}
}

// sql is a query of the rows of a table that lack something: their numbers, and
// a flag for each lack.
func (k *lacks) sql(table string) string {
	list, any := []string{"b.rowid AS n"}, []string{}
	for _, name := range k.names {
		list, any = append(list, "("+k.flags[name]+") AS "+emptyFlag(name)), append(any, "("+k.flags[name]+")")
	}
	return "SELECT " + strings.Join(list, ", ") + " FROM " + sqltext.Path(sqlgen.SnapshotSchema, table) + " b" + strings.Join(k.joins, "") +
		" WHERE " + strings.Join(any, " OR ")
}

// lacking lists what an output's referenced rows can lack, sorted.
func (s *Snapshot) lacking(e *plan.EntityPlan, o plan.Output) []string {
	k := s.newLacks()
	s.lacks(e, o, k)
	slices.Sort(k.names)
	return k.names
}
