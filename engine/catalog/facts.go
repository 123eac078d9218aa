package catalog

// Facts are what one reading of the data proved about its columns. They come
// from the very bytes that a run evaluates. They never change a type: they
// only let cheaper SQL through where it is proven equal.
type Facts struct {
	Tables map[string]*TableFacts // by dataset name
}

// TableFacts are the facts of one table.
type TableFacts struct {
	Rows     int64
	PerOwner int64                   // of relations: how many rows an owner has at most; 0 where nothing is known
	Past     bool                    // no row's time is later than the instant that is calculated for
	Columns  map[string]*ColumnFacts // by column name
}

// ColumnFacts are the facts of one column. Min and Max are int64, float64,
// string or time.Time, and nil where the column has no value or no order.
type ColumnFacts struct {
	Nulls       int64
	Min, Max    any
	HasNaN      bool
	Hundredths  bool     // of doubles: every value is the double nearest to a number of hundredths, as money is
	Complete    bool     // of references: every key that is not null leads to a row
	Distinct    []string // all values, sorted, where a string column has few; nil else
	Fingerprint string   // of the content, independent of row order
}

// Column returns the facts of a column, or nil where nothing is known.
func (f *Facts) Column(table, column string) *ColumnFacts {
	if f == nil || f.Tables[table] == nil {
		return nil
	}
	return f.Tables[table].Columns[column]
}
