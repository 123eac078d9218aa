package duckdb

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"sort"
	"strings"
	"time"

	"personae/engine/catalog"
	"personae/engine/results"
	"personae/engine/sqltext"
)

// fewValues is the greatest number of values of a string column that facts list.
const fewValues = 200

// columnScan is where the measures of one column are scanned into.
type columnScan struct {
	c           *column
	nulls       int64
	low, high   any
	sum         string
	approximate sql.NullInt64
	hundredths  sql.NullBool
}

// measure computes the facts and fingerprints of a snapshot table in one scan,
// and lists the values of columns that have few in another.
func (l *loader) measure(ctx context.Context, d *dataset) {
	name := d.spec.Name.Value()
	columns, h := l.used(d), l.health[name]
	facts := &catalog.TableFacts{Columns: map[string]*catalog.ColumnFacts{}}
	l.facts.Tables[name] = facts
	hashes, all := rowHashes(columns)
	outputs := []string{"count(*)", hashSum(all)}
	scans := make([]*columnScan, len(columns))
	var rowSum string
	pointers := []any{&facts.Rows, &rowSum}
	for i, c := range columns {
		s := &columnScan{c: c}
		scans[i] = s
		outputs = append(outputs, columnMeasures(c, hashName(i))...)
		pointers = append(pointers, &s.nulls, &s.low, &s.high, &s.sum, &s.approximate, &s.hundredths)
	}
	if err := l.conn.QueryRowContext(ctx, "SELECT "+strings.Join(outputs, ", ")+
		" FROM (SELECT *"+hashes+" FROM (SELECT *, "+identity(d)+" AS \"personae:id\" FROM "+snapshotTable(name)+"))").Scan(pointers...); err != nil {
		report(l.list, err, name, d.rel.at)
		return
	}
	h.Rows = facts.Rows
	digest := sha256.New()
	fmt.Fprintf(digest, "%d %s\n", facts.Rows, rowSum)
	sort.Slice(scans, func(i, j int) bool { return scans[i].c.cat.Name < scans[j].c.cat.Name })
	for _, s := range scans {
		f := &catalog.ColumnFacts{Nulls: s.nulls, Min: bound(s.c, s.low), Max: bound(s.c, s.high), Complete: l.complete[s.c], Hundredths: s.hundredths.Bool}
		f.Fingerprint = fingerprint(s.c, facts.Rows, s.sum)
		facts.Columns[s.c.cat.Name] = f
		fmt.Fprintf(digest, "%s %s\n", s.c.cat.Name, f.Fingerprint)
		if s.c.cat.Name == d.spec.Time.Value() {
			if t, ok := f.Max.(time.Time); ok {
				h.NewestEvent = &t
				facts.Past = !t.After(l.asOf)
			}
		}
	}
	h.Fingerprint = hex.EncodeToString(digest.Sum(nil))[:32]
	l.values(ctx, d, scans, facts)
	l.perOwner(ctx, d, facts)
	for i, f := range d.rel.files {
		h.Files = append(h.Files, results.FileHealth{Path: f.name, Size: f.size})
		if len(d.rel.files) == 1 {
			h.Files[i].Rows = h.Read
		}
	}
}

// columnMeasures are: nulls, min, max, sum of hashes, number of values, and
// whether all are hundredths. The
// hash takes the row's identity with the value, so that values that change
// places change the fingerprint; the sum does not depend on the order of rows.
// (Not bit_xor: two equal rows would vanish from it.)
func columnMeasures(c *column, hash string) []string {
	x := sqltext.Ident(c.cat.Name)
	low, high, values, hundredths := "NULL", "NULL", "NULL", "NULL"
	switch c.cat.Type.Kind {
	case catalog.Int, catalog.Double, catalog.Timestamp:
		low, high = "min("+x+")", "max("+x+")"
	case catalog.String:
		low, high, values = "min("+x+")", "max("+x+")", "approx_count_distinct("+x+")"
	}
	if c.cat.Type.Kind == catalog.Double {
		hundredths = "bool_and(round(" + x + " * 1e2) / 1e2 = " + x + ")"
	}
	return []string{"count(*) - count(" + x + ")", low, high, hashSum(hash), values, hundredths}
}

// hashSum adds 63 bits of each hash: the sum of the driver's widest integers
// cannot overflow below 2^64 rows.
func hashSum(hash string) string {
	return "coalesce(CAST(sum(CAST((" + hash + " >> 1) AS BIGINT)) AS VARCHAR), '')"
}

// identity is the hash of what tells rows apart best: the key, else the owner's.
func identity(d *dataset) string {
	for _, t := range []string{d.spec.Key.Value(), d.spec.By.Value()} {
		if t != "" {
			return "hash(" + sqltext.Ident(t) + ")"
		}
	}
	return "0::UBIGINT"
}

func hashName(i int) string { return fmt.Sprintf("\"personae:hash%d\"", i) }

// rowHashes are the hash of each column, to be selected, and of the whole row,
// made from those.
func rowHashes(columns []*column) (each, all string) {
	order := make([]int, len(columns))
	for i, c := range columns {
		order[i] = i
		each += ", hash(\"personae:id\", " + sqltext.Ident(c.cat.Name) + ") AS " + hashName(i)
	}
	// The order of columns in a file makes no difference.
	sort.Slice(order, func(a, b int) bool { return columns[order[a]].cat.Name < columns[order[b]].cat.Name })
	names := []string{"\"personae:id\""}
	for _, i := range order {
		names = append(names, hashName(i))
	}
	return each, "hash(" + strings.Join(names, ", ") + ")"
}

func fingerprint(c *column, rows int64, sum string) string {
	h := sha256.Sum256([]byte(fmt.Sprintf("%s %d %s", c.cat.SQLType, rows, sum)))
	return hex.EncodeToString(h[:16])
}

// bound is a least or greatest value in the form that facts promise.
func bound(c *column, v any) any {
	switch x := v.(type) {
	case int64, float64, string:
		return x
	case time.Time:
		return x.UTC()
	}
	return nil
}

// perOwner counts how many rows of a relation the owner with the most has. It
// takes a tenth of the time of wide groups, which need the number to be narrow.
func (l *loader) perOwner(ctx context.Context, d *dataset, facts *catalog.TableFacts) {
	by := d.column(d.spec.By.Value())
	if d.spec.Of.IsZero() || by == nil {
		return
	}
	query := "SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM " + snapshotTable(d.spec.Name.Value()) + " GROUP BY " + sqltext.Ident(by.cat.Name) + ")"
	if err := l.conn.QueryRowContext(ctx, query).Scan(&facts.PerOwner); err != nil {
		report(l.list, err, d.spec.Name.Value(), d.rel.at)
	}
}

// values lists the values of string columns that have few.
func (l *loader) values(ctx context.Context, d *dataset, scans []*columnScan, facts *catalog.TableFacts) {
	for _, s := range scans {
		if !s.approximate.Valid || s.approximate.Int64 > fewValues {
			continue
		}
		x := sqltext.Ident(s.c.cat.Name)
		rows, err := l.conn.QueryContext(ctx, "SELECT DISTINCT "+x+" FROM "+snapshotTable(d.spec.Name.Value())+" WHERE "+x+" IS NOT NULL ORDER BY 1")
		if err != nil {
			report(l.list, err, d.spec.Name.Value(), d.rel.at)
			return
		}
		list := []string{}
		for rows.Next() {
			var v string
			if err = rows.Scan(&v); err != nil {
				break
			}
			list = append(list, v)
		}
		if err == nil {
			err = rows.Err()
		}
		rows.Close()
		if err != nil {
			report(l.list, err, d.spec.Name.Value(), d.rel.at)
			return
		}
		if len(list) <= fewValues {
			facts.Columns[s.c.cat.Name].Distinct = list
		}
	}
}
