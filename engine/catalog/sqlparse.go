package catalog

import "strings"

// ParseSQLType takes apart a type as DuckDB's DESCRIBE writes it:
// DECIMAL(18,3), STRUCT("a b" INTEGER, c DATE[]), MAP(VARCHAR, BIGINT),
// ENUM('a', 'b”c'), INTEGER[3]. A text that cannot be taken apart is a type
// with that name, which FromSQL then refuses.
func ParseSQLType(text string) SQLType {
	text = strings.TrimSpace(text)
	if strings.HasSuffix(text, "]") {
		if open := strings.LastIndexByte(text, '['); open > 0 {
			elem := ParseSQLType(text[:open])
			return SQLType{Name: "LIST", Text: text, Elem: &elem}
		}
	}
	open := indexUnquoted(text, '(')
	if open < 0 || !strings.HasSuffix(text, ")") {
		return SQLType{Name: alias(strings.ToUpper(text)), Text: text}
	}
	t := SQLType{Name: strings.ToUpper(text[:open]), Text: text}
	parts := splitUnquoted(text[open+1 : len(text)-1])
	switch {
	case t.Name == "STRUCT":
		for _, p := range parts {
			name, rest := cutName(p)
			t.Fields = append(t.Fields, SQLField{Name: name, Type: ParseSQLType(rest)})
		}
	case t.Name == "MAP" && len(parts) == 2:
		key, elem := ParseSQLType(parts[0]), ParseSQLType(parts[1])
		t.Key, t.Elem = &key, &elem
	}
	return t
}

// alias maps other spellings to the one that the tables use.
func alias(name string) string {
	switch name {
	case "TIMESTAMPTZ":
		return "TIMESTAMP WITH TIME ZONE"
	case "TIMETZ":
		return "TIME WITH TIME ZONE"
	}
	return name
}

// indexUnquoted finds c outside of quotes, -1 if it is not there.
func indexUnquoted(s string, c byte) int {
	var quote byte
	for i := 0; i < len(s); i++ {
		switch {
		case quote != 0:
			if s[i] == quote {
				quote = 0
			}
		case s[i] == '"' || s[i] == '\'':
			quote = s[i]
		case s[i] == c:
			return i
		}
	}
	return -1
}

// splitUnquoted splits at commas outside of quotes and brackets.
func splitUnquoted(s string) []string {
	var parts []string
	var quote byte
	depth, start := 0, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '(' || c == '[':
			depth++
		case c == ')' || c == ']':
			depth--
		case c == ',' && depth == 0:
			parts = append(parts, strings.TrimSpace(s[start:i]))
			start = i + 1
		}
	}
	return append(parts, strings.TrimSpace(s[start:]))
}

// cutName takes the name of a field, quoted or not, off its type.
func cutName(s string) (name, rest string) {
	if !strings.HasPrefix(s, `"`) {
		name, rest, _ = strings.Cut(s, " ")
		return name, rest
	}
	for i := 1; i < len(s); i++ {
		if s[i] != '"' {
			continue
		}
		if i+1 < len(s) && s[i+1] == '"' {
			i++
			continue
		}
		return strings.ReplaceAll(s[1:i], `""`, `"`), s[i+1:]
	}
	return s, ""
}
