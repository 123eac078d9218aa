package compile

import (
	"slices"

	"cel.dev/cel-go/cel"

	"personae/engine/diag"
	"personae/engine/source"
	"personae/engine/spec"
)

// node is a rule on its way to becoming a Rule.
type node struct {
	rule    *Rule
	name    source.Text
	scope   *scope
	drafts  []*draft // one; one for each rung; a rank's operand and its segment; when and leave
	purpose source.Text
	deps    []*node // sorted, without duplicates
	// sensitive columns that it uses itself or by way of calculated values
	sensitive map[string]bool
	broken    bool // something is wrong with it, or with what it needs
	sequence  int  // in order of definition
}

// newNode makes the node of a rule, with what its authors say of it.
func newNode(kind RuleKind, name source.Text, s *scope, said spec.Labels, at source.Range) *node {
	return &node{name: name, scope: s, rule: &Rule{
		Kind: kind, Name: name.Value(), Entity: s.entity, Title: said.Title.Value(), Labels: said, Source: Place{at},
	}}
}

// label is how expressions refer to it.
func (n *node) label() string { return n.rule.Label() }

// parse reads what the rule says. A group that reads no other rule, or only
// calculated values that are checked by then, is checked at once: nothing that is
// found out later changes what is said of it, and where only the verdict is
// wanted, its trees go before those of the next are made.
func (n *node) parse(verdict bool) {
	group := !n.rule.Kind.IsAttribute()
	for _, d := range n.drafts {
		d.verdict = verdict && group
		d.parse()
	}
	if !group || slices.ContainsFunc(n.drafts, (*draft).readsUnchecked) {
		return
	}
	for _, d := range n.drafts {
		d.check()
	}
}

// want says what kind of result the place of an expression asks for.
type want uint8

const (
	aValue     want = iota // anything that a column can hold
	aList                  // that, or a list that gets a name
	aCondition             // true or false
	aNumber                // a double: what a row is worth
	aDecimal               // any number
	aMoment                // a timestamp, or null
	aCount                 // a whole number
	aText                  // what a sentence can show
	anOrder                // what has better and worse: a number, a time, a length of time
	anySide                // a side of a comparison
)

// draft is an expression on its way to becoming an Expr. Drafts are checked in
// parallel, so each collects its own diagnostics.
type draft struct {
	code     *code
	scope    *scope
	want     want
	what     string // for messages: "the condition of segment lapsed"
	quiet    bool   // lints that the author cannot act on here are left out
	parsed   *cel.Ast
	refs     []reference
	reported map[int64]bool // nodes with a diagnostic already
	checked  bool           // check ran
	measures bool           // a formula over statistics: of evidence, too
	verdict  bool           // once it is checked, nobody asks for its tree or digest
	poisoned bool           // reads something broken: its type says nothing
	diags    diag.List
	expr     *Expr // nil where the expression is broken
}

// reference is one place where an expression names something.
type reference struct {
	ref Ref
	id  int64 // of the node
	to  *node // of traits and groups
}

func newDraft(t source.Text, s *scope, w want, what string) *draft {
	return &draft{code: newCode(t), scope: s, want: w, what: what, reported: map[int64]bool{}}
}

// readsUnchecked says whether the expression names another rule, but for
// calculated values that are checked. Parse finds out.
func (d *draft) readsUnchecked() bool {
	return slices.ContainsFunc(d.refs, func(r reference) bool {
		return r.to != nil && !(r.to.rule.Kind.IsAttribute() && r.to.drafts[0].checked)
	})
}

// place gives where a reference stands. It is worked out when it is asked for:
// sound rules need no places.
func (d *draft) place(r reference) source.Range {
	parsed := d.parsed
	if parsed == nil && d.expr != nil { // let go by check; the same text gives the same tree
		parsed, _ = d.scope.parseText(d.code.value)
	}
	if parsed == nil {
		return d.code.text.Range()
	}
	return d.code.at(d.code.nodeSpan(parsed.NativeRep(), r.id))
}

// parse reads the text and resolves its names.
func (d *draft) parse() {
	if d.code.text.IsZero() {
		return // not written: spec has reported it
	}
	d.parsed = d.code.parse(d.scope, &d.diags)
	if d.parsed != nil {
		d.resolve()
	}
}
