package prose

import (
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/parser"

	"personae/engine/catalog"
	"personae/engine/compile"
	"personae/engine/format"
)

// Writer writes the rules of one project. It is immutable and safe for
// concurrent use; a nil Writer writes nothing.
type Writer struct {
	rules  *compile.RuleSet
	format *format.Formatter
	titles map[string]string // of segments, segmentations, scores and journeys, and of "parent.group", by name
	traits map[string]*compile.Rule
}

// New makes a writer for a checked set of rules.
func New(rs *compile.RuleSet, f *format.Formatter) *Writer {
	w := &Writer{rules: rs, format: f, titles: map[string]string{}, traits: map[string]*compile.Rule{}}
	for _, e := range rs.Entities {
		for _, r := range e.Rules {
			switch r.Kind {
			case compile.TraitRule, compile.RankRule:
				w.traits[e.Name+"."+r.Name] = r
				continue
			}
			w.titles[r.Name] = r.Title
			for _, rung := range r.Rungs {
				w.titles[r.Name+"."+rung.Name] = rung.Title
			}
			if r.Journey != nil {
				for _, stage := range r.Journey.Stages {
					w.titles[r.Name+"."+stage.Name] = stage.Title
				}
			}
		}
	}
	return w
}

// Condition says when a condition over one row of the entity is true; "" where
// there is none.
func (w *Writer) Condition(entity string, x *compile.Expr) string {
	if w == nil || x == nil || x.Written == nil {
		return ""
	}
	return w.Part(entity, x, x.Written.NativeRep().Expr())
}

// Part is Condition for a part of an expression: one clause of a rule.
func (w *Writer) Part(entity string, x *compile.Expr, part ast.Expr) string {
	if w == nil || x == nil || x.Written == nil || part == nil {
		return ""
	}
	return w.sentence(entity, x.Written.NativeRep(), part)
}

// Value names what an expression over one row of the entity gives.
func (w *Writer) Value(entity string, x *compile.Expr) string {
	if w == nil || x == nil || x.Written == nil {
		return ""
	}
	tree := x.Written.NativeRep()
	return w.start(entity, tree).value(tree.Expr()).text
}

// sentence says a part of a checked tree, as a condition where it is one.
func (w *Writer) sentence(entity string, tree *ast.AST, part ast.Expr) string {
	s := w.start(entity, tree)
	if !isBool(tree.GetType(part.ID())) {
		return s.value(part).text
	}
	text, _ := s.condition(part, false)
	return text
}

func (w *Writer) start(entity string, tree *ast.AST) *sentence {
	s := &sentence{Writer: w, tree: tree, said: map[int64]noun{}, lost: new(bool)}
	return s.under(subject{variable: entity, entity: entity})
}

// sentence is one expression on its way to words.
type sentence struct {
	*Writer
	tree     *ast.AST
	subjects []subject       // whose values are named; the last is the one that the words are about
	bound    map[string]noun // by variable of cel.bind
	depth    int             // of traits that are written out
	said     map[int64]noun  // values that have words already: they are asked for again and again
	lost     *bool           // something inside a loop has no words: the loop stands as code
}

// subject is a row, or an element of a list, that a variable stands for.
type subject struct {
	variable string
	entity   string // "" for elements that are no rows
}

func (s *sentence) under(x subject) *sentence {
	inner := *s
	inner.said = map[int64]noun{}
	inner.subjects = append(append([]subject(nil), s.subjects...), x)
	return &inner
}

// longestBound is how long the words of a bound value may be.
const longestBound = 200

// bind gives a variable the words of a value.
func (s *sentence) bind(variable string, n noun) *sentence {
	if len(n.text) > longestBound {
		*s.lost = true // said again wherever it is named, it would grow without end
		n = noun{text: "…"}
	}
	inner := *s
	inner.said = map[int64]noun{}
	inner.bound = map[string]noun{variable: n}
	for name, old := range s.bound {
		if name != variable {
			inner.bound[name] = old
		}
	}
	return &inner
}

// of is the sentence inside another expression about the same subject: a trait
// that is written out.
func (s *sentence) of(tree *ast.AST, entity string) *sentence {
	inner := s.start(entity, tree)
	inner.depth, inner.lost = s.depth+1, s.lost
	return inner
}

func (s *sentence) subject() subject { return s.subjects[len(s.subjects)-1] }

// owner names a row that a variable stands for: "" for the one that the words
// are about, "the customer" for one around it. Two rows of one kind cannot be
// told apart in words.
func (s *sentence) owner(variable string) (name string, ok bool) {
	at := -1
	for i, x := range s.subjects {
		if x.variable == variable {
			at = i
		}
	}
	if at < 0 {
		return "", false
	}
	if at == len(s.subjects)-1 {
		return "", true
	}
	for i, x := range s.subjects {
		if i != at && x.entity == s.subjects[at].entity {
			*s.lost = true
		}
	}
	if s.subjects[at].entity == "" {
		*s.lost = true
	}
	return "the " + spaced(s.subjects[at].entity), true
}

// about puts the row that a phrase is about in front of it, where it is not
// the one that the words are about: "the customer has ...".
func (s *sentence) about(phrase string) string {
	if len(s.subjects) == 1 {
		return phrase
	}
	name, _ := s.owner(s.subjects[0].variable)
	return name + " " + phrase
}

// code is an expression as it is written.
func (s *sentence) code(e ast.Expr) string {
	text, err := parser.Unparse(e, s.tree.SourceInfo())
	if err != nil {
		text = "…"
	}
	return backticked(text)
}

// giveUp marks that there are no words; the expression stands as code.
func (s *sentence) giveUp(e ast.Expr) string {
	*s.lost = true
	return s.code(e)
}

// recovered says whether something inside could not be said, once no variable
// of a loop is in the way of quoting it.
func (s *sentence) recovered() bool {
	if !*s.lost || len(s.subjects) > 1 || len(s.bound) > 0 {
		return false
	}
	*s.lost = false
	return true
}

// literal gives a value that is written out, or a parameter's.
func (s *sentence) literal(e ast.Expr) (any, bool) {
	if r := s.tree.ReferenceMap()[e.ID()]; r != nil && r.Value != nil {
		return r.Value.Value(), true
	}
	if e.Kind() != ast.LiteralKind {
		return nil, false
	}
	if e.AsLiteral() == types.NullValue {
		return nil, true
	}
	return e.AsLiteral().Value(), true
}

func (s *sentence) typeOf(e ast.Expr) *types.Type { return s.tree.GetType(e.ID()) }

func isBool(t *types.Type) bool {
	return t.Kind() == types.BoolKind
}

// mayBeEmpty says whether a value may be null.
func mayBeEmpty(t *types.Type) bool {
	return t.Kind() != types.TimestampKind && t.Kind() != types.DurationKind && t.IsAssignableType(types.NullType)
}

// isOptional says whether a value is one of CEL's optionals.
func isOptional(t *types.Type) bool {
	return t.Kind() == types.OpaqueKind && t.TypeName() == "optional_type" && len(t.Parameters()) == 1
}

// table gives the table whose rows have that type, or nil.
func (s *sentence) table(t *types.Type) *catalog.Table {
	if t.Kind() != types.StructKind {
		return nil
	}
	return s.rules.Catalog.Entity(t.TypeName())
}
