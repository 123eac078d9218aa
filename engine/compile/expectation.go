package compile

import (
	"strings"

	"personae/engine/catalog"
	"personae/engine/diag"
	"personae/engine/source"
	"personae/engine/spec"
)

// Names in `expect` that are no rules.
const (
	personaVar = "persona"
	exportVar  = "export"
)

// expectations reads `expect`: names with answers for one row; for several, keys
// of rows with those.
func (t *testCompiler) expectations(rs *RuleSet) {
	if len(t.out.Rows) == 0 {
		t.broken = true // reported
		return
	}
	byKey := map[string]*TestRow{}
	for _, r := range t.out.Rows {
		byKey[KeyText(r.Key)] = r
	}
	for _, e := range t.doc.Expect {
		if e.Value.IsBroken() {
			t.broken = true
			continue
		}
		if e.Value.Form == spec.Keyed {
			if row := t.rowOf(byKey, e.Key); row != nil {
				for _, inner := range e.Value.Keys {
					t.expect(rs, row, inner)
				}
			}
			continue
		}
		if len(t.out.Rows) > 1 {
			t.report("bad-value", e.Key.Range(), "It is not said of which %s %s is expected", t.out.Entity, e.Key.Value()).
				Detail = "Several are given: write their keys, as in " + quoteKey(t.out.Rows[0].Key) + ": {" + e.Key.Value() + ": " + e.Value.Text.Value() + "}."
			continue
		}
		t.expect(rs, t.out.Rows[0], e)
	}
	if len(t.out.Expects) == 0 && !t.broken {
		t.report("missing-key", t.place(), "The test expects nothing").Detail = "Write what the rules must say under `expect`, as in {segment.name: true}."
	}
	for _, e := range t.out.Expects {
		t.needs(e)
	}
}

func quoteKey(key any) string {
	if text, ok := key.(string); ok && !strings.Contains(text, " of ") {
		return text
	}
	return "key"
}

// rowOf finds the row whose key is written.
func (t *testCompiler) rowOf(byKey map[string]*TestRow, key source.Text) *TestRow {
	if r := byKey[key.Value()]; r != nil {
		return r
	}
	typ := t.out.Table.Column(t.out.Table.Key).Type
	if v, problem := parseValue(key.Value(), typ.Kind, t.c.settings.Zone); problem == "" && byKey[KeyText(v)] != nil {
		return byKey[KeyText(v)] // 007 is 7
	}
	if isRuleName(key.Value()) || strings.HasPrefix(key.Value(), t.out.Entity+".") {
		t.report("wrong-type", key.Range(), "%s wants a value, and this has keys", key.Value()).Detail = "Write the answer that it must give, or unknown."
		return nil
	}
	t.broken = true
	unknown(&t.c.diags, key.Range(), t.out.Entity+" with the key", key.Value(), anyKeys(byKey), "")
	return nil
}

// expect reads one expected answer.
func (t *testCompiler) expect(rs *RuleSet, row *TestRow, e spec.Entry[*spec.Given]) {
	out := &Expectation{Row: row, Name: e.Key.Value(), At: t.at(e.Value)}
	space, rest, _ := strings.Cut(e.Key.Value(), ".")
	if space == personaVar || space == exportVar {
		t.member(rs, out, space, rest, e)
		return
	}
	if !strings.Contains(e.Key.Value(), ".") && t.scope.traits[e.Key.Value()] != nil {
		d := t.report("unknown-name", e.Key.Range(), "There is no rule %s", quote(e.Key.Value()))
		d.Detail = "That is a calculated value: write " + t.scope.traits[e.Key.Value()].label() + "."
		d.Fix = replace(e.Key.Range(), t.scope.traits[e.Key.Value()].label())
		return
	}
	if column := t.scope.table.Column(rest); column != nil && space == t.scope.entity && t.scope.traits[rest] == nil {
		t.report("bad-value", e.Key.Range(), "%s is a column: it is what the test gives", e.Key.Value()).Detail = "Expect what rules make of it."
		return
	}
	a, ok := t.rule(e.Key)
	if !ok {
		return
	}
	if a.node.rule.Kind == RankRule {
		t.report("bad-value", e.Key.Range(), "%s compares with everybody, and a test has only some", e.Key.Value()).
			Detail = "Give the rank in `given`, and expect what rules make of it."
		return
	}
	if s := row.Stub(a.node.rule, a.band); s != nil {
		t.report("bad-value", e.Key.Range(), "%s is given, so nothing calculates it here", e.Key.Value()).
			Relate(s.Range, "Given here").Detail = "Expect what rules make of it, or do not give it."
		return
	}
	out.Rule, out.Band, out.Type = a.node.rule, a.band, a.answerType()
	if out.Want, ok = t.answer(a, e.Value, e.Key.Value()); ok {
		t.out.Expects = append(t.out.Expects, out)
	}
}

// member reads whether somebody must be one of a persona or of an export.
func (t *testCompiler) member(rs *RuleSet, out *Expectation, space, name string, e spec.Entry[*spec.Given]) {
	var names []string
	written, entity := false, ""
	if space == personaVar {
		for _, d := range t.c.module.Personas {
			names, written = append(names, d.Name.Value()), written || d.Name.Value() == name
		}
		for _, p := range rs.Personas {
			if p.Name == name {
				out.Persona, entity = p, p.Entity
			}
		}
	} else {
		for _, d := range t.c.module.Exports {
			names, written = append(names, d.Name.Value()), written || d.Name.Value() == name
		}
		for _, x := range rs.Exports {
			if x.Name == name {
				out.Export, entity = x, x.Entity
			}
		}
	}
	switch {
	case !written:
		t.broken = true
		d := unknown(&t.c.diags, e.Key.Range(), space, name, names, "")
		if d.Fix != nil {
			d.Fix = replace(e.Key.Range(), space+"."+d.Fix.Replacement)
		}
		return
	case entity == "":
		t.broken = true // its own errors are reported
		return
	case entity != t.out.Entity:
		t.report("bad-value", e.Key.Range(), "%s is about %s, and this test is about %s", e.Key.Value(), entity, t.out.Entity).Detail = "Say with `for` whom the test is about."
		return
	}
	out.Type = catalog.Type{Kind: catalog.Bool}
	if e.Value.IsWord(unknownWord) {
		out.Want.Unknown = true
	} else if v, ok := t.value(e.Value, out.Type, e.Key.Value()); ok {
		out.Want.Value = v
	} else {
		return
	}
	t.out.Expects = append(t.out.Expects, out)
}

// exprs are the expressions of an expectation that no rule has.
func (e *Expectation) exprs() []*Expr {
	switch {
	case e.Persona != nil:
		return []*Expr{e.Persona.Who}
	case e.Export != nil:
		return []*Expr{e.Export.Who}
	}
	return nil
}

// needs finds all that an answer depends on, as far as it is not given. A rank
// has to be: it compares with everybody.
func (t *testCompiler) needs(e *Expectation) {
	seen := map[*Rule]bool{}
	for _, r := range e.Row.Reads {
		seen[r] = true
	}
	var visit func(n *node, band bool)
	visit = func(n *node, band bool) {
		if seen[n.rule] || e.Row.Stub(n.rule, band) != nil {
			return
		}
		seen[n.rule] = true
		if n.rule.Kind == RankRule {
			d := t.report("not-given", e.At, "%s depends on %s, which compares with everybody", e.Name, n.label())
			d.Relate(n.name.Range(), "The rank")
			d.Detail = "A test has only some rows, so say what the rank is: write " + n.rule.Name + ": 3, or another number from 1 to the number of buckets, in the " + t.out.Entity + "."
			return
		}
		for _, draft := range n.drafts {
			for _, r := range draft.refs {
				if r.to != nil {
					visit(r.to, r.ref.Kind == BandRef)
				}
			}
		}
		if !n.rule.IsList() { // part of what reads it
			e.Row.Reads = append(e.Row.Reads, n.rule)
		}
	}
	for _, x := range e.exprs() {
		for _, r := range x.Refs {
			if n := t.scope.node(r); n != nil {
				visit(n, r.Kind == BandRef)
			}
		}
	}
	if e.Rule != nil {
		for _, n := range t.c.nodes {
			if n.rule == e.Rule {
				visit(n, e.Band)
			}
		}
	}
}

// node is the rule that a reference names; nil for none.
func (s *scope) node(r Ref) *node {
	switch r.Kind {
	case TraitRef, ListRef:
		return s.traits[r.Name]
	case SegmentRef:
		return s.segments[r.Name]
	case SegmentationRef, BandRef:
		return s.segmentations[r.Name]
	case ScoreRef:
		return s.scores[r.Name]
	case JourneyRef:
		return s.journeys[r.Name]
	case ReachedRef:
		journey, _, _ := strings.Cut(r.Name, ".")
		return s.journeys[journey]
	}
	return nil
}

// suggestGroup adds the nearest of some names.
func suggestGroup(d *diag.Diagnostic, name string, names []string, at source.Range) {
	if near := diag.Suggest(name, names); near != "" {
		d.Detail = "Did you mean " + near + "? "
		d.Fix = replace(at, near)
	}
}
