package compile

import (
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
)

// plainTypes says CEL's type names in words.
var plainTypes = map[string]string{
	"int": "a whole number", "uint": "a whole number (uint)", "double": "a number with decimals", "string": "text",
	"bool": "true or false", "bytes": "raw bytes", "timestamp": "a point in time", "google.protobuf.Timestamp": "a point in time",
	"duration": "a length of time", "google.protobuf.Duration": "a length of time", "null": "null", "null_type": "null",
	"dyn": "of no certain type", "any": "of no certain type", "!error!": "unknown", "type": "a type",
}

// plainType says a type, as cel-go prints it, in words.
func plainType(t string) string {
	t = strings.TrimSpace(t)
	if w, ok := plainTypes[t]; ok {
		return w
	}
	if inner, ok := within(t, "wrapper"); ok {
		return plainType(inner)
	}
	if inner, ok := within(t, "list"); ok {
		if inner == "dyn" || len(inner) < 2 {
			return "a list"
		}
		return "a list (each is " + plainType(inner) + ")"
	}
	if inner, ok := within(t, "optional_type"); ok {
		return "optional (" + plainType(inner) + ", or nothing)"
	}
	if len(t) == 1 { // a type parameter
		return "anything"
	}
	if strings.HasPrefix(t, "map(") {
		return "a map"
	}
	if strings.HasPrefix(t, "top value (") {
		return "a value with its count and share"
	}
	return "a whole " + t
}

// isListType says whether the checker's name of a type is that of a list.
func isListType(t string) bool { return strings.HasPrefix(bare(t), "list(") }

// plainCEL is plainType for a checked type.
func plainCEL(t *types.Type) string { return plainType(typeName(t)) }

// typeName prints a type as the checker's messages do.
func typeName(t *types.Type) string { return cel.FormatCELType(t) }

// within takes off name( and ).
func within(t, name string) (string, bool) {
	inner, ok := strings.CutPrefix(t, name+"(")
	if !ok || !strings.HasSuffix(inner, ")") {
		return "", false
	}
	return strings.TrimSuffix(inner, ")"), true
}

// bare takes the wrapper and the package off a type's name: what matters for a fix.
func bare(t string) string {
	t = strings.TrimPrefix(strings.TrimSpace(t), "google.protobuf.")
	if inner, ok := within(t, "wrapper"); ok {
		t = inner
	}
	return strings.ToLower(t)
}

// signature splits the checker's "(int, double)" or "string.(int)" into types,
// the target first.
func signature(s string) []string {
	var out []string
	if target, rest, ok := strings.Cut(s, ".("); ok && !strings.HasPrefix(s, "(") {
		out = append(out, target)
		s = "(" + rest
	}
	s = strings.TrimSuffix(strings.TrimPrefix(s, "("), ")")
	depth, from := 0, 0
	for i, c := range s {
		switch c {
		case '(':
			depth++
		case ')':
			depth--
		case ',':
			if depth == 0 {
				out = append(out, strings.TrimSpace(s[from:i]))
				from = i + 1
			}
		}
	}
	if last := strings.TrimSpace(s[from:]); last != "" {
		out = append(out, last)
	}
	return out
}
