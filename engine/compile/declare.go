package compile

import (
	"fmt"

	"personae/engine/catalog"
	"personae/engine/source"
	"personae/engine/spec"
)

// declare makes a node of every rule, so that names are known before any
// expression is read.
func (c *compiler) declare() {
	for _, doc := range c.module.Traits {
		s := c.about(doc.For, doc.Range)
		for _, e := range doc.Traits {
			if s != nil && e.Value != nil {
				c.declareTrait(s, e.Key, e.Value)
			}
		}
	}
	for _, doc := range c.module.Segments {
		if s := c.about(doc.For, doc.Range); s != nil {
			c.declareSegment(s, doc)
		}
	}
	for _, doc := range c.module.Segmentations {
		if s := c.about(doc.For, doc.Range); s != nil {
			c.declareSegmentation(s, doc)
		}
	}
	for _, doc := range c.module.Scores {
		if s := c.about(doc.For, doc.Range); s != nil {
			c.declareScore(s, doc)
		}
	}
	for _, doc := range c.module.Journeys {
		if s := c.about(doc.For, doc.Range); s != nil {
			c.declareJourney(s, doc)
		}
	}
	// They may be about an entity that no rule is about.
	for _, doc := range c.module.Personas {
		c.about(doc.For, doc.Range)
	}
	for _, doc := range c.module.Exports {
		c.about(doc.For, doc.Range)
	}
}

// add registers a node; a second one of its name is dropped.
func (c *compiler) add(n *node, names map[string]*node) bool {
	if names[n.rule.Name] != nil {
		return false // spec has reported it
	}
	n.sequence = len(c.nodes)
	names[n.rule.Name] = n
	c.nodes = append(c.nodes, n)
	return true
}

func (c *compiler) declareTrait(s *scope, name source.Text, t *spec.Trait) {
	n := newNode(TraitRule, name, s, t.Labels, t.Range)
	n.rule.Unit = t.Unit.Value()
	if !c.add(n, s.traits) {
		return
	}
	if !t.Rank.IsZero() {
		c.declareRank(n, t)
		return
	}
	n.drafts = []*draft{newDraft(t.Value.Text, s, aList, "The value of "+n.label())}
}

func (c *compiler) declareSegment(s *scope, doc *spec.Segment) {
	n := newNode(SegmentRule, doc.Name, s, doc.Labels, doc.Range)
	n.purpose, n.rule.Type, n.rule.Expect = doc.Purpose, catalog.Type{Kind: catalog.Bool}, doc.Expect
	if !c.add(n, s.segments) {
		return
	}
	n.drafts = []*draft{newDraft(doc.When.Text, s, aCondition, "The condition of segment "+doc.Name.Value())}
	if !doc.Leave.IsZero() {
		n.drafts = append(n.drafts, newDraft(doc.Leave.Text, s, aCondition, "What ends a membership of segment "+doc.Name.Value()))
	}
}

// leavesAsItEnters reports a `leave` that is the condition itself: it is true of
// those alone whom `when` keeps in, so nobody would ever leave.
func (c *compiler) leavesAsItEnters(n *node) {
	if when, leave := n.drafts[0], n.drafts[1]; when.code.spoken() == leave.code.spoken() {
		c.diags.Report("bad-value", leave.code.text.Range(), "`leave` says the same as `when`, so nobody would ever leave %s", n.label()).
			Detail = "Write what ends a membership: something that is no longer true, as in x < 4 beside x >= 6. Without `leave`, people leave as soon as `when` is false."
	}
}

func (c *compiler) declareSegmentation(s *scope, doc *spec.Segmentation) {
	n := newNode(SegmentationRule, doc.Name, s, doc.Labels, doc.Range)
	n.purpose, n.rule.Type, n.rule.Otherwise = doc.Purpose, catalog.Type{Kind: catalog.String}, doc.Otherwise.Value()
	if !c.add(n, s.segmentations) {
		return
	}
	for _, g := range doc.Segments {
		name := g.Name.Value()
		n.rule.Rungs = append(n.rule.Rungs, Rung{Name: name, Title: g.Title.Value(), Range: g.Range})
		n.drafts = append(n.drafts, newDraft(g.When.Text, s, aCondition, fmt.Sprintf("The condition of %s in %s", name, doc.Name.Value())))
	}
}

// about gives the scope of the entity that a document is about; nil where it
// cannot be told, which is reported.
func (c *compiler) about(entity source.Text, doc source.Range) *scope {
	name, at := entity.Value(), entity.Range()
	if name == "" {
		name, at = c.settings.Root, doc
		if name == "" {
			c.noRoot(doc)
			return nil
		}
	}
	return c.scopeOf(name, at)
}

// noRoot says once a document that nothing tells whom it is about.
func (c *compiler) noRoot(doc source.Range) {
	roots := rootEntities(c.catalog)
	at := source.Range{File: doc.File, Start: doc.Start, End: doc.Start}
	if len(roots) == 0 {
		if !c.rootless {
			c.rootless = true
			c.diags.Report("missing-key", at, "There is no table that rules could be about").
				Detail = "Write a dataset with `entity` and `key`, and without `of`: one row for each customer."
		}
		return
	}
	c.diags.Report("missing-key", at, "It is not said whom this is about").Detail =
		"Write `for:` with one of these, or `root:` in the project. " + choices("There are", roots)
}

// scopeOf gives the scope of an entity, making it on first use.
func (c *compiler) scopeOf(entity string, at source.Range) *scope {
	if s, ok := c.scopes[entity]; ok {
		return s
	}
	table := c.catalog.Entity(entity)
	if table == nil || table.Role != catalog.Root {
		c.scopes[entity] = nil
		c.noEntity(entity, table, at)
		return nil
	}
	s := newScope(table, c.catalog.Tables, c.settings, c.params)
	s.broken = c.broken
	c.scopes[entity] = s
	c.entities = append(c.entities, s)
	return s
}

// broken says whether a document of that kind, or of a kind that is not known,
// could not be read and may define the name. An empty name fits any.
func (c *compiler) broken(kind, name string) bool {
	for _, b := range c.module.Broken {
		if (b.Kind == kind || b.Kind == "") && (b.Name == name || b.Name == "" || name == "") {
			return true
		}
	}
	return false
}

// noColumns says once for a dataset that nothing tells its columns.
func (c *compiler) noColumns(d *spec.Dataset, what string) {
	if c.unknownTables[d.Name.Value()] {
		return
	}
	c.unknownTables[d.Name.Value()] = true
	c.diags.Report("data-missing", d.Name.Range(), "The columns of %s are not known, so %s could not be checked", d.Name.Value(), what).
		Detail = "Neither the data nor schemas/catalog.lock.yaml tells them. Bring the data, or the lock file."
}

func (c *compiler) noEntity(entity string, table *catalog.Table, at source.Range) {
	roots := rootEntities(c.catalog)
	if table != nil {
		c.diags.Report("bad-value", at, "Rules cannot be about %s: its rows belong to others", entity).Detail = choices("They can be about", roots)
		return
	}
	if c.broken("Dataset", "") {
		return
	}
	for _, d := range c.module.Datasets {
		if d.Entity.Value() == entity && entity != "" {
			c.noColumns(d, "rules about "+entity)
			return
		}
	}
	if entity == c.settings.Root && entity == c.module.Project.Root.Value() {
		return // reported with the settings
	}
	unknown(&c.diags, at, "entity", entity, roots, "")
}
