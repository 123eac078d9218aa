package report

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"personae/engine/compile"
)

// sentence makes a name readable: lapsing_big_spenders → Lapsing big spenders.
func sentence(name string) string {
	text := strings.ReplaceAll(name, "_", " ")
	r, n := utf8.DecodeRuneInString(text)
	if n == 0 {
		return ""
	}
	return string(unicode.ToUpper(r)) + text[n:]
}

func displayName(p *compile.Persona) string {
	if id := p.Spec.Identity; id != nil && id.Name.Value() != "" {
		return id.Name.Value()
	}
	return sentence(p.Name)
}
