package plan

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"personae/engine/catalog"
)

// Builder makes nodes and sees to it that equal ones are the same pointer.
type Builder struct {
	facts *catalog.Facts
	nodes map[string]*Expr
	all   []*Expr
}

// NewBuilder makes an empty builder; facts may be nil.
func NewBuilder(facts *catalog.Facts) *Builder {
	return &Builder{facts: facts, nodes: make(map[string]*Expr)}
}

// intern returns the node equal to e, made now if there was none.
func (b *Builder) intern(e Expr) *Expr {
	var k strings.Builder
	fmt.Fprintf(&k, "%s|%s|%s|%s|", e.Op, e.Type, e.Table, strconv.Quote(e.Name))
	if e.Op == OpConst {
		k.WriteString(constKey(e.Const))
	}
	if e.Fold != nil {
		k.WriteString(e.Fold.key())
	}
	if e.Lookup != nil {
		k.WriteString(e.Lookup.key())
	}
	for _, a := range e.Args {
		k.WriteByte(',')
		k.WriteString(strconv.Itoa(a.ID))
	}
	if old, ok := b.nodes[k.String()]; ok {
		return old
	}
	n := new(Expr)
	*n = e
	n.ID = len(b.all)
	b.all = append(b.all, n)
	b.nodes[k.String()] = n
	return n
}

// constKey tells constants apart, also 0.0 from -0.0 and NaN from nothing.
func constKey(v any) string {
	switch v := v.(type) {
	case float64:
		return "d" + strconv.FormatUint(math.Float64bits(v), 16)
	case time.Time:
		return "t" + v.UTC().Format(time.RFC3339Nano)
	}
	return fmt.Sprintf("%T%q", v, fmt.Sprint(v))
}

// Const makes a constant of one of the types that Expr.Const lists.
func (b *Builder) Const(v any) *Expr {
	e := Expr{Op: OpConst, Const: v}
	switch v := v.(type) {
	case nil:
		e.Type, e.MayNull = catalog.Type{Kind: catalog.Null, Nullable: true}, true
	case bool:
		e.Type.Kind = catalog.Bool
	case int64:
		e.Type.Kind, e.Facts = catalog.Int, Interval{Min: v, Max: v}
	case uint64:
		e.Type.Kind = catalog.Uint
	case float64:
		e.Type.Kind = catalog.Double
		if v == v {
			e.Facts = Interval{Min: v, Max: v, NoNaN: true}
		}
	case string:
		e.Type.Kind = catalog.String
	case []byte:
		e.Type.Kind = catalog.Bytes
	case time.Time:
		e.Type.Kind = catalog.Timestamp
		e.Facts = Interval{Min: v.UnixMicro(), Max: v.UnixMicro() + 1}
	case time.Duration:
		e.Type.Kind = catalog.Duration
		e.Facts = Interval{Min: int64(v), Max: int64(v), Micros: v%time.Microsecond == 0}
	default:
		return b.Bottom(fmt.Sprintf("constant of type %T", v), catalog.Type{Kind: catalog.Dyn})
	}
	return b.intern(e)
}

// Column reads a column of a table. NULL is CEL null, unless facts say that
// there is none; a null list or map is ⊥ when it is read.
func (b *Builder) Column(table *catalog.Table, c *catalog.Column) *Expr {
	f := b.facts.Column(table.Name, c.Name)
	e := Expr{Op: OpColumn, Type: c.Type, Table: table.Name, Name: c.Name, Facts: columnFacts(c.Type.Kind, f)}
	e.MayNull = c.Type.Nullable && (f == nil || f.Nulls > 0)
	return b.intern(e)
}

// Now is the as-of instant.
func (b *Builder) Now() *Expr {
	return b.intern(Expr{Op: OpNow, Type: catalog.Type{Kind: catalog.Timestamp}, Facts: Interval{Min: NowMin, Max: NowMax}})
}

// Hole is ⊥ because SQL cannot decide it.
func (b *Builder) Hole(reason string, t catalog.Type) *Expr {
	return b.intern(Expr{Op: OpHole, Type: t, Name: reason, MayBottom: true})
}

// Bottom is ⊥ because CEL errs, whatever the row.
func (b *Builder) Bottom(reason string, t catalog.Type) *Expr {
	return b.intern(Expr{Op: OpBottom, Type: t, Name: reason, MayBottom: true})
}

// Strict applies an operator that gives ⊥ as soon as an operand is ⊥ or null.
func (b *Builder) Strict(op Op, name string, args ...*Expr) *Expr {
	row := byOp[op]
	e := Expr{Op: op, Name: name, Args: args, Type: catalog.Type{Kind: row.Result}}
	if (op == OpAddInt || op == OpSubInt || op == OpNegInt) && args[0].Type.Kind == catalog.Duration {
		e.Type.Kind = catalog.Duration
	}
	for _, a := range args {
		e.MayBottom = e.MayBottom || !a.Decided()
	}
	if row.Bottom != nil && row.Bottom(args) {
		e.MayBottom = true
	}
	if row.Facts != nil {
		e.Facts = row.Facts(args)
	}
	if op == OpLength {
		e = lengthFacts(e)
	}
	if (op == OpLt || op == OpLe || op == OpEq) && args[0].Type.Kind == catalog.Timestamp {
		return b.compareTimes(e)
	}
	return b.intern(e)
}

// lengthFacts bounds days(n): n times the unit, exact where it fits.
func lengthFacts(e Expr) Expr {
	unit, err := strconv.ParseInt(e.Name, 10, 64)
	if err != nil {
		return e
	}
	limit := math.MaxInt64 / unit
	low, ok1 := e.Args[0].Facts.Min.(int64)
	high, ok2 := e.Args[0].Facts.Max.(int64)
	e.Facts = Interval{Micros: true}
	if ok1 && ok2 && low >= -limit && high <= limit {
		e.Facts.Min, e.Facts.Max = low*unit, high*unit
		e.MayBottom = !e.Args[0].Decided()
	}
	return e
}

// compareTimes moves a constant with nanoseconds to whole microseconds, which
// is all that columns hold, so that the comparison keeps its meaning.
func (b *Builder) compareTimes(e Expr) *Expr {
	for i, a := range e.Args {
		t, ok := a.Const.(time.Time)
		if !ok || t.Nanosecond()%1000 == 0 {
			continue
		}
		down, other := b.Const(t.Truncate(time.Microsecond)), e.Args[1-i]
		switch {
		case e.Op == OpEq:
			return b.Strict(OpLt, "", other, other) // never equal, and ⊥ where the other is
		case i == 0:
			return b.Strict(OpLt, "", down, other)
		default:
			return b.Strict(OpLe, "", other, down)
		}
	}
	return b.intern(e)
}
