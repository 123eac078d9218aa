package plan

import (
	"fmt"
	"strings"
	"time"

	"cel.dev/cel-go/common/ast"

	"personae/engine/celenv"
)

// Sequence is what a fold looks for in the rows, in their order: steps one
// after the other, each within its limit of the step before, and between which
// nothing occurs that must not. Conditions are never null.
type Sequence struct {
	Steps  []*Expr
	Limits []*time.Duration // nil: none
	Never  [][]*Expr        // before the first step, then after each
}

// Parts lists all conditions.
func (s *Sequence) Parts() []*Expr {
	all := append([]*Expr{}, s.Steps...)
	for _, list := range s.Never {
		all = append(all, list...)
	}
	return all
}

func (s *Sequence) key() string {
	var b strings.Builder
	for i, list := range s.Never {
		for _, e := range list {
			fmt.Fprintf(&b, " never %d", e.ID)
		}
		if i < len(s.Steps) {
			fmt.Fprintf(&b, " step %d", s.Steps[i].ID)
			if s.Limits[i] != nil {
				fmt.Fprintf(&b, " within %d", *s.Limits[i])
			}
		}
	}
	return b.String()
}

// text is how plans print it.
func (s *Sequence) text(names map[*Expr]string) []string {
	var out []string
	for i, list := range s.Never {
		for _, e := range list {
			out = append(out, "never "+e.text(names))
		}
		if i < len(s.Steps) {
			step := "step " + s.Steps[i].text(names)
			if s.Limits[i] != nil {
				step += " within " + s.Limits[i].String()
			}
			out = append(out, step)
		}
	}
	return out
}

// sequence lowers rows.sequence(...); nil for other calls.
func (l *lowerer) sequence(e ast.Expr, c ast.CallExpr, id string) *Expr {
	if id != celenv.SequenceOf {
		return nil
	}
	rows, conditions, limits, shape, ok := celenv.SequenceParts(c)
	if !ok {
		return nil
	}
	list := l.list(rows.IterRange())
	if list == nil || list.elem != nil || list.row != nil || list.distinct || !ordered(list.path[0]) {
		return nil
	}
	parts := make([]*Expr, len(conditions))
	l.each(list, rows.IterVar(), func() {
		for i, x := range conditions {
			parts[i] = l.expr(x)
		}
	})
	for i, p := range parts {
		if p.Op == OpHole {
			return l.b.Hole(p.Name, boolean)
		}
		parts[i] = l.b.Decide(p)
	}
	steps, which, never := celenv.ParseShape(shape)
	s := &Sequence{}
	for i, step := range steps {
		s.Steps = append(s.Steps, parts[step])
		var limit *time.Duration
		if which[i] >= 0 {
			d, ok := l.expr(limits[which[i]]).Const.(time.Duration)
			if !ok {
				return l.hole(e, "a time limit that varies from row to row")
			}
			limit = &d
		}
		s.Limits = append(s.Limits, limit)
	}
	for _, positions := range never {
		var list []*Expr
		for _, i := range positions {
			list = append(list, parts[i])
		}
		s.Never = append(s.Never, list)
	}
	if len(parts) == 1 {
		return l.exists(list, parts[0])
	}
	at := l.time(list.path)
	keep := l.b.then(list.keep, l.b.notBottom(l.b.Decide(at)))
	return l.needing(list, l.through(list.via, l.b.fold(Fold{Func: FoldSequence, Path: list.path, Keep: keep, Value: at, Sequence: s})))
}
