package catalog

import (
	"fmt"
	"strings"
)

// declaredKinds are the names that `type:` of a column may have.
var declaredKinds = map[string]Kind{
	"string": String, "int": Int, "double": Double, "bool": Bool,
	"date": Timestamp, "timestamp": Timestamp, "bytes": Bytes,
}

// DeclaredNames lists what `type:` may be, for messages, in the order of the
// documentation.
var DeclaredNames = []string{"string", "int", "double", "bool", "date", "timestamp", "bytes", "list<T>"}

// Declared is a parsed `type:` of a column. A date is a timestamp to rules, at
// midnight in the project's zone, but is read differently: Date says so.
type Declared struct {
	Type Type // not nullable; elements of lists are nullable, since files may hold null ones
	Date bool // of the innermost type
}

// ParseDeclared reads a declared type: "int", "list<string>", "list<list<date>>".
func ParseDeclared(text string) (Declared, error) {
	s := strings.TrimSpace(text)
	if kind, ok := declaredKinds[s]; ok {
		return Declared{Type: Type{Kind: kind}, Date: s == "date"}, nil
	}
	if inner, ok := strings.CutPrefix(s, "list<"); ok {
		if inner, ok = strings.CutSuffix(inner, ">"); ok {
			elem, err := ParseDeclared(inner)
			if err != nil {
				return Declared{}, err
			}
			e := elem.Type
			e.Nullable = true
			return Declared{Type: Type{Kind: List, Elem: &e}, Date: elem.Date}, nil
		}
	}
	return Declared{}, fmt.Errorf("%q is no type of a column; types are %s", text, strings.Join(DeclaredNames, ", "))
}
