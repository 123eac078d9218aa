package conformance

import "personae/engine/catalog"

// formatted are the clauses of format() that are no holes, by the kinds that they
// write.
var formatted = map[string][]catalog.Kind{
	"s": {catalog.String, catalog.Int, catalog.Uint, catalog.Double, catalog.Bool, catalog.Timestamp, catalog.Duration}, "d": {catalog.Int, catalog.Uint, catalog.Double},
	"f": {catalog.Int, catalog.Uint, catalog.Double}, ".2f": {catalog.Double}, "e": {catalog.Int, catalog.Uint, catalog.Double}, ".0e": {catalog.Double},
	"b": {catalog.Int, catalog.Uint, catalog.Bool}, "o": {catalog.Int, catalog.Uint}, "x": {catalog.Int, catalog.Uint, catalog.String, catalog.Bytes}, "X": {catalog.Int, catalog.Uint, catalog.String, catalog.Bytes},
}

func (g *grammar) formats(e *engines) {
	for _, letter := range keys(formatted) {
		for _, k := range formatted[letter] {
			g.add(e, catalog.String, production{text: "'%" + letter + "%%|%s'.format([\x01, \x01])", parts: []catalog.Kind{k, catalog.String}})
		}
	}
	for _, list := range []string{"row.mp", "{2: row.s, 10: row.s2, -1: 'a'}", "[row.mp, {'b': row.i, 'a': row.i2}]", "row.x", "row.lx", "row.ls", "row.li", "row.ld", "row.ll", "row.lt"} {
		g.add(e, catalog.String, production{text: "'%s'.format([" + list + "])"})
	}
	g.add(e, catalog.String, production{text: "'%s'.format([[\x01, \x01]])", parts: []catalog.Kind{catalog.Double, catalog.Double}})
	g.add(e, catalog.String, production{text: "'%s %s'.format([\x01, {'a': \x01}])", parts: []catalog.Kind{catalog.Double, catalog.Double}})
}
