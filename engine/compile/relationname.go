package compile

import (
	"personae/engine/catalog"
	"personae/engine/source"
)

// relationNames reports relations that share their name with a column of their
// owner: columns, traits and relations are one namespace, and customer.orders
// can be one thing only. Traits are compared with both in collisions.
func (c *compiler) relationNames() {
	for _, s := range c.entities {
		for _, t := range c.catalog.Tables {
			if t.Role != catalog.Relation || t.Of != s.entity {
				continue
			}
			at := c.datasetRange(t.Name)
			if column := s.table.Column(t.Name); column != nil {
				d := c.diags.Report("collision", at, "The rows of dataset %s would be %s.%s, which is a column", t.Name, s.entity, t.Name)
				d.Detail = "Rename the dataset, or the column (with `from:`, or in the SQL that makes it)."
			}
		}
	}
}

// datasetRange gives where a dataset is named.
func (c *compiler) datasetRange(name string) source.Range {
	for _, d := range c.module.Datasets {
		if d.Name.Value() == name {
			return d.Name.Range()
		}
	}
	return source.Range{}
}
