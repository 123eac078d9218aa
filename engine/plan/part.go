package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"personae/engine/catalog"
)

// Digests identify what each output holds, by name: its rule with all that it
// depends on, the content of the columns that it reads, and as-of where it
// depends on the clock. Two outputs of one digest hold the same values, in
// whatever plan. before stands for who was in which segment before, on which rules
// for leaving depend; where it is "", these have no digest, and have to be
// calculated.
func (e *EntityPlan) Digests(facts *catalog.Facts, asOf time.Time, before string) map[string]string {
	d := &digester{entity: e, facts: facts, asOf: asOf, before: before, byName: map[string]Output{}, found: map[string]string{}}
	for _, o := range e.Outputs() {
		d.byName[o.Name] = o
	}
	for _, o := range e.Outputs() {
		d.of(o)
	}
	maps.DeleteFunc(d.found, func(_, digest string) bool { return digest == "" })
	return d.found
}

type digester struct {
	entity *EntityPlan
	facts  *catalog.Facts
	asOf   time.Time
	before string
	byName map[string]Output
	found  map[string]string
}

// of gives the digest of an output; "" where it has none.
func (d *digester) of(o Output) string {
	if known, ok := d.found[o.Name]; ok {
		return known
	}
	d.found[o.Name] = ""
	var text strings.Builder
	fmt.Fprintf(&text, "%s %s\n", d.entity.Entity.Name, o.Kind)
	if o.Rule != nil {
		if o.Rule.Leave != nil {
			if d.before == "" {
				return ""
			}
			fmt.Fprintf(&text, "before %s\n", d.before)
		}
		fmt.Fprintf(&text, "%q %s\n", o.Name, o.Rule.Digest)
	}
	sources := o.Sources()
	for _, x := range sources {
		fmt.Fprintln(&text, x.Digest)
	}
	if o.Rule == nil && len(sources) == 0 && o.NullOf == "" && o.Digest == "" {
		return "" // nothing says what it is
	}
	fmt.Fprintln(&text, o.Digest)
	fmt.Fprintf(&text, "%v\n", o.NullOf != "")
	for _, name := range o.Reads() {
		other, ok := d.byName[name]
		if !ok {
			continue
		}
		below := d.of(other)
		if below == "" {
			return ""
		}
		fmt.Fprintln(&text, below)
	}
	d.data(&text, o)
	sum := sha256.Sum256([]byte(text.String()))
	d.found[o.Name] = hex.EncodeToString(sum[:16])
	return d.found[o.Name]
}

// data writes what an output reads: which rows the entity has, and the content
// of columns. What looks at other rows depends on all of them and on the clock.
func (d *digester) data(text *strings.Builder, o Output) {
	reads := map[string]map[string]bool{}
	read := func(table, column string) {
		if reads[table] == nil {
			reads[table] = map[string]bool{}
		}
		reads[table][column] = true
	}
	root := d.entity.Entity.Table
	read(root.Name, root.Key)
	for _, c := range o.Columns {
		read(root.Name, c)
	}
	Reads([]*Expr{o.Expr}, read)
	clock := o.Open()
	within(o.Expr, map[*Expr]bool{}, func(n *Expr) {
		switch n.Op {
		case OpNow, OpFold:
			clock = true
		case OpRank, OpBeside:
			clock = true
			d.everything(read)
		}
	})
	if clock {
		fmt.Fprintln(text, d.asOf.UnixNano())
	}
	for _, table := range slices.Sorted(maps.Keys(reads)) {
		fmt.Fprintf(text, "%q", table)
		if f := d.facts.Tables[table]; f != nil {
			fmt.Fprintf(text, " %d", f.Rows)
		}
		for _, column := range slices.Sorted(maps.Keys(reads[table])) {
			fmt.Fprintf(text, " %q", column)
			if f := d.facts.Column(table, column); f != nil {
				text.WriteString(f.Fingerprint)
			}
		}
		text.WriteByte('\n')
	}
}

func (d *digester) everything(read func(table, column string)) {
	for table, f := range d.facts.Tables {
		for column := range f.Columns {
			read(table, column)
		}
	}
}

// Only is the plan for some of the outputs, which go into a table of their own.
// What an open output needs beside it to be decided comes with it. Lower strata
// are left out where nothing reads them.
func (e *EntityPlan) Only(names map[string]bool, table string) *EntityPlan {
	byName := map[string]Output{}
	for _, o := range e.Outputs() {
		byName[o.Name] = o
	}
	wanted := map[string]bool{}
	var add func(name string)
	add = func(name string) {
		o, ok := byName[name]
		if !ok || wanted[name] {
			return
		}
		wanted[name] = true
		if o.Open() {
			for _, other := range o.Reads() {
				add(other)
			}
		}
	}
	for name := range names {
		add(name)
	}
	last := Stratum{Table: table}
	lower := false
	for _, o := range e.Outputs() {
		if !wanted[o.Name] {
			continue
		}
		last.Outputs = append(last.Outputs, o)
		within(o.Expr, map[*Expr]bool{}, func(n *Expr) { lower = lower || n.Op == OpRank || n.Op == OpBeside })
	}
	part := &EntityPlan{Entity: e.Entity, Strata: []Stratum{last}}
	if lower {
		part.Strata = append(slices.Clone(e.Strata[:len(e.Strata)-1]), last)
	}
	return part
}
