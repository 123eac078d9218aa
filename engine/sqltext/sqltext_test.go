package sqltext

import "testing"

func TestIdent(t *testing.T) {
	for in, want := range map[string]string{
		"age":              `"age"`,
		"":                 `""`,
		`a"b`:              `"a""b"`,
		`"; DROP TABLE x;`: `"""; DROP TABLE x;"`,
		`it's -- not /* `:  `"it's -- not /* "`,
		"a\x00b":           "\"a\uFFFDb\"",
		"bad\xffbyte":      "\"bad\uFFFDbyte\"",
		"größe 中":          `"größe 中"`,
		"two\nlines":       "\"two\nlines\"",
		`back\slash`:       `"back\slash"`,
		`""`:               `""""""`,
	} {
		if got := Ident(in); got != want {
			t.Errorf("Ident(%q) = %s, want %s", in, got, want)
		}
	}
}

func TestPath(t *testing.T) {
	if got, want := Path("snapshot", `a".b`), `"snapshot"."a"".b"`; got != want {
		t.Errorf("Path = %s, want %s", got, want)
	}
}

func TestLiteral(t *testing.T) {
	for in, want := range map[string]string{
		"":                   `''`,
		"x":                  `'x'`,
		"O'Brien":            `'O''Brien'`,
		`'; DROP TABLE x;--`: `'''; DROP TABLE x;--'`,
		`a\'b`:               `'a\''b'`,
		"a\x00b":             `('a' || chr(0) || 'b')`,
		"\x00":               `('' || chr(0) || '')`,
		"bad\xff":            "'bad\uFFFD'",
		"größe 中\n":          "'größe 中\n'",
		`"`:                  `'"'`,
	} {
		if got := Literal(in); got != want {
			t.Errorf("Literal(%q) = %s, want %s", in, got, want)
		}
	}
	if got, want := Literals([]string{"a", "b'c"}), `'a', 'b''c'`; got != want {
		t.Errorf("Literals = %s, want %s", got, want)
	}
}

func TestInt(t *testing.T) {
	for in, want := range map[int64]string{0: "0", 7: "7", -7: "CAST('-7' AS BIGINT)", -1 << 63: "CAST('-9223372036854775808' AS BIGINT)"} {
		if got := Int(in); got != want {
			t.Errorf("Int(%d) = %s, want %s", in, got, want)
		}
	}
}
