package prose

import (
	"strings"
)

// noun names a value.
type noun struct {
	text string
	unit string
	// bound is how tightly the words hold together: whether others may stand
	// beside them without parentheses.
	bound      binding
	mayBeEmpty bool
	count      *count // where it is a number of things
	owner      string // "the customer", where it is not the one that the words are about
	// verb says it as a condition: "is staff" of a yes or no, "joined" of an instant.
	verb, verbNot string
	each          bool // a named value of each of several: "total over orders"
}

type binding int

const (
	tight binding = iota // a name, a number
	open                 // "the sum of ...": nothing may follow without parentheses
	loose                // "a plus b"
)

// count is a number of things: "orders in the last 60 days".
type count struct {
	one, many string
	tail      string // " in the last 60 days"
	rows      bool   // they are rows or entries, of which there cannot be fewer than none
}

// wrapped is the noun where others stand around it.
func (n noun) wrapped() string {
	if n.bound == loose {
		return "(" + n.text + ")"
	}
	return n.text
}

// side is the noun as one side of a comparison, which nothing else can join.
func (n noun) side() string {
	if strings.Contains(n.text, ", ") {
		return n.wrapped()
	}
	return n.text
}

// closed is the noun where words follow that might be taken for its own.
func (n noun) closed() string {
	if n.bound != tight {
		return "(" + n.text + ")"
	}
	return n.text
}

// owned puts the owner before a phrase.
func (n noun) owned(phrase string) string {
	if n.owner == "" {
		return phrase
	}
	return n.owner + " " + phrase
}

// counted says how many there are: "has no orders in the last 60 days".
func (n noun) counted(how string, v any, s *sentence) string {
	c := n.count
	number, ok := v.(int64)
	if !ok {
		return n.wrapped() + " is " + how + s.literalText(v, "").wrapped()
	}
	things := c.many
	if number == 1 {
		things = c.one
	}
	text := "has " + how + s.whole(number) + " " + things + c.tail
	switch {
	case how == "other than ":
		text = "has a number of " + c.many + c.tail + " other than " + s.whole(number)
		if c.tail != "" {
			text = "has a number other than " + s.whole(number) + " of " + c.many + c.tail
		}
	case number == 0 && (how == "exactly " || how == "at most " && c.rows):
		text = "has no " + c.many + c.tail
	case number == 1 && how == "fewer than " && c.rows:
		text = "has no " + c.many + c.tail
	case number == 0 && how == "more than ":
		text = "has at least " + s.whole(1) + " " + c.one + c.tail
	}
	return n.owned(text)
}

func lastWord(name string) string { return name[strings.LastIndexByte(name, ' ')+1:] }
