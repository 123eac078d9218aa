package catalog

import (
	"fmt"
	"strings"
)

// ParseType reads what Type.String writes: "int?", "list<string?>?",
// "map<string, int?>", "struct<a int?, b c list<double?>?>".
func ParseType(text string) (Type, error) {
	p := &typeParser{rest: text, all: text}
	t, ok := p.parse()
	if !ok || p.rest != "" {
		return Type{}, fmt.Errorf("%q is no type", text)
	}
	return t, nil
}

type typeParser struct{ rest, all string }

func (p *typeParser) eat(token string) bool {
	rest, ok := strings.CutPrefix(p.rest, token)
	if ok {
		p.rest = rest
	}
	return ok
}

func (p *typeParser) parse() (Type, bool) {
	var t Type
	ok := true
	switch {
	case p.eat("list<"):
		elem, good := p.parse()
		t, ok = Type{Kind: List, Elem: &elem}, good && p.eat(">")
	case p.eat("map<"):
		key, good := p.parse()
		comma := p.eat(", ")
		elem, fine := p.parse()
		t, ok = Type{Kind: Map, Key: &key, Elem: &elem}, good && comma && fine && p.eat(">")
	case p.eat("struct<"):
		t, ok = p.fields()
	default:
		t, ok = p.name()
	}
	t.Nullable = p.eat("?")
	return t, ok
}

func (p *typeParser) name() (Type, bool) {
	n := 0
	for n < len(p.rest) && p.rest[n] >= 'a' && p.rest[n] <= 'z' {
		n++
	}
	word := p.rest[:n]
	for kind, name := range kindNames {
		if name == word && kind != Invalid {
			p.rest = p.rest[n:]
			return Type{Kind: kind}, true
		}
	}
	return Type{}, false
}

// fields reads the fields of a struct. A name may hold blanks; it ends where
// the rest reads as a type that a comma or the end follows.
func (p *typeParser) fields() (Type, bool) {
	t := Type{Kind: Struct}
	if p.eat(">") {
		return t, true
	}
	for {
		f, ok := p.field()
		if !ok {
			return t, false
		}
		t.Fields = append(t.Fields, f)
		if p.eat(">") {
			return t, true
		}
		if !p.eat(", ") {
			return t, false
		}
	}
}

func (p *typeParser) field() (Field, bool) {
	for i := 0; i < len(p.rest); i++ {
		if p.rest[i] != ' ' {
			continue
		}
		try := &typeParser{rest: p.rest[i+1:]}
		if typ, ok := try.parse(); ok && (strings.HasPrefix(try.rest, ", ") || strings.HasPrefix(try.rest, ">")) {
			name := p.rest[:i]
			p.rest = try.rest
			return Field{Name: name, Type: typ}, true
		}
	}
	return Field{}, false
}
