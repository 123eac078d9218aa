package compile

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sort"
	"strconv"
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types/ref"
)

// exprDigest identifies a checked expression by what it means: functions by
// overload, columns with their types, parameters by value. Whitespace,
// comments, redundant brackets and the names of parameters do not count.
func exprDigest(tree *ast.AST) string {
	var b strings.Builder
	canonical(&b, tree, tree.Expr())
	return digestOf("expr", b.String())
}

// digestOf hashes parts so that no two lists of parts look the same.
func digestOf(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(strconv.Itoa(len(p))))
		h.Write([]byte{':'})
		h.Write([]byte(p))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// canonical writes a node in prefix form.
func canonical(b *strings.Builder, tree *ast.AST, e ast.Expr) {
	switch e.Kind() {
	case ast.LiteralKind:
		canonicalValue(b, e.AsLiteral())
	case ast.IdentKind:
		if r := tree.ReferenceMap()[e.ID()]; r != nil && r.Value != nil {
			canonicalValue(b, r.Value)
			return
		}
		b.WriteString(strconv.Quote(e.AsIdent()))
	case ast.SelectKind:
		sel := e.AsSelect()
		fmt.Fprintf(b, "(. %t %q %s ", sel.IsTestOnly(), sel.FieldName(), typeName(tree.GetType(e.ID())))
		canonical(b, tree, sel.Operand())
		b.WriteByte(')')
	case ast.CallKind:
		fmt.Fprintf(b, "(%s ", strings.Join(tree.GetOverloadIDs(e.ID()), "|"))
		canonicalAll(b, tree, children(e))
	case ast.ListKind:
		fmt.Fprintf(b, "([] %v %s ", e.AsList().OptionalIndices(), typeName(tree.GetType(e.ID())))
		canonicalAll(b, tree, children(e))
	case ast.ComprehensionKind:
		c := e.AsComprehension()
		fmt.Fprintf(b, "(each %q %q %q ", c.IterVar(), c.IterVar2(), c.AccuVar())
		canonicalAll(b, tree, children(e))
	default:
		fmt.Fprintf(b, "(%d ", e.Kind())
		canonicalAll(b, tree, children(e))
	}
}

func canonicalAll(b *strings.Builder, tree *ast.AST, nodes []ast.Expr) {
	for _, x := range nodes {
		canonical(b, tree, x)
		b.WriteByte(' ')
	}
	b.WriteByte(')')
}

func canonicalValue(b *strings.Builder, v ref.Val) {
	fmt.Fprintf(b, "<%s %q>", v.Type().TypeName(), fmt.Sprint(v.Value()))
}

// ruleDigest identifies what a rule computes, by itself and by all that it
// depends on. Titles, owners and expected sizes do not change the column.
func ruleDigest(r *Rule, zone string, deps []*node) string {
	parts := []string{"rule", string(r.Kind), r.Entity, r.Name, r.Type.String(), zone}
	if r.Expr != nil {
		parts = append(parts, r.Expr.Digest)
	}
	for _, g := range r.Rungs {
		parts = append(parts, g.Name, g.When.Digest)
	}
	parts = append(parts, r.Otherwise)
	if r.Score != nil {
		parts = append(parts, r.Score.digestParts()...)
	}
	if r.Leave != nil {
		parts = append(parts, "leave", r.Leave.Digest)
	}
	if r.Rank != nil {
		parts = append(parts, "rank", strconv.FormatInt(r.Rank.Buckets, 10), strconv.FormatBool(r.Rank.BestLow), r.Rank.Segment)
	}
	if r.Journey != nil {
		parts = append(parts, r.Journey.digestParts()...)
	}
	var below []string
	for _, d := range deps {
		below = append(below, d.rule.Digest)
	}
	sort.Strings(below)
	return digestOf(append(parts, below...)...)
}

func sortRefs(refs []Ref) {
	sort.Slice(refs, func(i, j int) bool {
		a, b := refs[i], refs[j]
		if a.Kind != b.Kind {
			return a.Kind < b.Kind
		}
		if a.Entity != b.Entity {
			return a.Entity < b.Entity
		}
		return a.Name < b.Name
	})
}
