package generate

// Dirt is one kind of fault planted in the data.
type Dirt struct {
	Table  string
	Column string // empty where the whole row is meant
	Kind   string // in words, unique within table and column
	Rows   int64
	Pence  int64 // what the rows are worth together, where they are orders
}

// amounts are the numbers that the SQL reads as variables.
type amounts struct {
	customers, duplicates, keyless               int64
	orphans, noCustomer, noTime, future, refunds int64
	anonymousReviews, wordRatings, surveyOrphans int64
	leads                                        int64
}

func amountsFor(customers int64) amounts {
	n := customers
	return amounts{
		customers: n, duplicates: every(n, 1000, 500), keyless: max(1, n/4000),
		orphans: max(1, n/400), noCustomer: max(1, n/2000), noTime: max(1, n/2000), future: max(1, n/1000), refunds: max(1, n/100),
		anonymousReviews: max(1, n/200), wordRatings: max(1, n/2000), surveyOrphans: max(1, n/2000),
		leads: n / 20,
	}
}

// variables names the amounts as the SQL does.
func (a amounts) variables() []variable {
	return []variable{
		{"customers", a.customers}, {"duplicates", a.duplicates},
		{"orphans", a.orphans}, {"no_customer", a.noCustomer}, {"no_time", a.noTime}, {"future", a.future},
		{"dirty_orders", a.orphans + a.noCustomer + a.noTime + a.future + a.refunds},
		{"anonymous_reviews", a.anonymousReviews}, {"dirty_reviews", a.anonymousReviews + a.wordRatings},
		{"survey_orphans", a.surveyOrphans}, {"leads", a.leads},
	}
}

// dirt lists what is planted; the ids are those of the SQL files, which it repeats as numbers.
func (a amounts) dirt() []Dirt {
	n, l := a.customers, a.leads
	ordinary := func(d int64) int64 { return 2500 + 100*(d%10) }
	refund := func(d int64) int64 { return -(1000 + 100*(d%50)) }
	at := int64(1) // dirty orders are numbered from 1, one kind after the other
	orders := func(kind, column string, rows int64, pence func(int64) int64) Dirt {
		d := Dirt{Table: "orders", Column: column, Kind: kind, Rows: rows}
		for end := at + rows; at < end; at++ {
			d.Pence += pence(at)
		}
		return d
	}
	return []Dirt{
		{Table: "customers", Column: "income", Kind: "empty", Rows: every(n, 125, 7) + every(n, 125, 57) + every(n, 125, 99)},
		{Table: "customers", Column: "income", Kind: "666666", Rows: every(n, 4000, 2003)},
		{Table: "customers", Column: "born_on", Kind: "born in 1893", Rows: every(n, 2000, 501)},
		{Table: "customers", Kind: "exact duplicate", Rows: a.duplicates},
		{Table: "customers", Column: "customer_id", Kind: "no key", Rows: a.keyless},
		{Table: "customers", Column: "city", Kind: "trailing spaces", Rows: every(n, 200, 9)},
		{Table: "customers", Column: "city", Kind: "capitals", Rows: every(n, 250, 12)},
		{Table: "customers", Column: "city", Kind: "small letters", Rows: every(n, 500, 13)},
		{Table: "customers", Column: "phone", Kind: "only spaces", Rows: every(n, 400, 16)},
		{Table: "customers", Column: "occupation", Kind: "only spaces", Rows: every(n, 500, 17)},
		{Table: "customers", Column: "education", Kind: "empty string", Rows: every(n, 500, 18)},
		orders("customer does not exist", "customer_id", a.orphans, ordinary),
		orders("no customer", "customer_id", a.noCustomer, ordinary),
		orders("no time", "ordered_at", a.noTime, ordinary),
		orders("in the future", "ordered_at", a.future, ordinary),
		orders("refund as a negative total", "total", a.refunds, refund),
		{Table: "reviews", Column: "customer_id", Kind: "no customer", Rows: a.anonymousReviews},
		{Table: "reviews", Column: "rating", Kind: "five", Rows: a.wordRatings},
		{Table: "survey", Column: "Risk aversion (5 = avoids risk)", Kind: "n/a", Rows: every(n, 500, 472)},
		{Table: "survey", Column: "Monthly budget", Kind: "n/a", Rows: every(n, 500, 22)},
		{Table: "survey", Column: "Monthly budget", Kind: "1,234.5", Rows: every(n, 1000, 37)},
		{Table: "survey", Column: "Monthly budget", Kind: "abc", Rows: every(n, 1000, 42)},
		{Table: "survey", Column: "Monthly budget", Kind: "only spaces", Rows: every(n, 1000, 47)},
		{Table: "survey", Column: "Customer", Kind: "customer does not exist", Rows: a.surveyOrphans},
		{Table: "leads", Column: "budget", Kind: "empty", Rows: every(l, 25, 3)},
		{Table: "leads", Column: "budget", Kind: "n/a", Rows: every(l, 100, 11)},
		{Table: "leads", Column: "budget", Kind: "1,234.5", Rows: every(l, 200, 42)},
		{Table: "leads", Column: "budget", Kind: "abc", Rows: every(l, 200, 77)},
		{Table: "stores", Column: "floor_area", Kind: "n/a", Rows: 1},
	}
}

// every counts the ids from 1 to n that leave the remainder r (at least 1) when divided by m.
func every(n, m, r int64) int64 {
	if n < r {
		return 0
	}
	return (n-r)/m + 1
}
