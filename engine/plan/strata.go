package plan

import (
	"slices"
	"strconv"
	"strings"

	"personae/engine/catalog"
	"personae/engine/compile"
)

// Stratum is one pass over the entity's rows. Monotonicity in ⊥ holds within a
// row and not across rows, so what compares rows (a rank) closes a stratum:
// everything below is decided by then, by cel-go where SQL left it open.
//
// The last stratum has all outputs. Those before it are narrow: they have the
// ranks that they close, and keep in a table what later ones would otherwise
// calculate again.
type Stratum struct {
	// Table is the table of results, with a row for each row of the entity in
	// the order of the key; "" where nothing is kept.
	Table   string
	Outputs []Output
	// Kept are leaves that the table has for later readings: folds, so that related
	// rows are grouped once (those that this stratum needs and all others of the
	// same relations), and whatever else its ranks and later strata read of a row and
	// is known by now, so that they read this table alone. Tables that stand side by
	// side are read by one processor (measured: the last pass of 300 rules over a
	// million customers).
	Kept  []*Expr
	Ranks []*Rank
}

// Calculates lists what a stratum calculates: outputs, folds, and what its
// ranks compare.
func (s Stratum) Calculates() []*Expr {
	var list []*Expr
	for _, o := range s.Outputs {
		list = append(list, o.Expr)
	}
	list = append(list, s.Kept...)
	return append(list, s.Compares()...)
}

// Compares lists what the ranks of a stratum compare, and among whom.
func (s Stratum) Compares() []*Expr {
	var list []*Expr
	for _, r := range s.Ranks {
		list = append(list, r.Operand)
		if r.Among != nil {
			list = append(list, r.Among)
		}
	}
	return list
}

// stratum gives a lower stratum by number, from 1.
func (eb *entityBuilder) stratum(n int) *Stratum {
	for len(eb.strata) < n {
		eb.strata = append(eb.strata, Stratum{})
	}
	return &eb.strata[n-1]
}

// tableOf names the table of a lower stratum: no entity has a colon in its name.
func (eb *entityBuilder) tableOf(stratum int) string {
	return eb.entity.Name + ":" + strconv.Itoa(stratum)
}

// stratumOf is the number of the stratum that a table of results is from, 0 for
// other tables.
func stratumOf(table string) int {
	_, number, _ := strings.Cut(table, ":")
	n, _ := strconv.Atoi(number)
	return n
}

// decideFirst has an open segment, and all that it reads, decided in a stratum
// of its own, and returns the stratum before that. From then on its answer is
// read from there.
func (eb *entityBuilder) decideFirst(o Output) int {
	var list []Output
	need := map[string]bool{}
	var add func(o Output)
	add = func(o Output) {
		need[o.Name] = true
		for _, name := range o.Reads() {
			if other, ok := eb.byName[name]; ok && !need[name] {
				add(other)
			}
		}
	}
	add(o)
	before := 0
	for _, other := range eb.outputs {
		if need[other.Name] {
			list = append(list, other)
			before = max(before, levelOf(other.Expr))
		}
	}
	list = append(list, eb.nullTestsOf(list)...)
	s := eb.stratum(before + 1)
	for _, other := range list {
		if !slices.ContainsFunc(s.Outputs, func(there Output) bool { return there.Name == other.Name }) {
			s.Outputs = append(s.Outputs, other)
		}
	}
	decided := eb.b.intern(Expr{Op: OpBeside, Table: eb.tableOf(before + 1), Name: o.Name, Type: catalog.Type{Kind: catalog.Bool}, MayBottom: true})
	eb.scope.Names["segment."+o.Rule.Name] = decided
	o.Expr = decided
	eb.byName[o.Name] = o
	for i := range eb.outputs {
		if eb.outputs[i].Name == o.Name {
			eb.outputs[i] = o
		}
	}
	return before
}

// stratify puts the strata together once all outputs are known.
func (eb *entityBuilder) stratify() []Stratum {
	all := append(slices.Clone(eb.strata), Stratum{Table: eb.entity.Name, Outputs: eb.outputs})
	kept := map[*Expr]bool{}
	for i := range eb.strata {
		s := &all[i]
		s.Kept = eb.folds(all[i:], i, kept)
		if len(s.Outputs)+len(s.Kept) == 0 {
			continue
		}
		s.Table = eb.tableOf(i + 1)
		reads := s.Compares()
		for _, later := range all[i+1:] {
			reads = append(reads, later.Calculates()...)
		}
		here := map[*Expr]bool{}
		for _, e := range s.Kept {
			here[e] = true
		}
		for _, e := range Leaves(reads) {
			if here[e] || !kept[e] && (e.Fold != nil || levelOf(e) > i) {
				continue
			}
			here[e], kept[e] = true, true
			s.Kept = append(s.Kept, e)
		}
	}
	return all
}

// folds lists what the first of some strata keeps, given what earlier ones kept.
func (eb *entityBuilder) folds(strata []Stratum, closed int, kept map[*Expr]bool) []*Expr {
	relations := map[*catalog.Table]bool{}
	for _, e := range foldsOf(strata[0].Calculates()) {
		if !kept[e] {
			relations[e.Fold.Relation()] = true
		}
	}
	var out []*Expr
	for _, s := range strata {
		for _, e := range foldsOf(s.Calculates()) {
			if !kept[e] && relations[e.Fold.Relation()] && levelOf(e) <= closed {
				kept[e] = true
				out = append(out, e)
			}
		}
	}
	slices.SortFunc(out, func(a, b *Expr) int { return a.ID - b.ID })
	return out
}

// foldsOf lists the folds that expressions read, each once, not those inside
// of others.
func foldsOf(list []*Expr) []*Expr {
	var out []*Expr
	seen := map[*Expr]bool{}
	for _, e := range list {
		visit(e, seen, func(n *Expr) {
			if n.Op == OpFold {
				out = append(out, n)
			}
		})
	}
	return out
}

// exact lowers what has to be known for all rows at once: a hole in it is an
// error, at its place.
func (eb *entityBuilder) exact(x *compile.Expr, why string) *Expr {
	e, holes := Lower(eb.b, eb.scope, x.AST)
	seen := map[Hole]bool{}
	for _, h := range holes {
		if seen[h] {
			continue
		}
		seen[h] = true
		d := eb.problems.Report("hole", x.Text.SubRunes(h.Start, h.End), "%s, and the database cannot calculate %s", why, h.Reason)
		d.Detail = "Only conditions of segments may hold what is decided " + eb.entity.Name + " by " + eb.entity.Name + ". Write this without it, or have the data bring it as a column."
	}
	return e
}
