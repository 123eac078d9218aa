package catalog

// Role is what a table is to the rules.
type Role string

// The roles of DESIGN section 2.
const (
	Root     Role = "root"     // an entity that rules are about: has a key and no owner
	Relation Role = "relation" // many rows to an owner
	Lookup   Role = "lookup"   // a keyed table that others reference
	Evidence Role = "evidence" // neither key nor owner
)

// Catalog is every table that rules may name. Nothing changes it once built.
type Catalog struct {
	Tables []*Table // sorted by name
}

// Table is one dataset as rules see it.
type Table struct {
	Name    string
	Entity  string // the variable of its rules; "" for tables without one
	Role    Role
	Key     string    // column name, or ""
	Of      string    // owning entity, of a Relation
	By      string    // column that holds the owner's key
	Time    string    // column that says when a row happened
	Columns []*Column // in the order of the source, declared ones in place
	Hidden  []HiddenColumn
}

// Column is one column as rules see it.
type Column struct {
	Name        string // as in rules: customer.<Name>
	From        string // as in the source
	Type        Type   // CEL type; Nullable unless Required or NOT NULL in the source
	SQLType     string // type in the snapshot: BOOLEAN BIGINT DOUBLE VARCHAR BLOB DATE TIMESTAMPTZ ...
	SourceType  string // type as the source gives it, for drift
	Title       string
	Description string
	Unit        string
	Basis       string
	PII         bool
	Sensitive   bool
	Publish     bool
	References  string // dataset, or ""
}

// HiddenColumn is a column that rules cannot see, and why.
type HiddenColumn struct{ Name, SourceType, Reason string }

// Table returns the table with that name, or nil.
func (c *Catalog) Table(name string) *Table {
	for _, t := range c.Tables {
		if t.Name == name {
			return t
		}
	}
	return nil
}

// Entity returns the table whose rows are called so, or nil.
func (c *Catalog) Entity(entity string) *Table {
	for _, t := range c.Tables {
		if t.Entity == entity && entity != "" {
			return t
		}
	}
	return nil
}

// Column returns the column with that name, or nil.
func (t *Table) Column(name string) *Column {
	for _, c := range t.Columns {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// Order lists the columns by which the rows of a relation are in order: time
// and key, or all columns where it has no key.
func (t *Table) Order() []string {
	var order []string
	for _, name := range []string{t.Time, t.Key} {
		if name != "" {
			order = append(order, name)
		}
	}
	if t.Key == "" {
		for _, c := range t.Columns {
			order = append(order, c.Name)
		}
	}
	return order
}
