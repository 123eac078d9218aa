package scaffold

import (
	"fmt"
	"strings"

	"personae/engine/catalog"
	"personae/engine/diag"
	"personae/engine/english"
	"personae/engine/source"
	"personae/engine/spec"
	"personae/engine/sqltext"
)

// rules drafts the documents under rules/.
func (m *maker) rules() error {
	r := m.place.main
	if r == nil {
		return nil
	}
	if err := m.loadRoot(r); err != nil || m.list.HasErrors() {
		return err
	}
	taken := map[string]bool{}
	var groups []group
	var who group
	var err error
	if r.orders != nil {
		lifecycle := r.lifecycle(fresh("lifecycle", "", columnsOf(r)))
		m.result.Files["rules/lifecycle.yaml"] = []byte(lifecycle.yaml)
		m.guess("rules", "a lifecycle by recency, frequency and money", High, r.orders.name+" has times and amounts")
		taken[lifecycle.name] = true
		who = lifecycle.best
		groups, err = m.spenders(r, taken)
	} else if outcome := r.outcome(); outcome != nil {
		m.guess("rules", "the outcome is "+outcome.name, Medium, "a yes or no column with such a name")
		who, groups, err = m.around(r, outcome, taken)
	} else {
		who, groups, err = m.anyGroups(r, taken)
	}
	if err != nil {
		return err
	}
	if len(groups) > 0 {
		head := ""
		if r.orders == nil && r.outcome() != nil {
			head = comment("", "A column that is filled in after the outcome, such as a tag or a grade, explains nothing: delete its segment.")
		}
		m.result.Files["rules/segments.yaml"] = []byte(head + segmentsYAML(groups))
	}
	if who.cel == "" {
		return nil
	}
	return m.persona(r, who)
}

// loadRoot reads the rows that rules are about as the drafted datasets give them.
func (m *maker) loadRoot(r *root) error {
	if _, _, list := m.drafted(declared); list.HasErrors() {
		m.translate(list)
		return nil
	}
	_, err := m.db.ExecContext(m.ctx, "CREATE OR REPLACE TABLE "+rootTable+" AS SELECT * FROM "+sqltext.Path("views", r.dataset))
	if err != nil {
		return fmt.Errorf("the drafted dataset %s cannot be read: %w", r.dataset, err)
	}
	return nil
}

// drafted introspects what is drafted so far, with the files where they are.
// columns, where it is given, replaces the columns of the files.
func (m *maker) drafted(columns func(*table) string) (*spec.Module, *catalog.Catalog, diag.List) {
	before := len(m.result.Guesses)
	var files []*source.File
	for _, path := range sortedFiles(m.result.Files) {
		text := m.result.Files[path]
		for _, t := range m.tables {
			if path == "datasets/"+t.name+".yaml" {
				text = []byte(m.datasetYAML(t, t.path, columns))
			}
		}
		files = append(files, source.NewFile(path, text))
	}
	m.result.Guesses = m.result.Guesses[:before] // said already
	module, list := spec.Parse(files)
	if list.HasErrors() {
		return module, nil, list
	}
	cat, more := m.prof.Introspect(m.ctx, module)
	return module, cat, append(list, more...)
}

func sortedFiles(files map[string][]byte) []string {
	set := map[string]bool{}
	for path := range files {
		set[path] = true
	}
	return sortedNames(set)
}

func columnsOf(r *root) map[string]bool {
	taken := map[string]bool{}
	if r.base != nil {
		for _, c := range r.base.columns {
			taken[c.name] = true
		}
	}
	return taken
}

// lifecycle is a segmentation and its best group.
type lifecycle struct {
	name, yaml string
	best       group
}

// lifecycle drafts the segmentation by recency, frequency and money.
func (r *root) lifecycle(name string) lifecycle {
	e := r.entity + "."
	rungs := []struct{ name, title, why, when string }{
		{"not_bought", "Not bought yet", "Without an order there is no score.", "!has(" + e + r.recency + ") || !has(" + e + r.monetary + ")"},
		{"champions", "Champions", "Lately, often, and for much.", e + r.recency + " >= 4 && " + e + r.frequency + " >= 4 && " + e + r.monetary + " >= 4"},
		{"newcomers", "Newcomers", "One order, not long ago.", e + r.orderCount + " <= 1 && " + e + r.recency + " >= 4"},
		{"loyal", "Loyal", "Often, and not long ago.", e + r.frequency + " >= 4 && " + e + r.recency + " >= 3"},
		{"at_risk", "At risk", "They bought often or for much, and have not come back.", e + r.recency + " <= 2 && (" + e + r.frequency + " >= 4 || " + e + r.monetary + " >= 4)"},
		{"hibernating", "Hibernating", "Not for a long time, and never much.", e + r.recency + " <= 2"},
	}
	var b strings.Builder
	b.WriteString(comment("", "Groups that exclude each other: the first that fits counts. Scores are 1 to 5, 5 is the best fifth (see datasets/"+r.dataset+".yaml).\n"+
		"A start, not a truth: move the limits until the groups are those that you would treat differently."))
	b.WriteString("kind: Segmentation\nname: " + name + "\ntitle: Lifecycle\nbasis: lifecycle\nsegments:\n")
	out := lifecycle{name: name}
	for _, g := range rungs {
		b.WriteString(comment("  ", g.why))
		b.WriteString("  - name: " + g.name + "\n    title: " + g.title + "\n" + block("    ", "when", g.when))
		if g.name == "champions" {
			out.best = group{name: g.name, title: g.title, cel: "segmentation." + name + " == 'champions'",
				sql:  fmt.Sprintf("coalesce(%s >= 4 AND %s >= 4 AND %s >= 4, false)", r.recency, r.frequency, r.monetary),
				uses: []string{r.recency, r.frequency, r.monetary}, why: g.why}
		}
	}
	b.WriteString("otherwise: occasional\n")
	out.yaml = b.String()
	return out
}

// spenders drafts segments where there are orders.
func (m *maker) spenders(r *root, taken map[string]bool) ([]group, error) {
	spent := &column{name: r.spent, typ: catalog.Type{Kind: catalog.Double}}
	var out []group
	top, err := m.top(r, spent, "top_spenders", "Top spenders", taken)
	if err != nil {
		return nil, err
	}
	out = append(out, top...)
	lapsing, err := m.lapsing(r, top, taken)
	if err != nil {
		return nil, err
	}
	out = append(out, lapsing...)
	regular := &column{name: r.orderCount, typ: catalog.Type{Kind: catalog.Int}}
	often, err := m.top(r, regular, "frequent_buyers", "Frequent buyers", taken)
	if err != nil {
		return nil, err
	}
	plain, err := m.plainGroups(r, taken, 2)
	return m.sized(append(append(out, often...), plain...), err)
}

// lapsing drafts the top spenders who have not come back: for longer than
// three quarters of all, or where hardly any are left, than half.
func (m *maker) lapsing(r *root, top []group, taken map[string]bool) ([]group, error) {
	if len(top) == 0 {
		return nil, nil
	}
	for _, p := range []struct {
		part float64
		word string
	}{{0.75, "three quarters"}, {0.5, "half"}} {
		q, err := m.quantile(&column{name: r.recencyDays}, p.part)
		if err != nil {
			return nil, err
		}
		days := int64(round2(q))
		condition := fmt.Sprintf("(%s) AND coalesce(%s >= %d, false)", top[0].sql, r.recencyDays, days)
		members, share, err := m.size(condition)
		if err != nil {
			return nil, err
		}
		if days > 0 && members > 0 && share >= 0.005 {
			return []group{{name: fresh("lapsing_big_spenders", "", taken), title: "Lapsing big spenders", sql: condition,
				cel: fmt.Sprintf("segment.%s\n  && %s.%s >= %d", top[0].name, r.entity, r.recencyDays, days),
				why: fmt.Sprintf("Top spenders whose last order was %d days ago or longer, which is longer than for %s of all", days, p.word)}}, nil
		}
	}
	return nil, nil
}

// top drafts a segment of the upper tenth of a number, at a round limit.
func (m *maker) top(r *root, c *column, name, title string, taken map[string]bool) ([]group, error) {
	q, err := m.quantile(c, 0.9)
	limit := round2(q)
	if err != nil || limit <= 0 {
		return nil, err
	}
	number := celNumber(c, limit)
	condition := "coalesce(" + c.sql() + " >= " + number + ", false)"
	members, share, err := m.size(condition)
	if err != nil || members == 0 || share > 0.4 {
		return nil, err
	}
	return []group{{name: fresh(name, "", taken), title: title, cel: r.entity + "." + c.name + " >= " + number, sql: condition,
		uses: []string{c.name}, why: fmt.Sprintf("The upper tenth of %s begins at %s, rounded", english.Spoken(c.name), number)}}, nil
}

// plainGroups drafts segments from the yes-or-no columns and categories whose
// groups are neither tiny nor nearly everyone.
func (m *maker) plainGroups(r *root, taken map[string]bool, most int) ([]group, error) {
	var out []group
	for _, c := range r.attributes() {
		if len(out) == most {
			break
		}
		if c.typ.Kind != catalog.Bool && (c.typ.Kind != catalog.String || c.distinct < 2 || c.distinct > 30) || r.outcome() == c {
			continue
		}
		shares, err := m.shares(c, "true")
		if err != nil {
			return nil, err
		}
		for _, s := range shares {
			if s.all < 0.03 || s.all > 0.6 || s.rows < 5 || !sayable(s.value) || c.typ.Kind == catalog.Bool && s.value != "true" {
				continue
			}
			out = append(out, valueGroup(r, c, s.value, taken, "One of the values of "+english.Spoken(c.name)))
			break
		}
	}
	return out, nil
}

// valueGroup is the group of those who have a value in a column.
func valueGroup(r *root, c *column, value string, taken map[string]bool, why string) group {
	name, title := c.name, title(c.name)
	if c.typ.Kind != catalog.Bool {
		name, title = strings.Trim(c.name+"_"+snake(value), "_"), title+": "+value
	}
	return group{name: fresh(name, "group", taken), title: title, cel: celOf(r.entity, c, value), sql: sqlOf(c, value), uses: []string{c.name}, why: why}
}

// anyGroups drafts segments where there are neither orders nor an outcome.
func (m *maker) anyGroups(r *root, taken map[string]bool) (group, []group, error) {
	var out []group
	for _, c := range r.attributes() {
		if c.number() && moneyName.MatchString(c.name) && len(out) < 2 {
			top, err := m.top(r, c, "high_"+c.name, "High "+english.Spoken(c.name), taken)
			if err != nil {
				return group{}, nil, err
			}
			out = append(out, top...)
		}
	}
	plain, err := m.plainGroups(r, taken, 5-len(out))
	out, err = m.sized(append(out, plain...), err)
	if len(out) == 0 || err != nil {
		return group{}, nil, err
	}
	who := out[0]
	who.cel = "segment." + who.name
	return who, out, nil
}

// sized measures how large each group is, and drops the empty ones.
func (m *maker) sized(groups []group, err error) ([]group, error) {
	var out []group
	for _, g := range groups {
		if err != nil {
			return nil, err
		}
		var members int64
		if members, g.share, err = m.size(g.sql); err == nil && members > 0 {
			g.why += fmt.Sprintf(". %s, %.1f %%, when this was drafted.", english.Number(members), g.share*100)
			out = append(out, g)
		}
	}
	return out, err
}

// segmentsYAML writes segments.
func segmentsYAML(groups []group) string {
	var b strings.Builder
	for i, g := range groups {
		if i > 0 {
			b.WriteString("---\n")
		}
		b.WriteString(comment("", clean2(g.why)))
		b.WriteString("kind: Segment\nname: " + g.name + "\ntitle: " + yamlText(g.title) + "\n" + block("", "when", g.cel))
	}
	return b.String()
}

// clean2 is clean for text of our own, which may be long.
func clean2(s string) string { return strings.Join(strings.Fields(s), " ") }
