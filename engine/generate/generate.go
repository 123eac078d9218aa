package generate

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"path/filepath"
	"strings"
)

const (
	minCustomers = 1_000
	maxCustomers = 100_000_000
	// chunkSize is how many customers' orders are held at a time: about 0.5 GB in DuckDB.
	chunkSize = 200_000
)

// Options say what to write. The number of customers and the seed decide the rows and their order within a customer;
// Parquet's row groups may be cut elsewhere with more threads.
type Options struct {
	Dir       string // made where it is missing
	Customers int64  // 1,000 to 100,000,000
	Seed      int64
	Threads   int // 0: as the database has it; under 200,000 customers always one, which keeps the bytes the same everywhere
	// Progress, if set, hears from the one goroutine that Run uses: customers done so far and in all, by table.
	Progress func(table string, done, total int64)

	chunk int64 // chunkSize, but for tests
}

// Summary is what was written.
type Summary struct {
	Tables []Table
	Dirt   []Dirt
}

// Table is one table of a Summary.
type Table struct {
	Name  string
	Rows  int64
	Files []string // below Dir, with slashes
	Bytes int64
}

type variable struct {
	name  string
	value int64
}

// Run writes the example's data. It works on one connection of db, which it takes out of the pool afterwards, and
// sets the number of threads back. Files are written in a hidden folder inside Dir and moved when all are complete:
// a killed run leaves what was there before. Errors say what to do.
func Run(ctx context.Context, db *sql.DB, o Options) (Summary, error) {
	if err := o.validate(); err != nil {
		return Summary{}, err
	}
	if o.chunk == 0 {
		o.chunk = chunkSize
	}
	staging, err := newStaging(o.Dir)
	if err != nil {
		return Summary{}, o.explain(err, "")
	}
	defer staging.remove()

	conn, err := db.Conn(ctx)
	if err != nil {
		return Summary{}, fmt.Errorf("cannot open the database that generates the data: %w", err)
	}
	// Macros, variables and temporary tables belong to the connection: they go with it.
	defer conn.Raw(func(any) error { return driver.ErrBadConn })

	r := &run{Options: o, amounts: amountsFor(o.Customers), conn: conn, staging: staging, written: map[string]*Table{}}
	restore, err := r.threads(ctx)
	if err != nil {
		return Summary{}, err
	}
	defer restore()
	if err := r.all(ctx); err != nil {
		return Summary{}, o.explain(err, r.writing)
	}
	if err := staging.publish(); err != nil {
		return Summary{}, o.explain(err, "")
	}
	return r.summary(), nil
}

func (o Options) validate() error {
	switch {
	case strings.TrimSpace(o.Dir) == "":
		return fmt.Errorf("no folder to write to: name one, for example data")
	case o.Customers < minCustomers || o.Customers > maxCustomers:
		return fmt.Errorf("cannot make %d customers: ask for 1,000 to 100,000,000", o.Customers)
	case o.Threads < 0:
		return fmt.Errorf("cannot work with %d threads: ask for 1 or more, or 0 for all processors", o.Threads)
	}
	return nil
}

// run is one Run under way.
type run struct {
	Options
	amounts amounts
	conn    *sql.Conn
	staging *staging
	written map[string]*Table
	writing string // the table at work, for errors
}

// threads sets the number of threads, and returns what sets it back.
func (r *run) threads(ctx context.Context) (func(), error) {
	threads := r.Threads
	if r.Customers < r.chunk {
		threads = 1
	}
	if threads == 0 {
		return func() {}, nil
	}
	var before int64
	if err := r.conn.QueryRowContext(ctx, "SELECT current_setting('threads')").Scan(&before); err != nil {
		return nil, fmt.Errorf("cannot read the number of threads: %w", err)
	}
	if err := r.exec(ctx, fmt.Sprintf("SET threads = %d", threads)); err != nil {
		return nil, fmt.Errorf("cannot work with %d threads: %w", threads, err)
	}
	// The run's context may be over by now; the setting belongs to the database and must not stay.
	return func() {
		_, _ = r.conn.ExecContext(context.WithoutCancel(ctx), fmt.Sprintf("SET threads = %d", before))
	}, nil
}

func (r *run) all(ctx context.Context) error {
	if err := r.prepare(ctx); err != nil {
		return err
	}
	for _, t := range tables {
		if t.how == whole || t.how == fixed {
			if err := r.once(ctx, t); err != nil {
				return err
			}
		}
	}
	chunks := (r.Customers + r.chunk - 1) / r.chunk
	for c := range chunks {
		if err := r.part(ctx, c, chunks); err != nil {
			return err
		}
	}
	return nil
}

// prepare makes macros, constants and variables.
func (r *run) prepare(ctx context.Context) error {
	for _, name := range setup {
		if err := r.exec(ctx, script(name)); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	// Row order is part of the promise; it is DuckDB's default, which the caller may have changed.
	if err := r.exec(ctx, "SET SESSION preserve_insertion_order = true"); err != nil {
		return err
	}
	return r.set(ctx, append(r.amounts.variables(), variable{"seed", r.Seed})...)
}

// once writes a table that is one file for everybody.
func (r *run) once(ctx context.Context, t table) error {
	query, total := script(t.name), r.Customers
	if t.how == whole {
		// A common table expression in the place of the chunk's table: nobody is held.
		query = "WITH people AS (\n" + script("people") + "\n)\nFROM (\n" + query + "\n)"
		end := r.Customers + r.amounts.duplicates + r.amounts.keyless + 1
		if err := r.set(ctx, variable{"lo", 1}, variable{"hi", end}); err != nil {
			return err
		}
	}
	r.progress(t.name, 0)
	if err := r.copy(ctx, t, query, t.file, true); err != nil {
		return err
	}
	r.progress(t.name, total)
	return nil
}

// part writes what the c-th chunk of customers did, from 0.
func (r *run) part(ctx context.Context, c, chunks int64) error {
	lo, hi := c*r.chunk+1, min(r.Customers, (c+1)*r.chunk)+1
	r.writing = "orders"
	if err := r.set(ctx, variable{"lo", lo}, variable{"hi", hi}); err != nil {
		return err
	}
	r.progress("orders", lo-1)
	for _, name := range stage {
		if err := r.exec(ctx, "CREATE OR REPLACE TEMP TABLE "+name+" AS\n"+script(name)); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	for _, t := range tables {
		var err error
		if t.how == yearly || t.how == growing {
			r.progress(t.name, lo-1)
		}
		switch t.how {
		case yearly:
			err = r.years(ctx, t, c, chunks)
		case growing:
			err = r.copy(ctx, t, script(t.name), t.file, c == 0)
		default:
			continue
		}
		if err != nil {
			return err
		}
		r.progress(t.name, hi-1)
	}
	return nil
}

func (r *run) years(ctx context.Context, t table, c, chunks int64) error {
	for _, year := range t.years {
		if err := r.set(ctx, variable{"year", int64(year)}); err != nil {
			return err
		}
		name := fmt.Sprintf("%d.parquet", year)
		if chunks > 1 {
			name = fmt.Sprintf("%d-%04d.parquet", year, c+1)
		}
		if err := r.copy(ctx, t, script(t.name), filepath.Join(t.file, name), true); err != nil {
			return err
		}
	}
	return nil
}

// copy writes a query's rows to a file of the staging folder, or appends them to it where it is not the first part.
func (r *run) copy(ctx context.Context, t table, query, file string, first bool) error {
	r.writing = t.name
	options := t.format
	if t.header {
		options += fmt.Sprintf(", HEADER %t", first)
	}
	part, err := r.staging.part()
	if err != nil {
		return err
	}
	result, err := r.conn.ExecContext(ctx, fmt.Sprintf("COPY (\n%s\n) TO %s (%s, USE_TMP_FILE false)", query, quote(part), options))
	if err != nil {
		return err
	}
	rows, err := result.RowsAffected()
	if err != nil {
		return err
	}
	if err := r.staging.keep(part, file, t); err != nil {
		return err
	}
	w := r.written[t.name]
	if w == nil {
		w = &Table{Name: t.name}
		r.written[t.name] = w
	}
	w.Rows += rows
	return nil
}

func (r *run) summary() Summary {
	s := Summary{Dirt: r.amounts.dirt()}
	for _, t := range tables {
		w := r.written[t.name]
		w.Files, w.Bytes = r.staging.of(t.file)
		s.Tables = append(s.Tables, *w)
	}
	return s
}

func (r *run) progress(table string, done int64) {
	if r.Progress != nil {
		r.Progress(table, done, r.Customers)
	}
}

func (r *run) set(ctx context.Context, vs ...variable) error {
	for _, v := range vs {
		if err := r.exec(ctx, fmt.Sprintf("SET VARIABLE %s = %d::BIGINT", v.name, v.value)); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) exec(ctx context.Context, statements string) error {
	_, err := r.conn.ExecContext(ctx, statements)
	return err
}

// quote makes a file name a string literal: COPY takes no bound parameter there.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
