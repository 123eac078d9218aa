package conformance

import (
	"math/rand/v2"
	"testing"

	"personae/engine/catalog"
)

// eventsTable has rows that belong to those of hostileTable, with columns of
// the same names.
func eventsTable() *catalog.Table {
	t := hostileTable()
	t.Name, t.Entity, t.Role, t.Of, t.By, t.Time, t.Key = "events", "event", catalog.Relation, "row", "row_id", "at", "event_id"
	t.Columns = append(t.Columns[1:], &catalog.Column{Name: "row_id", Type: catalog.Type{Kind: catalog.Int}},
		&catalog.Column{Name: "event_id", Type: catalog.Type{Kind: catalog.Int}}, &catalog.Column{Name: "at", Type: catalog.Type{Kind: catalog.Timestamp}})
	return t
}

// relatedRows gives rows others that belong to them.
func relatedRows(values map[string][]any, n int) []map[string]any {
	random := rand.New(rand.NewPCG(3, 4))
	out := hostileRows(values, n)
	spare := hostileRows(values, 400)
	next := int64(0)
	for i, row := range out {
		var events []map[string]any
		for range []int{0, 1, 2, 5}[random.IntN(4)] {
			event := map[string]any{"row_id": int64(i), "event_id": next * 7919 % 10007, "at": nil}
			for name, v := range spare[random.IntN(len(spare))] {
				if name != "id" {
					event[name] = v
				}
			}
			for event["at"] == nil {
				event["at"] = values["t"][random.IntN(len(values["t"]))]
			}
			if random.IntN(2) == 0 {
				event["at"] = asOf.AddDate(0, 0, -random.IntN(60))
			}
			next++
			events = append(events, event)
		}
		row["events"] = events
	}
	return out
}

// related are the productions over related rows: what is asked of all of them,
// of some, and of what is made of them.
func (g *grammar) related(e *engines) {
	b, i := catalog.Bool, catalog.Int
	for _, list := range []string{"row.events", "row.events.within(days(30))", "row.events.before(days(10))"} {
		for _, name := range []string{"exists", "all", "exists_one"} {
			g.add(e, b, production{list + "." + name + "(e, \x01)", []catalog.Kind{b}})
		}
		g.add(e, i, production{list + ".size()", nil})
		g.add(e, i, production{list + ".filter(e, \x01).size()", []catalog.Kind{b}})
		g.add(e, b, production{list + ".filter(e, \x01).exists(e, \x01)", []catalog.Kind{b, b}})
		g.add(e, i, production{list + ".filter(e, \x01).weeksActive(8)", []catalog.Kind{b}})
		for _, ask := range []string{"max", "min", "sum", "avg", "median"} {
			g.add(e, catalog.Duration, production{list + ".filter(e, \x01).gaps()." + ask + "()", []catalog.Kind{b}})
		}
		g.add(e, b, production{list + ".gaps().exists(g, g > \x01)", []catalog.Kind{catalog.Duration}})
		g.add(e, b, production{list + ".sequence(e, step(\x01), step(\x01))", []catalog.Kind{b, b}})
		g.add(e, b, production{list + ".sequence(e, step(\x01), never(\x01), step(\x01, days(7)))", []catalog.Kind{b, b, b}})
		g.add(e, b, production{list + ".filter(e, \x01).sequence(e, never(\x01), step(\x01), never(\x01))", []catalog.Kind{b, b, b, b}})
	}
	for _, kind := range []catalog.Kind{catalog.Bool, catalog.Int, catalog.Double, catalog.String, catalog.Timestamp, catalog.Duration} {
		asks := []string{"mode", "min", "max"}
		switch kind {
		case catalog.Bool:
			asks = asks[:1]
		case catalog.Int, catalog.Double, catalog.Duration:
			asks = append(asks, "sum", "avg", "median")
		}
		for _, ask := range asks {
			result := kind
			if kind == catalog.Int && (ask == "avg" || ask == "median") {
				result = catalog.Double
			}
			g.add(e, result, production{"row.events.map(e, \x01)." + ask + "()", []catalog.Kind{kind}})
			g.add(e, result, production{"row.events.map(e, \x01, \x01)." + ask + "()", []catalog.Kind{b, kind}})
		}
		g.add(e, kind, production{"row.events.map(e, \x01).last().orValue(" + literals[kind][0] + ")", []catalog.Kind{kind}})
		g.add(e, i, production{"row.events.map(e, \x01).distinct().size()", []catalog.Kind{kind}})
		g.add(e, b, production{"(" + literals[kind][0] + " in row.events.map(e, \x01))", []catalog.Kind{kind}})
		g.add(e, b, production{"row.events.map(e, \x01).exists(v, v == " + literals[kind][0] + ")", []catalog.Kind{kind}})
	}
}

// enoughRelatedRows is how many row-expressions over related rows are compared:
// each is a query over two tables.
const enoughRelatedRows = 90_000

// TestRandomRelatedExpressions is TestRandomExpressions over rows with related
// rows, in which any operator may stand.
func TestRandomRelatedExpressions(t *testing.T) {
	const rowsEach, each = 80, 30
	all := map[string]*engines{
		"hostile rows, nothing known": newRelatedEngines(t, hostileTable(), eventsTable(), relatedRows(hostile, rowsEach), false, london),
		"hostile rows, facts":         newRelatedEngines(t, hostileTable(), eventsTable(), relatedRows(hostile, rowsEach), true, london),
		"benign rows, facts":          newRelatedEngines(t, hostileTable(), eventsTable(), relatedRows(benign, rowsEach), true, london),
	}
	enough := enoughRelatedRows * *more
	var total tally
	for i, name := range keys(all) {
		e := all[name]
		g := newGrammar(e)
		only := newRelatedGrammar(e)
		random := rand.New(rand.NewPCG(uint64(i), *seed))
		var s tally
		reported := 0
		for s.rowExpressions < enough/len(all)+1 && reported < 12 {
			var nodes []*node
			for i := range each {
				nodes = append(nodes, only.rooted(g, random, 1+i%4))
			}
			for _, bad := range e.batch(nodes, &s) {
				if reported++; reported > 12 {
					break
				}
				small := e.shrink(bad)
				t.Errorf("%s: %s\n  from %s", name, e.wrongAlone(small), bad)
			}
		}
		t.Logf("%s: %s over related rows; %+v", name, only, s)
		total.rowExpressions += s.rowExpressions
		total.yes, total.no, total.bottoms, total.nulls = total.yes+s.yes, total.no+s.no, total.bottoms+s.bottoms, total.nulls+s.nulls
		if s.refused > s.expressions/3 {
			t.Errorf("%s: %d of %d expressions are refused: the generator makes what no rule says", name, s.refused, s.expressions)
		}
	}
	if total.rowExpressions < enough || min(total.yes, total.no, total.bottoms, total.nulls) < enough/1000 {
		t.Errorf("the test proves too little: %+v", total)
	}
}

// newRelatedGrammar has the productions over related rows alone: the root of
// an expression is one of them.
func newRelatedGrammar(e *engines) *grammar {
	g := &grammar{productions: map[catalog.Kind][]production{}, open: map[catalog.Kind][]production{}}
	g.related(e)
	return g
}

// rooted makes an expression whose root is a production of g and whose parts
// are of all.
func (g *grammar) rooted(all *grammar, c chooser, depth int) *node {
	k := rootKinds[c.IntN(len(rootKinds))]
	if len(g.productions[k]) == 0 {
		k = catalog.Bool
	}
	p := g.productions[k][c.IntN(len(g.productions[k]))]
	n := &node{kind: k, text: p.text}
	for _, part := range p.parts {
		made := all.make(c, part, depth-1)
		if p.inner() {
			made = made.about("e", func() bool { return c.IntN(4) > 0 })
		}
		n.parts = append(n.parts, made)
	}
	return n
}
