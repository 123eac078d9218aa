package conformance

import (
	"regexp"
	"strings"

	"personae/engine/catalog"
)

// elementKinds are the kinds of lists that are generated.
var elementKinds = []catalog.Kind{catalog.Int, catalog.String, catalog.Double, catalog.Bool, catalog.Timestamp, catalog.Bytes}

// listTexts are lists of a kind: columns, and what is made of them. "\x01"
// stands for parts, whose kinds are listed beside.
func listTexts(k catalog.Kind) []production {
	name, b, i := listName(k), catalog.Bool, catalog.Int
	all := []production{
		{"row." + name, nil}, {"row.r" + name, nil}, {"row.?" + name + ".orValue([])", nil},
		{"row." + name + ".filter(v, \x01)", []catalog.Kind{b}}, {"row.r" + name + ".filter(v, \x01)", []catalog.Kind{b}},
		{"row." + name + ".map(v, \x01)", []catalog.Kind{k}}, {"row.r" + name + ".map(v, \x01, \x01)", []catalog.Kind{b, k}},
		{"[\x01, \x01]", []catalog.Kind{k, k}}, {"(row." + name + " + [\x01])", []catalog.Kind{k}}, {"row.r" + name + ".slice(0, \x01)", []catalog.Kind{i}},
		{"row." + name + ".reverse()", nil}, {"row." + name + ".distinct()", nil}, {"(\x01 ? row." + name + " : row.r" + name + ")", []catalog.Kind{b}},
	}
	if k != catalog.Double {
		all = append(all, production{"row.r" + name + ".sort()", nil}, production{"row." + name + ".sort()", nil})
	}
	switch k {
	case catalog.Int:
		all = append(all, production{"lists.range(\x01 % 5)", []catalog.Kind{i}}, production{"row.ls.map(v, v.size())", nil})
	case catalog.String:
		s := catalog.String
		all = append(all, production{"\x01.split(\x01)", []catalog.Kind{s, s}}, production{"\x01.split('')", []catalog.Kind{s}}, production{"\x01.split('a')", []catalog.Kind{s}},
			production{"\x01.split(\x01, \x01)", []catalog.Kind{s, s, i}}, production{"row.li.map(v, string(v))", nil})
	}
	return all
}

// lists are the productions over lists that are values: what is asked of each
// kind of list, and what is made of it.
func (g *grammar) lists(e *engines) {
	b, i := catalog.Bool, catalog.Int
	g.intoLists = true
	defer func() { g.intoLists = false }()
	for _, k := range elementKinds {
		for at, list := range listTexts(k) {
			asked := 0
			ask := func(kind catalog.Kind, before, after string, parts ...catalog.Kind) {
				if asked++; at > 1 && (asked+at)%4 != 0 { // all of columns, a part of others
					return
				}
				n := strings.Count(before, "\x01")
				kinds := append(append(append([]catalog.Kind{}, parts[:n]...), list.parts...), parts[n:]...)
				g.add(e, kind, production{before + list.text + after, kinds})
			}
			ask(b, "", ".exists(v, \x01)", b)
			ask(b, "", ".all(v, \x01)", b)
			ask(b, "", ".exists_one(v, \x01)", b)
			ask(b, "(\x01 in ", ")", k)
			ask(i, "", ".size()")
			ask(k, "", "[\x01]", i)
			ask(k, "", "[0]")
			ask(k, "", ".first().orValue(\x01)", k)
			ask(k, "", ".last().value()")
			ask(k, "", "[?\x01].orValue(\x01)", i, k)
			ask(b, "", "[?1].hasValue()")
			ask(b, "(", " == row.r"+listName(k)+")")
			ask(b, "sets.contains(row.r"+listName(k)+", ", ")")
			ask(b, "sets.intersects(", ", row."+listName(k)+")")
			ask(b, "sets.equivalent(", ", row.r"+listName(k)+")")
			ask(b, "", ".hasAny([\x01])", k)
			ask(b, "", ".hasAll([\x01])", k)
			ask(b, "", ".hasOnly(row.r"+listName(k)+")")
			ask(b, "", ".hasExactly([\x01])", k)
			switch k {
			case catalog.String:
				ask(k, "", ".join(\x01)", k)
				ask(k, "", ".join()")
			case catalog.Int, catalog.Double:
				ask(k, "", ".sum()")
				ask(catalog.Double, "", ".avg()")
				ask(catalog.Double, "", ".median()")
				ask(catalog.Double, "", ".percentile(90)")
				ask(catalog.Double, "", ".percentile(12.5)")
			}
			ask(k, "", ".mode()")
			if k != catalog.Bool && k != catalog.Bytes {
				ask(k, "", ".min()")
				ask(k, "", ".max()")
			}
		}
		g.add(e, b, production{"has(row." + listName(k) + ")", nil})
		g.add(e, b, production{"row.?" + listName(k) + ".hasValue()", nil})
	}
	g.add(e, i, production{"size(row.ls)", nil})
	g.add(e, i, production{"size({\x01: \x01})", []catalog.Kind{catalog.String, b}})
	for _, ask := range []string{".sort()[0]", ".sum()", ".avg()", ".min()", ".max()", ".median()", ".mode()", ".percentile(30)", ".percentile(30.5)"} {
		g.add(e, catalog.Duration, production{"row.lt.map(v, \x01)" + ask, []catalog.Kind{catalog.Duration}})
	}
	for _, key := range []catalog.Kind{catalog.Int, catalog.Uint, catalog.Double, catalog.Bool, catalog.Duration, catalog.Timestamp, catalog.String, catalog.Bytes} {
		g.add(e, i, production{"row.li.sortBy(v, \x01)[0]", []catalog.Kind{key}})
		g.add(e, b, production{"(row.lb.sortBy(v, \x01) == row.rlb)", []catalog.Kind{key}})
		g.add(e, catalog.String, production{"row.ls.filter(v, v != \x01).sortBy(v, \x01).join()", []catalog.Kind{catalog.String, key}})
	}
	g.add(e, catalog.Double, production{"row.ld.map(v, \x01).sort()[\x01]", []catalog.Kind{catalog.Double, i}})
	for _, ask := range []string{"math.greatest(", "math.least("} {
		g.add(e, i, production{ask + "row.li.map(v, \x01))", []catalog.Kind{i}})
		g.add(e, catalog.Double, production{ask + "row.ld.map(v, \x01))", []catalog.Kind{catalog.Double}})
		g.add(e, catalog.Uint, production{ask + "row.li.map(v, \x01))", []catalog.Kind{catalog.Uint}})
	}
	u := catalog.Uint
	for _, of := range []string{"[\x01, \x01].sort()[1]", "math.greatest(\x01, \x01)", "math.least(\x01, \x01)"} {
		g.add(e, u, production{of, []catalog.Kind{u, u}})
	}
	g.add(e, u, production{"math.greatest(\x01)", []catalog.Kind{u}})
	g.add(e, u, production{"math.least(\x01)", []catalog.Kind{u}})
	g.add(e, b, production{"row.li.exists(v, row.rli.exists(w, v == w && \x01))", []catalog.Kind{b}})
	g.add(e, b, production{"cel.bind(l, row.li.filter(v, \x01), l.size() > 1 && l[0] == \x01)", []catalog.Kind{b, i}})
}

// column finds a column of lists in a text.
var column = regexp.MustCompile(`row\.\??r?l([idsxtb])\b`)

// loops says of which kind the elements are that a production goes through, and
// which of its parts are about each of them, where they are called v.
func (p production) loops() (catalog.Kind, []bool) {
	inside := make([]bool, len(p.parts))
	found := column.FindStringSubmatch(p.text)
	if found == nil || strings.Contains(p.text, "(e, ") {
		return 0, inside
	}
	depth, part := 0, 0
	var loops []int // depths at which one began
	for i := 0; i < len(p.text); i++ {
		switch p.text[i] {
		case '(':
			if depth++; strings.HasPrefix(p.text[i:], "(v, ") {
				loops = append(loops, depth)
			}
		case ')':
			if len(loops) > 0 && loops[len(loops)-1] == depth {
				loops = loops[:len(loops)-1]
			}
			depth--
		case '\x01':
			inside[part] = len(loops) > 0
			part++
		}
	}
	return columnKinds[found[1]], inside
}

// ofElement makes an expression be about the element of a loop, in some of its
// parts; not in loops of its own.
func (n *node) ofElement(k catalog.Kind, turned func() bool) *node {
	if strings.Contains(n.text, "(v, ") {
		return n
	}
	if len(n.parts) == 0 && n.kind == k && strings.HasPrefix(n.text, "row.") && turned() {
		return leafNode(k, "v")
	}
	out := &node{kind: n.kind, text: n.text}
	for _, p := range n.parts {
		out.parts = append(out.parts, p.ofElement(k, turned))
	}
	return out
}
