package spec

import (
	"regexp"
	"slices"
	"strings"

	"personae/engine/diag"
	"personae/engine/source"
)

// validator holds the rules that need no tables: names, references between documents, and keys that need each other.
type validator struct {
	*diag.List
	m          *Module
	incomplete map[any]bool
}

func validate(m *Module, incomplete map[any]bool, diags *diag.List) {
	v := &validator{List: diags, m: m, incomplete: incomplete}
	v.project()
	v.names()
	for _, d := range m.Datasets {
		v.dataset(d)
	}
	for _, t := range m.Traits {
		for _, e := range t.Traits {
			v.trait(e.Key, e.Value)
		}
	}
	for _, s := range m.Segments {
		v.expect(s.Expect)
	}
	for _, s := range m.Segmentations {
		v.rungs(s)
	}
	for _, s := range m.Scores {
		v.score(s)
	}
	for _, j := range m.Journeys {
		v.journey(j)
	}
	for _, e := range m.Exports {
		v.export(e)
	}
	for _, r := range m.Research {
		v.date("date", r.Date)
		v.atLeast("people", r.People, 1)
	}
	for _, p := range m.Personas {
		v.persona(p)
	}
}

var (
	namePattern   = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	columnPattern = regexp.MustCompile(`^[A-Za-z0-9_./ -]+$`)
)

// celReserved are the words that CEL keeps for itself.
var celReserved = []string{"as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in",
	"let", "loop", "namespace", "null", "package", "return", "true", "var", "void", "while"}

// ruleWords mean something in every rule, so that no entity can have them as its name.
var ruleWords = []string{"evidence", "journey", "now", "params", "score", "segment", "segmentation"}

// name checks the form of a name that people choose.
func (v *validator) name(t Text) {
	s := t.Value()
	if t.IsZero() {
		return
	}
	if !namePattern.MatchString(s) {
		one := v.Report("bad-name", t.Range(), "%q is not a name", s)
		one.Detail = "Names start with a small letter and go on with small letters, digits and underscores. Put the words for people into `title`."
		if fixed := asName(s); fixed != "" {
			one.Fix = &diag.Fix{Range: t.Range(), Replacement: fixed, Title: "write " + fixed}
		}
		return
	}
	if slices.Contains(celReserved, s) {
		v.Report("reserved-name", t.Range(), "%q is a word of CEL and cannot be a name", s).Detail = "Choose another name."
	}
}

// asName turns words into a name, "" where nothing is left.
func asName(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9' && b.Len() > 0:
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
	}
	name := strings.TrimRight(b.String(), "_")
	if slices.Contains(celReserved, name) {
		return ""
	}
	return name
}

// unique reports names that are used twice, each with the first use.
type unique struct {
	v     *validator
	what  string // "dataset", "segment or segmentation"
	first map[string]Text
}

func (v *validator) unique(what string) *unique {
	return &unique{v, what, map[string]Text{}}
}

func (u *unique) add(scope string, t Text) {
	if t.Value() == "" {
		return
	}
	key := scope + "\x00" + t.Value()
	if f, ok := u.first[key]; ok {
		u.v.Report("duplicate-name", t.Range(), "There is already %s named %q", u.what, t.Value()).
			Relate(f.Range(), "First used here").
			Detail = "Rename or delete one of the two."
		return
	}
	u.first[key] = t
}

// names checks the form of every name, and that no two things have the same.
func (v *validator) names() {
	m := v.m
	datasets, entities := v.unique("a dataset"), v.unique("an entity")
	for _, d := range m.Datasets {
		v.name(d.Name)
		v.name(d.Entity)
		if slices.Contains(ruleWords, d.Entity.Value()) {
			v.Report("reserved-name", d.Entity.Range(), "%q means something in every rule and cannot name an entity", d.Entity.Value()).
				Detail = "Choose another word for one row of this dataset."
		}
		datasets.add("", d.Name)
		entities.add("", d.Entity)
	}
	groups := v.unique("a group (segment, segmentation or score)")
	for _, n := range inOrder(namesOf(m.Segments), namesOf(m.Segmentations), namesOf(m.Scores)) {
		v.name(n)
		groups.add("", n)
	}
	for _, list := range []struct {
		what  string
		names []Text
	}{
		{"a persona", namesOf(m.Personas)}, {"a research", namesOf(m.Research)},
		{"a journey", namesOf(m.Journeys)}, {"an export", namesOf(m.Exports)},
	} {
		u := v.unique(list.what)
		for _, n := range list.names {
			v.name(n)
			u.add("", n)
		}
	}
	for _, r := range m.Research {
		for _, f := range r.Findings {
			v.name(f.Key)
		}
	}
	tests := v.unique("a test")
	for _, n := range namesOf(m.Tests) {
		tests.add("", n)
	}
	parameters := v.unique("a parameter")
	for _, p := range m.Parameters {
		v.name(p.Name)
		for _, e := range p.Values {
			v.name(e.Key)
			parameters.add("", e.Key)
		}
	}
	traits := v.unique("a trait")
	for _, t := range m.Traits {
		v.name(t.Name)
		for _, e := range t.Traits {
			v.name(e.Key)
			traits.add(v.entityOf(t.For), e.Key)
		}
	}
}

// entityOf is the entity that a rule is about, as far as it can be known without tables.
func (v *validator) entityOf(written Text) string {
	if written.Value() != "" {
		return written.Value()
	}
	if root := v.m.Project.Root.Value(); root != "" {
		return root
	}
	only := ""
	for _, d := range v.m.Datasets {
		if d.Entity.Value() != "" && d.Key.Value() != "" && d.Of.Value() == "" {
			if only != "" {
				return ""
			}
			only = d.Entity.Value()
		}
	}
	return only
}

// named is any kind of document.
type named interface{ document() *Document }

func (d *Document) document() *Document { return d }

func namesOf[T named](docs []T) []Text {
	var names []Text
	for _, d := range docs {
		names = append(names, d.document().Name)
	}
	return names
}

// inOrder merges names into the order of files and places, so that "first" is what a reader finds first.
func inOrder(lists ...[]Text) []Text {
	all := slices.Concat(lists...)
	slices.SortStableFunc(all, func(a, b Text) int {
		switch {
		case a.Range().Less(b.Range()):
			return -1
		case b.Range().Less(a.Range()):
			return 1
		}
		return 0
	})
	return all
}

// refers checks that a name exists. Documents that could not be read count as existing.
func (v *validator) refers(t Text, what, brokenKind string, known []string) {
	if t.Value() == "" || slices.Contains(known, t.Value()) || v.broken(brokenKind, t.Value()) {
		return
	}
	v.unknown(t, what, known)
}

// unknown reports a name that does not exist.
func (v *validator) unknown(t Text, what string, known []string) {
	one := v.Report("unknown-name", t.Range(), "There is no %s %q", what, t.Value())
	known = slices.Clone(known)
	slices.Sort(known)
	switch {
	case len(known) == 0:
		one.Detail = "The project has none."
	case len(known) <= 12:
		one.Detail = "Known: " + strings.Join(known, ", ") + "."
	default:
		one.Detail = "Known: " + strings.Join(known[:12], ", ") + ", and more."
	}
	suggest(one, t.Value(), known, t.Range())
}

// broken says whether a document of that kind and name, or of a kind or name that is not known, could not be read.
func (v *validator) broken(kind, name string) bool {
	return slices.ContainsFunc(v.m.Broken, func(b Broken) bool {
		return (b.Kind == kind || b.Kind == "") && (b.Name == name || b.Name == "")
	})
}

// written is a key with its value and the value's place, zero where the key is not there.
type written struct {
	key, value string
	at         source.Range
}

// exactlyOne reports where none or several of the alternatives are written.
func (v *validator) exactlyOne(at source.Range, detail string, all []string, present []written) {
	switch len(present) {
	case 1:
	case 0:
		v.Report("missing-key", at, "One of %s is missing", or(all)).Detail = detail
	default:
		v.Report("conflicting-keys", present[1].at, "`%s` and `%s` exclude each other", present[0].key, present[1].key).
			Relate(present[0].at, "The first is here").
			Detail = detail
	}
}

// or writes `a`, `b` or `c`.
func or(keys []string) string {
	quoted := make([]string, len(keys))
	for i, k := range keys {
		quoted[i] = "`" + k + "`"
	}
	if len(quoted) == 1 {
		return quoted[0]
	}
	last := len(quoted) - 1
	return strings.Join(quoted[:last], ", ") + " or " + quoted[last]
}

// needs reports that a key is of no use without another.
func (v *validator) needs(at source.Range, key, other, why string) {
	v.Report("missing-key", at, "`%s` needs `%s`", key, other).Detail = why
}

func (v *validator) atLeast(key string, n Int, least int64) {
	if n.Set && n.V < least {
		v.Report("bad-value", n.Range, "`%s` is %d, and the least is %d", key, n.V, least).Detail = "Write a greater number."
	}
}
