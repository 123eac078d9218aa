package plan

import (
	"slices"

	"personae/engine/catalog"
)

// Batch is one reading of the rows of a relation: all folds over it, of all
// rules, are one GROUP BY by the owner's key. Folds that compare rows with what
// a fold of the same rows found need a second reading: batches have a depth.
type Batch struct {
	Relation *catalog.Table
	Depth    int
	Folds    []*Expr // by ID
}

// Inner lists the expressions over the relation's rows.
func (b *Batch) Inner() []*Expr {
	var list []*Expr
	for _, e := range b.Folds {
		list = append(list, e.Fold.all()...)
	}
	return list
}

// Path is the relation, its owner, the owner's owner, as far as a fold looks: a
// row that was looked up does not know all of its owners.
func (b *Batch) Path() []*catalog.Table {
	var path []*catalog.Table
	for _, e := range b.Folds {
		if len(e.Fold.Path) > len(path) {
			path = e.Fold.Path
		}
	}
	return path
}

// Gaps lists what lies between rows, each once, by ID.
func (b *Batch) Gaps() []*Expr {
	var list []*Expr
	for _, e := range b.Folds {
		if over := e.Fold.Over; over != nil && !slices.Contains(list, over) {
			list = append(list, over)
		}
	}
	slices.SortFunc(list, func(a, b *Expr) int { return a.ID - b.ID })
	return list
}

// Sequences lists the folds that look for steps one after the other.
func (b *Batch) Sequences() []*Expr {
	var list []*Expr
	for _, e := range b.Folds {
		if e.Fold.Func == FoldSequence {
			list = append(list, e)
		}
	}
	return list
}

// Sorted lists the columns in whose order the rows of one owner have to be seen
// one after the other, nil where no fold asks. One sort serves all that do.
func (b *Batch) Sorted() []string {
	if list := b.Sequences(); len(list) > 0 {
		return list[0].Fold.Order()
	}
	if gaps := b.Gaps(); len(gaps) > 0 {
		return gaps[0].Fold.Order()
	}
	return nil
}

// all lists the expressions over the relation's rows, those of what lies
// between them included.
func (f *Fold) all() []*Expr {
	if f.Over == nil {
		return f.Inner()
	}
	return append(f.Inner(), f.Over.Fold.Inner()...)
}

// Batches are the readings that some expressions need.
type Batches struct {
	of    map[*Expr]*Batch
	known func(*Expr) bool // folds that need no reading
	byKey map[batchKey]*Batch
}

type batchKey struct {
	relation string
	depth    int
}

// NewBatches finds the folds below some expressions, those inside of folds and
// lookups included. Known says which are there already; it may be nil.
func NewBatches(list []*Expr, known func(*Expr) bool) *Batches {
	b := &Batches{of: map[*Expr]*Batch{}, known: known, byKey: map[batchKey]*Batch{}}
	b.find(list)
	return b
}

// Of is the batch of a fold, nil for one that is known.
func (b *Batches) Of(fold *Expr) *Batch { return b.of[fold] }

// find gives every fold its batch. A fold waits for those that its rows are
// compared with.
func (b *Batches) find(list []*Expr) {
	for _, e := range Leaves(list) {
		if e.Op == OpLookup && e.Lookup.Inner != nil {
			b.find([]*Expr{e.Lookup.Inner})
		}
		if e.Op != OpFold || b.of[e] != nil || b.isKnown(e) {
			continue
		}
		under := e.Fold.all()
		b.find(under)
		depth := 0
		for _, inner := range Leaves(under) {
			below, isOwn := b.below(inner)
			if below != nil && !(isOwn && below.Fold.Owner() == e.Fold.Relation()) {
				depth = max(depth, b.of[below].Depth+1)
			} else if below != nil {
				depth = max(depth, b.of[below].Depth)
			}
		}
		b.add(e, depth)
	}
}

func (b *Batches) add(e *Expr, depth int) {
	key := batchKey{e.Fold.Relation().Name, depth}
	batch := b.byKey[key]
	if batch == nil {
		batch = &Batch{Relation: e.Fold.Relation(), Depth: depth}
		b.byKey[key] = batch
	}
	b.of[e] = batch
	batch.Folds = append(batch.Folds, e)
	slices.SortFunc(batch.Folds, func(a, b *Expr) int { return a.ID - b.ID })
}

func (b *Batches) isKnown(e *Expr) bool { return b.known != nil && b.known(e) }

// below is the fold that a leaf reads, nil for none: its own, or that of a row
// that it references.
func (b *Batches) below(e *Expr) (fold *Expr, own bool) {
	own = true
	for e != nil && e.Op == OpLookup {
		e, own = e.Lookup.Inner, false
	}
	if e == nil || e.Op != OpFold || b.isKnown(e) {
		return nil, false
	}
	return e, own
}

// Leaves lists the columns, folds and lookups that expressions read, each once,
// in order of first use.
func Leaves(list []*Expr) []*Expr {
	var out []*Expr
	seen := map[*Expr]bool{}
	var walk func(e *Expr)
	walk = func(e *Expr) {
		if seen[e] {
			return
		}
		seen[e] = true
		if e.IsLeaf() {
			out = append(out, e)
		}
		for _, a := range e.Args {
			walk(a)
		}
	}
	for _, e := range list {
		walk(e)
	}
	return out
}
