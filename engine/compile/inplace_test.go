package compile

import (
	"slices"
	"testing"

	"personae/engine/source"
	"personae/engine/spec"
)

// listRules compiles traits and one segment over the shop.
func listRules(t *testing.T, traits, when string) *RuleSet {
	t.Helper()
	text := "kind: Project\nroot: customer\n---\nkind: Traits\ntraits:\n" + traits + "---\nkind: Segment\nname: s\nwhen: \"" + when + "\"\n"
	m, found := spec.Parse([]*source.File{source.NewFile("rules/a.yaml", []byte(text))})
	if found.HasErrors() {
		t.Fatal(found)
	}
	rs, list := Compile(m, parseCatalog(t, shopWithOrders), Options{})
	if list.HasErrors() {
		t.Fatal(list)
	}
	return rs
}

const shopWithOrders = `
customers customer root key=id
  id string
  city string?
  tags list<string>?
orders order relation of=customer by=id time=at key=order_id
  id string
  order_id string
  at timestamp
  total double
`

func ruleNamed(t *testing.T, rs *RuleSet, name string) *Rule {
	t.Helper()
	for _, r := range rs.Entities[0].Rules {
		if r.Name == name {
			return r
		}
	}
	t.Fatalf("no rule %s", name)
	return nil
}

// A rule over a list under a name is the rule that somebody wrote out.
func TestListsStandInPlaceOfTheirNames(t *testing.T) {
	const lists = "  recent: {value: \"customer.orders.filter(o, o.at > now - days(90))\"}\n  dear: {value: \"customer.recent.filter(o, o.total > 5.0)\"}\n"
	byName := ruleNamed(t, listRules(t, lists, "customer.dear.exists(o, o.total < 9.0) && customer.city == 'Leeds'"), "s")
	writtenOut := ruleNamed(t, listRules(t, lists, "customer.orders.filter(o, o.at > now - days(90)).filter(o, o.total > 5.0).exists(o, o.total < 9.0) && customer.city == 'Leeds'"), "s")
	if a, b := exprDigest(byName.Expr.AST.NativeRep()), exprDigest(writtenOut.Expr.AST.NativeRep()); a != b {
		t.Error("the two are not the same rule")
	}
	if a, b := exprDigest(byName.Expr.Written.NativeRep()), exprDigest(writtenOut.Expr.Written.NativeRep()); a == b {
		t.Error("they are written in one way")
	}
	if !byName.Expr.Clock || !writtenOut.Expr.Clock {
		t.Error("both read the clock")
	}
	for _, want := range []Ref{{ListRef, "customer", "dear"}, {ListRef, "customer", "recent"}, {RelationRef, "customer", "orders"}, {ColumnRef, "order", "at"}, {ColumnRef, "order", "total"}, {ColumnRef, "customer", "city"}} {
		if !slices.Contains(byName.Expr.Refs, want) {
			t.Errorf("it does not read %v, only %v", want, byName.Expr.Refs)
		}
	}
	for _, leaf := range Clauses(byName.Expr).Leaves() {
		if leaf.AST.OutputType().String() != "bool" || leaf.Written.OutputType().String() != "bool" {
			t.Errorf("%s by itself is %s", leaf.OneLine(), leaf.AST.OutputType())
		}
	}
}

// What a list says is part of what its readers say, through any number of others.
func TestListsChangeTheDigestsOfTheirReaders(t *testing.T) {
	of := func(days string) string {
		lists := "  recent: {value: \"customer.orders.within(days(" + days + "))\"}\n  dear: {value: \"customer.recent.filter(o, o.total > 5.0)\"}\n  n: {value: customer.dear.size()}\n"
		return ruleNamed(t, listRules(t, lists, "customer.n > 1"), "s").Digest
	}
	if of("90") == of("91") {
		t.Error("another list gives the same digest")
	}
	if of("90") != of("90 ") {
		t.Error("the same list gives another digest")
	}
}
