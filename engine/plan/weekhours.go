package plan

import (
	"personae/engine/catalog"
	"personae/engine/compile"
)

// WeekHours is a chart of instants of related rows: at which hours of the week
// they lie. One query counts them for all personas that draw the same.
type WeekHours struct {
	Table *catalog.Table // whose rows have the instants
	At    *Expr          // over a row of Table: the instant; NULL is none
	Keep  *Expr          // TRUE for the rows that count
	// Personas draw it, by the place of the chart.
	Pictures []Picture
}

// weekHours plans a chart over a list of instants; false where it is another
// list, or its rows are not those of the entity itself.
func (in *insightBuilder) weekHours(p *compile.Persona, x *compile.Expr) bool {
	eb := in.eb
	l := newLowerer(eb.b, eb.scope, x.AST)
	list := l.list(l.ast.Expr())
	if list == nil || list.elem == nil || list.elem.Type.Kind != catalog.Timestamp || list.distinct || len(list.via) > 0 || len(l.holes) > 0 ||
		len(list.path) != 2 || list.path[1] != eb.entity.Table || list.path[0].By == "" {
		return false
	}
	keep := eb.b.Decide(list.keep)
	for _, e := range []*Expr{keep, list.elem} {
		if hasHole(e) || readsOthers(e) || !onlyOf(e, list.path[0].Name) {
			return false
		}
	}
	picture := Picture{Persona: p.Name, Members: "persona_" + p.Name, Of: x}
	for i := range in.out.Weeks {
		if w := &in.out.Weeks[i]; w.At == list.elem && w.Keep == keep {
			w.Pictures = append(w.Pictures, picture)
			return true
		}
	}
	in.out.Weeks = append(in.out.Weeks, WeekHours{Table: list.path[0], At: list.elem, Keep: keep, Pictures: []Picture{picture}})
	return true
}

// onlyOf says whether an expression reads columns of one table alone.
func onlyOf(e *Expr, table string) bool {
	ok := true
	visit(e, map[*Expr]bool{}, func(n *Expr) { ok = ok && (n.Op != OpColumn || n.Table == table) })
	return ok
}
