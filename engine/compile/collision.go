package compile

import (
	"fmt"
	"regexp"
	"sort"
	"strings"

	"personae/engine/celenv"
	"personae/engine/source"
)

// internalColumn are names of columns that evaluation itself adds to results.
var internalColumn = regexp.MustCompile(`^(operand_[0-9]+|null_[0-9]+)$`)

// output is a name that an entity has: a column of the table of results, REPORTS.md
// D, or what rules know by it.
type output struct {
	name string // as the database compares it: without case
	what string
	at   source.Range
	from origin
}

// origin says where a name comes from.
type origin int

const (
	fromRule origin = iota
	fromTrait
	fromColumn  // of the data
	fromRelated // rows of the data
)

// collisions reports outputs of one entity that would be the same column. The
// database does not tell upper from lower case, so neither does this.
func (c *compiler) collisions() {
	for _, s := range c.entities {
		var fixed, outputs []output
		for name, f := range s.fields {
			what, from := "the column", fromColumn
			if f.Kind == celenv.RelationField {
				what, from = "the related rows", fromRelated
			}
			fixed = append(fixed, output{strings.ToLower(name), fmt.Sprintf("%s %s.%s", what, s.entity, name), c.columnRange(s, f.Column), from})
		}
		sort.Slice(fixed, func(i, j int) bool { return fixed[i].what < fixed[j].what })
		fixed = append(fixed,
			output{name: "as_of", what: "the column as_of, which every table of results has"},
			output{name: "value", what: "the column value, which says what a row is worth"})
		for _, n := range c.nodes {
			if n.scope != s {
				continue
			}
			names, from := n.rule.Columns(), fromRule
			if n.rule.Kind.IsAttribute() {
				from = fromTrait
			}
			if n.rule.IsList() { // it shares the rules' namespace all the same
				names = []string{n.rule.Name}
			}
			for _, name := range names {
				outputs = append(outputs, output{strings.ToLower(name), n.label(), n.name.Range(), from})
			}
		}
		for _, p := range c.module.Personas {
			if p.For.Value() == s.entity || p.For.Value() == "" && s.entity == c.settings.Root {
				outputs = append(outputs, output{"persona_" + p.Name.Value(), "Persona " + p.Name.Value(), p.Name.Range(), fromRule})
			}
		}
		c.clash(s, fixed, outputs)
	}
}

func (c *compiler) clash(s *scope, fixed, outputs []output) {
	first := map[string]output{}
	for _, o := range fixed {
		if _, taken := first[o.name]; !taken {
			first[o.name] = o
		}
	}
	key := strings.ToLower(s.table.Key)
	for _, o := range outputs {
		before, taken := first[o.name]
		ofData := before.from == fromColumn || before.from == fromRelated
		if taken && ofData && o.from != fromTrait && o.name != key {
			taken = false // the results hold no columns but the key; calculated values share the rules' namespace with all
		}
		if !taken && internalColumn.MatchString(o.name) {
			before, taken = output{what: "a column that evaluation needs"}, true
		}
		if !taken {
			first[o.name] = o
			continue
		}
		same := "would be the same column as"
		if before.from == fromRelated {
			same = "has the name of"
		}
		d := c.diags.Report("collision", o.at, "%s %s %s", o.what, same, before.what)
		d.Detail = "Rename one of the two."
		if !before.at.IsZero() {
			d.Relate(before.at, before.what)
		}
	}
}

// columnRange gives where a dataset declares a column; zero where it does not.
func (c *compiler) columnRange(s *scope, column string) source.Range {
	for _, d := range c.module.Datasets {
		if d.Name.Value() != s.table.Name {
			continue
		}
		for _, e := range d.Columns {
			if e.Key.Value() == column {
				return e.Key.Range()
			}
		}
	}
	return source.Range{}
}
