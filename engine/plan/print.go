package plan

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// String prints the plan for people: what is read, what is computed in which
// pass, shared parts once, under a number.
func (p *Plan) String() string {
	var b strings.Builder
	for _, t := range p.Tables {
		fmt.Fprintf(&b, "read %s: %s\n", t.Table.Name, strings.Join(t.Columns, ", "))
	}
	for _, e := range p.Entities {
		folds := map[*Expr]string{}
		for i := range e.Strata {
			e.printStratum(&b, i, folds)
		}
		if len(e.Aggregates) > 0 {
			b.WriteString("\nstatistics over members, and over everyone\n")
		}
		for _, a := range e.Aggregates {
			fmt.Fprintf(&b, "  %s.%s = %s", a.Persona, a.Stat.ID, a.Stat.Text)
			if a.Operand != "" {
				fmt.Fprintf(&b, "  (operand %s)", a.Operand)
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// printStratum prints one pass: what it scans, and what it calculates in the scan
// of the entity's own rows. Folds are called by the names that their scan gave.
func (e *EntityPlan) printStratum(b *strings.Builder, stratum int, folds map[*Expr]string) {
	s := e.Strata[stratum]
	fmt.Fprintf(b, "\npass %d over %s, a row is a %s\n", stratum+1, e.Entity.Table.Name, e.Entity.Name)
	for _, scan := range e.Scans(stratum) {
		scan.print(b, folds)
	}
	names := maps.Clone(folds)
	shared := 0
	for _, e := range s.shared() {
		text := e.text(names)
		shared++
		names[e] = "#" + strconv.Itoa(shared)
		fmt.Fprintf(b, "    %s = %s\n", names[e], text)
	}
	for _, o := range s.Outputs {
		fmt.Fprintf(b, "    %s %s = %s%s\n", o.Kind, o.Name, o.Expr.text(names), o.Expr.outcomes())
		if reasons := o.Reasons(); len(reasons) > 0 {
			fmt.Fprintf(b, "      rows that are left open are decided by cel-go: %s\n", strings.Join(reasons, ", "))
		}
	}
	s.printClose(b, names)
}

// shared lists what is calculated once and read more than once, operands first.
func (s Stratum) shared() []*Expr {
	uses := map[*Expr]int{}
	seen := map[*Expr]bool{}
	var order []*Expr
	for _, e := range s.Calculates() {
		uses[e]++
		visit(e, seen, func(e *Expr) {
			order = append(order, e)
			for _, a := range e.Args {
				uses[a]++
			}
		})
	}
	return slices.DeleteFunc(order, func(e *Expr) bool { return uses[e] < 2 || len(e.Args) == 0 })
}

// printClose prints what a stratum hands on to later ones.
func (s Stratum) printClose(b *strings.Builder, names map[*Expr]string) {
	from := ""
	if len(s.Kept) > 0 {
		fmt.Fprintf(b, "    kept as %s for later passes: %s\n", s.Table, textsOf(s.Kept, names))
		from = ", from " + s.Table
	}
	for _, r := range s.Ranks {
		best := "high"
		if r.BestLow {
			best = "low"
		}
		fmt.Fprintf(b, "    rank %s = cut points of %d buckets over %s, best %s%s", r.Name, r.Buckets, r.Operand.text(names), best, from)
		if r.Among != nil {
			fmt.Fprintf(b, ", among %s", r.Among.text(names))
		}
		b.WriteByte('\n')
	}
}

// outcomes says in words what a NULL of the node would mean.
func (e *Expr) outcomes() string {
	switch {
	case e.MayBottom && e.MayNull:
		return "   [may be empty or undecided]"
	case e.MayBottom:
		return "   [may be undecided]"
	case e.MayNull:
		return "   [may be empty]"
	}
	return ""
}

// String prints a node with everything below it.
func (e *Expr) String() string { return e.text(nil) }

func (e *Expr) text(names map[*Expr]string) string {
	if n, ok := names[e]; ok {
		return n
	}
	switch e.Op {
	case OpConst:
		return constText(e.Const)
	case OpColumn:
		return e.Name
	case OpBeside:
		return "beside(" + strconv.Quote(e.Table+"."+e.Name) + ")"
	case OpFold:
		return "fold(" + e.Fold.Relation().Name + ": " + e.Fold.text(names) + ")"
	case OpLookup:
		return e.lookupText(names)
	case OpGap:
		return "gap"
	case OpNow:
		return "now"
	case OpHole, OpBottom:
		return string(e.Op) + "(" + strconv.Quote(e.Name) + ")"
	}
	parts := make([]string, 0, len(e.Args)+1)
	if e.Name != "" {
		parts = append(parts, strconv.Quote(e.Name))
	}
	for _, a := range e.Args {
		parts = append(parts, a.text(names))
	}
	return string(e.Op) + "(" + strings.Join(parts, ", ") + ")"
}

func constText(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return strconv.Quote(v)
	case float64:
		s := strconv.FormatFloat(v, 'g', -1, 64)
		if !strings.ContainsAny(s, ".eIN") {
			s += ".0"
		}
		return s
	case time.Time:
		return v.UTC().Format(time.RFC3339Nano)
	}
	return fmt.Sprint(v)
}
