package plan

import (
	"regexp/syntax"
	"sort"
	"strconv"
	"strings"
	"time"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"

	"personae/engine/catalog"
	"personae/engine/celenv"
)

func constNanos(d time.Duration) string { return strconv.FormatInt(int64(d), 10) }

// timePart reads the calendar or the clock at a time, in UTC or in the
// constant zone that is the second operand.
func (l *lowerer) timePart(name string, a []*Expr) *Expr {
	zone := "UTC"
	if len(a) == 2 {
		z, ok := a[1].Const.(string)
		if !ok {
			return l.b.Hole("a zone that varies from row to row", catalog.Type{Kind: catalog.Int})
		}
		if !knownZone(z) {
			return l.b.Bottom("no zone is called "+strconv.Quote(z), catalog.Type{Kind: catalog.Int})
		}
		zone = z
	}
	return l.b.Strict(OpTimePart, name+"@"+zone, a[0])
}

// knownZone says whether cel-go takes the name: a zone of the tz database, or
// an offset such as -02:30. Others than these two forms are refused, too.
func knownZone(z string) bool {
	if hours, minutes, ok := strings.Cut(z, ":"); ok {
		h, err1 := strconv.Atoi(hours)
		m, err2 := strconv.Atoi(minutes)
		return err1 == nil && err2 == nil && -23 <= h && h <= 23 && 0 <= m && m <= 59
	}
	_, err := time.LoadLocation(z)
	return err == nil && z != "Local"
}

// Limits under which DuckDB's RE2 always takes a pattern that Go takes.
const (
	maxPatternSteps  = 2000
	maxPatternRanges = 20000
)

// Pattern rewrites a pattern so that every RE2 reads it alike: classes become
// explicit ranges, by the Unicode tables of this program. It reports false for
// patterns that are wrong or too large for SQL.
func Pattern(pattern string) (string, bool) {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil || strings.ContainsRune(pattern, 0) {
		return "", false
	}
	prog, err := syntax.Compile(re.Simplify())
	if err != nil {
		return "", false
	}
	ranges := 0
	for _, in := range prog.Inst {
		ranges += len(in.Rune)
	}
	if len(prog.Inst) > maxPatternSteps || ranges > maxPatternRanges {
		return "", false
	}
	return re.String(), true
}

func (l *lowerer) matches(_ string, a []*Expr) *Expr {
	text, ok := a[1].Const.(string)
	if !ok {
		return l.b.Hole("a pattern that varies from row to row", boolean)
	}
	pattern, ok := Pattern(text)
	if !ok {
		return l.b.Hole("a pattern that SQL cannot take", boolean)
	}
	return l.b.Strict(OpMatches, pattern, a[0])
}

// mentions is a search for whole words; without words it is FALSE.
func (l *lowerer) mentions(_ string, a []*Expr) *Expr {
	if l.words == nil {
		return l.b.Hole("words that vary from row to row", boolean)
	}
	pattern, any := celenv.MentionsPattern(l.words)
	if !any {
		return l.b.Strict(OpLt, "", a[0], a[0])
	}
	pattern, ok := Pattern(pattern)
	if !ok {
		return l.b.Hole("words that SQL cannot look for", boolean)
	}
	return l.b.Strict(OpMatches, pattern, a[0])
}

func (l *lowerer) sample(_ string, a []*Expr) *Expr {
	salt, ok := a[1].Const.(string)
	if !ok {
		return l.b.Hole("a salt that varies from row to row", boolean)
	}
	return l.b.Strict(OpSample, salt+":", a[0], a[2])
}

// replace is replace everywhere; what is replaced is mostly a constant.
func (l *lowerer) replace(_ string, a []*Expr) *Expr {
	if old, ok := a[1].Const.(string); ok && old != "" {
		return l.b.Strict(OpReplace, "", a...)
	}
	return l.b.Strict(OpReplaceFirst, "", a[0], a[1], a[2], l.b.Const(int64(-1)))
}

// constWords are the words of a list of text literals, nil if it is another.
func constWords(e ast.Expr) []string {
	if e.Kind() != ast.ListKind {
		return nil
	}
	words := []string{}
	for _, w := range e.AsList().Elements() {
		if w.Kind() != ast.LiteralKind {
			return nil
		}
		s, ok := w.AsLiteral().(types.String)
		if !ok {
			return nil
		}
		words = append(words, string(s))
	}
	sort.Strings(words)
	return words
}
