package prose

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"

	"personae/engine/catalog"
	"personae/engine/compile"
	"personae/engine/english"
)

// spaced makes a name readable: home_store is home store.
func spaced(name string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(name, "_", " ")), " ")
}

// title is what people call a rule or one of its groups.
func (s *sentence) title(name string) string {
	if t := s.titles[name]; t != "" {
		return t
	}
	text := spaced(name[strings.LastIndexByte(name, '.')+1:])
	r, n := utf8.DecodeRuneInString(text)
	if n == 0 {
		return name
	}
	return string(unicode.ToUpper(r)) + text[n:]
}

// period is the end of a name that says a stretch of time: 365d of spend_365d.
var period = regexp.MustCompile(`^(.+) (\d+[hdwmy])$`)

// label is what people call a column or a trait: its title, or its name.
func label(title, name string) string {
	text := strings.TrimSpace(title)
	if text == "" {
		text = spaced(name)
		if strings.TrimRight(text, "hdwmy") != text {
			if m := period.FindStringSubmatch(text); m != nil {
				text = m[1] + " (" + m[2] + ")"
			}
		}
	} else {
		text = lowered(text)
	}
	if text == "" || needsQuotes(text) {
		return quoted(text)
	}
	return text
}

// lowered begins with a small letter, unless the first word is a name of
// capitals.
func lowered(text string) string {
	r, n := utf8.DecodeRuneInString(text)
	next, _ := utf8.DecodeRuneInString(text[n:])
	if unicode.IsUpper(r) && (unicode.IsLower(next) || text[n:] != "" && next == ' ' && r == 'A') {
		return string(unicode.ToLower(r)) + text[n:]
	}
	return text
}

// logical are words that a reader might take for logic, or for the words that
// join a name with others.
var logical = []string{"and", "or", "not", "if", "then", "else", "otherwise", "is", "has", "where", "whether", "no", "over", "than"}

// soundsLogical says whether one of those words is in a text, in any case.
func soundsLogical(text string) bool {
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if slices.ContainsFunc(logical, func(l string) bool { return strings.EqualFold(l, word) }) {
			return true
		}
	}
	return false
}

// needsQuotes says whether a name could be read as more than a name.
func needsQuotes(text string) bool {
	if strings.HasSuffix(text, ")") {
		if open := strings.NewReplacer("(", "", ")", "").Replace(text); period.MatchString(open) {
			text = open
		}
	}
	if soundsLogical(text) {
		return true
	}
	for _, r := range text {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.M, r) && !strings.ContainsRune(" -'’%&/.", r) {
			return true
		}
	}
	return false
}

// quoted puts text in quotes. Text that would end them, or that cannot be seen,
// is written with escapes.
func quoted(text string) string {
	for _, r := range text {
		if r == '“' || r == '”' || r == utf8.RuneError || !unicode.IsPrint(r) || unicode.Is(unicode.Bidi_Control, r) {
			return strconv.QuoteToGraphic(text)
		}
	}
	return "“" + text + "”"
}

func backticked(code string) string {
	code = strings.Join(strings.Fields(code), " ")
	fence := "`"
	for strings.Contains(code, fence) {
		fence += "`"
	}
	return fence + code + fence
}

// field names a column, a trait, a relation or a part of a struct.
func (s *sentence) field(e ast.Expr) noun {
	x := e.AsSelect()
	n := s.fieldOf(x.Operand(), x.FieldName())
	if n.count == nil && n.text != "" {
		n.mayBeEmpty = n.mayBeEmpty || mayBeEmpty(s.typeOf(e)) && !isTime(s.typeOf(e))
	}
	return n
}

func (s *sentence) optionalField(c ast.CallExpr) noun {
	name, _ := s.literal(c.Args()[1])
	text, _ := name.(string)
	return s.fieldOf(c.Args()[0], text)
}

func (s *sentence) fieldOf(operand ast.Expr, name string) noun {
	t := s.typeOf(operand)
	if isOptional(t) {
		t = t.Parameters()[0]
	}
	n := noun{text: label("", name)}
	table := s.table(t)
	if table != nil {
		if rows := s.relation(table, name); rows != nil {
			n.count = rows
			n.text = rows.many
		}
		s.describe(&n, table, name, operand)
	}
	if operand.Kind() == ast.IdentKind && !isOf(s.bound, operand.AsIdent()) {
		owner, known := s.owner(operand.AsIdent())
		if !known {
			return noun{text: s.giveUp(operand)}
		}
		n.owner = owner
		if owner != "" {
			n.text = owner + "'s " + n.text
		}
		return n
	}
	of := s.value(operand).wrapped()
	n.text += " of " + of
	n.verb = ""
	if n.count != nil {
		c := *n.count
		c.tail = " of " + of
		n.count = &c
	}
	return n
}

func isOf(bound map[string]noun, name string) bool { _, ok := bound[name]; return ok }

// relation says what the rows of a dataset are called.
func (s *sentence) relation(owner *catalog.Table, name string) *count {
	for _, t := range s.rules.Catalog.Tables {
		if t.Of == owner.Entity && t.Of != "" && t.Name == name {
			return &count{one: spaced(t.Entity), many: spaced(t.Name), rows: true}
		}
	}
	return nil
}

// describe gives a noun the title and the unit of its column or trait.
func (s *sentence) describe(n *noun, table *catalog.Table, name string, operand ast.Expr) {
	var title, unit string
	kind := types.DynKind
	if rule := s.traits[table.Entity+"."+name]; rule != nil {
		title, unit = rule.Title, rule.Unit
		kind = rule.Type.CEL().Kind()
		n.mayBeEmpty = rule.Type.Nullable
		if c := s.countOf(rule, operand); c != nil {
			n.count = c
			n.text = "the number of " + c.many + c.tail
			n.bound = open
			return
		}
		if c := s.listOf(rule); c != nil {
			n.count, n.text = c, c.many
			return
		}
	} else if c := table.Column(name); c != nil {
		title, unit, n.mayBeEmpty = c.Title, c.Unit, c.Type.Nullable
		kind = c.Type.CEL().Kind()
		if wrapped := c.Type.CEL(); wrapped != nil {
			kind = wrapped.Kind()
		}
	} else if c := table.Column(strings.TrimSuffix(name, "_key")); c != nil && c.References != "" && c.Title != "" {
		title = c.Title + " key"
	} else {
		return
	}
	n.text, n.unit = label(title, name), unit
	first, _, _ := strings.Cut(n.text, " ")
	switch {
	case unit != "" && unit != "share" && strings.EqualFold(first, unit): // "Seconds to order"; a share is no number of things
		n.text, n.unit = "the number of "+n.text, ""
	case kind == types.BoolKind && title == "":
		n.verb, n.verbNot = auxiliary(name)
	case kind == types.TimestampKind && title == "":
		n.instant(name)
	case kind == types.IntKind && unit == "" && title == "" && english.Many(strings.TrimSuffix(n.text, periodOf(n.text))):
		many := strings.TrimSuffix(n.text, periodOf(n.text))
		n.count = &count{one: english.Singular(many), many: many, tail: periodOf(n.text)}
		n.text = "the number of " + n.text
	case kind == types.IntKind && unit == "" && title != "":
		if things, rest, ok := things(n.text); ok {
			n.count = &count{one: english.Singular(things), many: things, tail: rest}
			n.text = "the number of " + n.text
		}
	}
}

// preposition is where the things that a title counts end: Orders | in the last year.
var preposition = regexp.MustCompile(` (in|of|since|with|from|for|by|at|on|after|before|during) `)

// things splits a title that counts something.
func things(text string) (many, rest string, ok bool) {
	at := preposition.FindStringIndex(text)
	if at == nil || !english.Many(text[:at[0]]) || lastWord(text[:at[0]]) == "points" {
		return "", "", false
	}
	return text[:at[0]], text[at[0]:], true
}

// periodOf is the stretch of time behind a label: " (365d)".
func periodOf(text string) string {
	if i := strings.LastIndex(text, " ("); i >= 0 && strings.HasSuffix(text, ")") {
		return text[i:]
	}
	return ""
}

// countOf writes a trait out where it counts rows of the row that the words
// are about; its name says less.
func (s *sentence) countOf(rule *compile.Rule, operand ast.Expr) *count {
	if rule.Kind != compile.TraitRule || rule.Expr == nil || rule.Expr.Written == nil || s.depth > 1 || !s.isSubject(operand) {
		return nil
	}
	tree := rule.Expr.Written.NativeRep()
	root := tree.Expr()
	if root.Kind() != ast.CallKind || root.AsCall().FunctionName() != "size" {
		return nil
	}
	inner := s.of(tree, rule.Entity)
	before := *s.lost
	n := inner.value(root)
	if *s.lost != before || n.count == nil || strings.Contains(n.text, "`") {
		*s.lost = before
		return nil
	}
	return n.count
}

// listOf says what the rows are called of a list that has a name; nil for other
// traits, and where the name does not say what they are.
func (s *sentence) listOf(rule *compile.Rule) *count {
	table := s.rules.Catalog.Entity(rule.ListOf())
	if table == nil {
		return nil
	}
	text := label(rule.Title, rule.Name)
	many, tail, ok := things(text)
	if !ok {
		tail = periodOf(text)
		many = strings.TrimSuffix(text, tail)
	}
	if !english.Many(many) && rule.Title == "" {
		many += " " + spaced(table.Name)
	}
	if !english.Many(many) || needsQuotes(many) || strings.ContainsRune(many, '“') {
		return nil
	}
	return &count{one: english.Singular(many), many: many, tail: tail, rows: true}
}

// writtenOut gives a trait that is a plain comparison, to be said in place of
// its name.
func (s *sentence) writtenOut(e ast.Expr) (*compile.Rule, bool) {
	if e.Kind() != ast.SelectKind || s.depth > 1 || !s.isSubject(e.AsSelect().Operand()) {
		return nil, false
	}
	rule := s.traits[s.subject().entity+"."+e.AsSelect().FieldName()]
	if rule == nil || rule.Kind != compile.TraitRule || rule.Expr == nil || rule.Expr.Written == nil {
		return nil, false
	}
	root := rule.Expr.Written.NativeRep().Expr()
	return rule, root.Kind() == ast.CallKind && turned[root.AsCall().FunctionName()] != ""
}

// isSubject says whether an expression is the row that the words are about.
func (s *sentence) isSubject(e ast.Expr) bool {
	return e.Kind() == ast.IdentKind && e.AsIdent() == s.subject().variable && s.subject().entity != ""
}

// auxiliary makes a name of a yes or no that begins with a verb a condition:
// is_staff is "is staff" or "is not staff".
func auxiliary(name string) (yes, no string) {
	first, rest, _ := strings.Cut(spaced(name), " ")
	if rest == "" || needsQuotes(rest) {
		return "", ""
	}
	switch first {
	case "is", "was", "can", "will", "must":
		return first + " " + rest, first + " not " + rest
	case "has":
		return "has " + rest, "does not have " + rest
	case "owns", "wants", "likes", "uses", "reads", "accepts", "lives", "works", "opted":
		if first == "opted" {
			return "opted " + rest, "has not opted " + rest
		}
		return first + " " + rest, "does not " + strings.TrimSuffix(first, "s") + " " + rest
	}
	return "", ""
}

// instant names a point in time that is called after what happened: joined_at
// is "joined", last_order_at "time of last order".
func (n *noun) instant(name string) {
	stem, what := "", ""
	switch text := spaced(name); {
	case strings.HasSuffix(text, " at"):
		stem, what = strings.TrimSuffix(text, " at"), "time of "
	case strings.HasSuffix(text, " on"):
		stem, what = strings.TrimSuffix(text, " on"), "date of "
	}
	if stem == "" || needsQuotes(stem) {
		return
	}
	if !strings.Contains(stem, " ") && (strings.HasSuffix(stem, "ed") || stem == "born" || stem == "sent" || stem == "paid" || stem == "bought" || stem == "sold" || stem == "made" || stem == "seen" || stem == "left" || stem == "won" || stem == "lost") {
		n.verb = stem
		n.text = strings.TrimSuffix(what, "of ") + stem
		return
	}
	n.text = what + stem
}
