package prose

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// leaves are conditions whose words hold traps: names with and, quotes with
// parentheses, loops, lists.
var leaves = []string{
	"customer.is_staff", "customer.converted", "customer.visits > 3", "customer.city == 'a or (b and c'", "customer.dos == 'x'",
	"customer.orders.exists(o, o.gift && (o.total > 5.0 || o.channel == 'not (phone)'))", "customer.city in ['a', 'b']", "segment.win_back",
	"customer.city != 'x'", "atLeast(2, customer.is_staff, customer.visits > 3, customer.converted || customer.newsletter)",
	"customer.city == '“quoted” and “so on”'", "customer.spend + customer.spend_365d > 5.0", "customer.age.between(18, 30)",
	"customer.orders.exists(o, customer.orders.exists(p, p.total > o.total))",
}

// formula is a condition, as CEL and as its structure.
type formula struct{ cel, shape string }

func formulas(depth int) *rapid.Generator[formula] {
	return rapid.Custom(func(t *rapid.T) formula {
		kind := 0
		if depth > 0 {
			kind = rapid.IntRange(0, 4).Draw(t, "kind")
		}
		part := func() formula { return formulas(depth-1).Draw(t, "part") }
		switch kind {
		case 1, 2:
			op := map[int]string{1: " && ", 2: " || "}[kind]
			n := rapid.IntRange(2, 3).Draw(t, "parts")
			var cels, shapes []string
			for range n {
				p := part()
				cels = append(cels, "("+p.cel+")")
				// a && (b && c) is one row of three
				if inner, ok := strings.CutPrefix(p.shape, op+"["); ok {
					p.shape = strings.TrimSuffix(inner, "]")
				}
				shapes = append(shapes, p.shape)
			}
			return formula{strings.Join(cels, op), op + "[" + strings.Join(shapes, "; ") + "]"}
		case 3:
			p := part()
			if inner, ok := strings.CutPrefix(p.shape, "!"); ok {
				return formula{"!(" + p.cel + ")", inner}
			}
			return formula{"!(" + p.cel + ")", "!" + p.shape}
		case 4:
			a, b, c := part(), part(), part()
			return formula{"(" + a.cel + ") ? (" + b.cel + ") : (" + c.cel + ")", "?[" + a.shape + "; " + b.shape + "; " + c.shape + "]"}
		}
		i := rapid.IntRange(0, len(leaves)-1).Draw(t, "leaf")
		return formula{leaves[i], fmt.Sprint("p", i)}
	})
}

// TestLogicReadsBack reads sentences back, knowing only which words are logic,
// and finds the structure that the rule has.
func TestLogicReadsBack(t *testing.T) {
	w, env := fixture(t)
	meaning := map[string]string{}
	for i, l := range leaves {
		yes, no := say(t, w, env, l), say(t, w, env, "!("+l+")")
		if meaning[yes] != "" || meaning[no] != "" || yes == no {
			t.Fatalf("%s is said as another condition: %s, %s", l, yes, no)
		}
		meaning[yes], meaning[no] = fmt.Sprint("p", i), fmt.Sprint("!p", i)
	}
	nested := 0
	rapid.Check(t, func(rt *rapid.T) {
		f := formulas(3).Draw(rt, "formula")
		text := say(t, w, env, f.cel)
		got, err := readBack(text, meaning)
		if err != nil || got != f.shape {
			rt.Fatalf("%s\nis said as %s\nand reads as %s (%v), not %s", f.cel, text, got, err, f.shape)
		}
		if strings.Count(got, "[") > 2 {
			nested++
		}
	})
	if nested == 0 {
		t.Error("no formula was nested: the test proves nothing")
	}
	for _, wrong := range []string{"is staff and has more than 3 visits or is staff", "is staff and", "(is staff", "nonsense"} {
		if got, err := readBack(wrong, meaning); err == nil {
			t.Errorf("%q reads as %s", wrong, got)
		}
	}
}

// readBack gives the structure of a sentence.
func readBack(text string, meaning map[string]string) (string, error) {
	ands, ors := cut(text, " and "), cut(text, " or ")
	switch {
	case len(ands) > 1 && len(ors) > 1:
		return "", fmt.Errorf("and beside or: %q", text)
	case len(ands) > 1:
		return readAll(" && [", ands, meaning)
	case len(ors) > 1:
		return readAll(" || [", ors, meaning)
	}
	if shape, ok := meaning[text]; ok {
		return shape, nil
	}
	if inner, ok := strings.CutPrefix(text, "not "); ok {
		shape, err := readBack(inner, meaning)
		return "!" + shape, err
	}
	inner, ok := strings.CutPrefix(text, "(")
	if !ok || !strings.HasSuffix(inner, ")") {
		return "", fmt.Errorf("no condition: %q", text)
	}
	inner = strings.TrimSuffix(inner, ")")
	if choice, ok := strings.CutPrefix(inner, "if "); ok {
		return readChoice(choice, meaning)
	}
	return readBack(inner, meaning)
}

func readChoice(text string, meaning map[string]string) (string, error) {
	c, rest, ok := cutOnce(text, " then ")
	if !ok {
		return "", fmt.Errorf("if without then: %q", text)
	}
	if a, more, ok := cutOnce(rest, ", else if "); ok {
		shape, err := readChoice(more, meaning)
		if err != nil {
			return "", err
		}
		both, err := readAll("", []string{c, a}, meaning)
		return "?[" + strings.TrimSuffix(both, "]") + "; " + shape + "]", err
	}
	a, b, ok := cutOnce(rest, ", otherwise ")
	if !ok {
		return "", fmt.Errorf("if without otherwise: %q", text)
	}
	return readAll("?[", []string{c, a, b}, meaning)
}

func readAll(open string, parts []string, meaning map[string]string) (string, error) {
	shapes := make([]string, len(parts))
	for i, p := range parts {
		var err error
		if shapes[i], err = readBack(p, meaning); err != nil {
			return "", err
		}
	}
	return open + strings.Join(shapes, "; ") + "]", nil
}

// cutOnce cuts at the first separator outside of parentheses and quotes.
func cutOnce(text, separator string) (before, after string, ok bool) {
	parts := cut(text, separator)
	if len(parts) == 1 {
		return text, "", false
	}
	return parts[0], strings.Join(parts[1:], separator), true
}

// cut splits at separators outside of parentheses and quotes.
func cut(text, separator string) []string {
	var parts []string
	depth, start := 0, 0
	var ends string
	for i := 0; i < len(text); i++ {
		rest := text[i:]
		switch {
		case ends != "":
			if ends == `"` && strings.HasPrefix(rest, `\`) {
				i++
			} else if strings.HasPrefix(rest, ends) {
				i += len(ends) - 1
				ends = ""
			}
		case strings.HasPrefix(rest, "“"):
			ends = "”"
		case strings.HasPrefix(rest, `"`):
			ends = `"`
		case strings.HasPrefix(rest, "`"):
			ends = "`"
		case rest[0] == '(':
			depth++
		case rest[0] == ')':
			depth--
		case depth == 0 && strings.HasPrefix(rest, separator):
			parts = append(parts, text[start:i])
			start = i + len(separator)
			i = start - 1
		}
	}
	return append(parts, text[start:])
}
