package catalog

import "strings"

// celReserved are the words that CEL does not read as names.
var celReserved = map[string]bool{
	"as": true, "break": true, "const": true, "continue": true, "else": true, "false": true, "for": true,
	"function": true, "if": true, "import": true, "in": true, "let": true, "loop": true, "namespace": true,
	"null": true, "package": true, "return": true, "true": true, "var": true, "void": true, "while": true,
}

// IsIdentifier says whether a rule can write customer.<name> as it is.
func IsIdentifier(name string) bool {
	if name == "" || celReserved[name] {
		return false
	}
	for i := 0; i < len(name); i++ {
		c := name[i]
		letter := c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// IsQuotable says whether a rule can write customer.`name`: CEL allows ASCII
// letters, digits, and _ . - / and blanks between backticks.
func IsQuotable(name string) bool {
	if name == "" {
		return false
	}
	for i := 0; i < len(name); i++ {
		c := name[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("_.-/ ", c) >= 0 {
			continue
		}
		return false
	}
	return true
}

// Selector writes the name of a column as rules do, with backticks where it
// needs them.
func Selector(name string) string {
	if IsIdentifier(name) {
		return name
	}
	return "`" + name + "`"
}
