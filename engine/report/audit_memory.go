package report

import (
	"fmt"
	"reflect"
	"strings"

	"personae/engine/compile"
	"personae/engine/results"
)

// auditedBefore is what an audit read, and what it found.
type auditedBefore struct {
	rules string
	found *results.EntityResults
	gone  map[place]hidden
}

// audit gives what must not be shown of an entity because of others. Where nothing
// that the audit reads has changed since the report before, as after an edit of
// words, its answer stands: it asks for a time with the square of the segments.
func (b *builder) audit(e *compile.Entity, found *results.EntityResults) map[place]hidden {
	if b.Memory == nil {
		return b.audited(e, found)
	}
	rules := b.auditReads(e)
	before := b.Memory.audits[e.Name]
	if before.rules == rules && reflect.DeepEqual(before.found, found) {
		return before.gone
	}
	gone := b.audited(e, found)
	if b.Memory.audits == nil {
		b.Memory.audits = map[string]auditedBefore{}
	}
	b.Memory.audits[e.Name] = auditedBefore{rules, found, gone}
	return gone
}

// auditReads is all that an audit reads but results: expressions, by what they mean
// and as they are written, since conditions are told apart by their text.
func (b *builder) auditReads(e *compile.Entity) string {
	var t strings.Builder
	note := func(list ...*compile.Expr) {
		for _, x := range list {
			if x != nil {
				fmt.Fprintf(&t, "%s %q\n", x.Digest, x.Text.Value())
			}
		}
	}
	fmt.Fprintln(&t, b.min)
	for _, r := range e.Rules {
		fmt.Fprintf(&t, "%s %s %s\n", r.Kind, r.Name, r.Digest)
		note(r.Exprs()...)
	}
	for _, p := range b.Rules.Personas {
		fmt.Fprintf(&t, "persona %s %s\n", p.Name, p.Entity)
		note(p.Who)
		for _, s := range p.Statistics {
			fmt.Fprintf(&t, "%s %s %v %v\n", s.ID, s.Func, s.Param, s.Evidence != nil)
			note(s.Arg)
		}
	}
	for _, x := range b.Rules.Exports {
		fmt.Fprintf(&t, "export %s %s\n", x.Name, x.Entity)
		note(x.Who, x.Contactable)
	}
	return t.String()
}
