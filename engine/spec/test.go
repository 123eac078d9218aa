package spec

import (
	"gopkg.in/yaml.v3"

	"personae/engine/source"
)

// Test is a small fixture and what the rules must say about it. Which names a
// fixture can have depends on the tables and the rules, so compile reads them.
type Test struct {
	Document
	For    Text            `yaml:"for" doc:"The entity. Default: the one that is given by its name, else the project's root."`
	Now    Text            `yaml:"now" doc:"The instant that is calculated for, as in 2026-01-01T00:00:00Z. Needed where a rule or a row depends on the clock."`
	Given  []Entry[*Given] `yaml:"given" required:"true" doc:"The rows: one by the name of its entity, or several by the name of their dataset."`
	Expect []Entry[*Given] `yaml:"expect" required:"true" doc:"What the rules must say, by name: segment.x, customer.x; for several customers by their keys."`
}

// Given is a value of a test as it is written: text, a list, or keys with
// values. What type a text has, its column says, never YAML.
type Given struct {
	Range source.Range
	Text  Text
	Word  bool // Text is written without quotes, so that null and unknown are words
	Items []*Given
	Keys  []Entry[*Given]
	Form  Form
}

// Form is how a value of a test is written.
type Form uint8

// The forms of a value.
const (
	Scalar Form = iota
	Listed
	Keyed
)

// IsNull says whether a value is YAML's null: nothing, ~, or null.
func (g *Given) IsNull() bool {
	if g.Form != Scalar || !g.Word || g.IsBroken() {
		return false
	}
	switch g.Text.Value() {
	case "", "~", "null", "Null", "NULL":
		return true
	}
	return false
}

// IsBroken says whether a value could not be read, which has been reported.
func (g *Given) IsBroken() bool { return g.Form == Scalar && g.Text.IsZero() }

// IsWord says whether a value is that word, without quotes.
func (g *Given) IsWord(word string) bool { return g.Form == Scalar && g.Word && g.Text.Value() == word }

// given decodes a value of a test.
func (d *decoder) given(n *yaml.Node) *Given {
	g := &Given{Range: source.NodeRange(d.file, n)}
	switch n.Kind {
	case yaml.ScalarNode:
		g.Text, g.Word = source.Scalar(d.file, n), n.Style&^yaml.TaggedStyle == 0
		g.Range = g.Text.Range()
	case yaml.SequenceNode:
		g.Form = Listed
		for _, c := range n.Content {
			if !d.bad[c] {
				g.Items = append(g.Items, d.given(c))
			}
		}
	case yaml.MappingNode:
		g.Form = Keyed
		for i := 0; i+1 < len(n.Content); i += 2 {
			if k, v := n.Content[i], n.Content[i+1]; !d.bad[k] && !d.bad[v] {
				g.Keys = append(g.Keys, Entry[*Given]{Key: source.Scalar(d.file, k), Value: d.given(v)})
			}
		}
	}
	return g
}
