package duckdb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"personae/engine/sqltext"
)

// Options say where the working database lives and what it may read.
type Options struct {
	WorkDir     string   // an existing folder; a private folder is made in it
	Root        string   // the project's folder
	DataDirs    []string // folders outside the project that the operator allows (--data)
	Folders     []string // what may be read inside the project; nil: all of Root
	Threads     int      // 0: as many as the machine has
	MemoryLimit string   // as in 4GB; "": half of the machine; more than it is spilled to WorkDir
}

// DB is a working database. It is private to this process, lives in a folder
// of its own, and is gone after Close. Its methods may be called by one
// goroutine at a time.
type DB struct {
	sql      *sql.DB
	dir      string   // private, removed by Close
	root     string   // the project, symbolic links resolved
	dataDirs []string // symbolic links resolved
	threads  int      // how many statements may run at once
	memory   int64    // bytes that the database may hold; 0 where that is not known
	reads    int      // numbers the tables of rejected lines
	state    *introspection
	kept     map[string]*kept  // datasets of the last Load
	attached map[string]string // path of a database file → its name here
}

// Open makes a working database that can read the project's folders and the
// data folders, write its own folder, and nothing else.
func Open(o Options) (*DB, error) {
	root, err := realDir(o.Root)
	if err != nil {
		return nil, fmt.Errorf("the project folder %s cannot be read: %w", o.Root, PlainError(err))
	}
	db := &DB{root: root, attached: map[string]string{}, threads: o.Threads}
	if db.threads <= 0 {
		db.threads = runtime.NumCPU()
	}
	for _, d := range o.DataDirs {
		dir, err := realDir(d)
		if err != nil {
			return nil, fmt.Errorf("the data folder %s (--data) cannot be read: %w", d, PlainError(err))
		}
		db.dataDirs = append(db.dataDirs, dir)
	}
	db.dir, err = os.MkdirTemp(o.WorkDir, "personae-")
	if err == nil {
		db.dir, err = realDir(db.dir)
	}
	if err == nil {
		err = os.Mkdir(db.ExportDir(), 0o700)
	}
	if err != nil {
		return nil, fmt.Errorf("the work folder %s cannot be written to: %w; choose another one, or make room", o.WorkDir, PlainError(err))
	}
	if err := db.open(o); err != nil {
		os.RemoveAll(db.dir)
		return nil, err
	}
	return db, nil
}

func (db *DB) open(o Options) error {
	// The path is part of a URL-like text to the driver.
	if strings.ContainsAny(db.dir, "?") {
		return fmt.Errorf("the work folder %s has a question mark in its name, which the database cannot open; choose another one", o.WorkDir)
	}
	path := filepath.Join(db.dir, "work.duckdb")
	connector, err := duckdb.NewConnector(path+"?storage_compatibility_version=latest", initConnection)
	if err != nil {
		return fmt.Errorf("the working database cannot be made: %w", PlainError(err))
	}
	db.sql = sql.OpenDB(connector)
	if o.MemoryLimit == "" {
		o.MemoryLimit = halfOfMachine(db.sql)
	}
	for _, statement := range db.sandbox(o) {
		if _, err := db.sql.Exec(statement); err != nil {
			db.sql.Close()
			return fmt.Errorf("the working database cannot be set up: %w", PlainError(err))
		}
	}
	if amount, unit, err := memoryLimit(db.sql); err == nil {
		db.memory = int64(amount * memoryUnits[unit])
	}
	return nil
}

// halfOfMachine is half of the memory that this process may have, which the
// database knows (it takes four fifths of it); "" where that cannot be read. What
// does not fit is spilled: most of what a run holds is read once, and the other
// half is better used by the files that it reads.
func halfOfMachine(db *sql.DB) string {
	amount, unit, err := memoryLimit(db)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%.1f%s", amount*5/8, unit)
}

func memoryLimit(db *sql.DB) (amount float64, unit string, err error) {
	var text string
	if err = db.QueryRow("SELECT current_setting('memory_limit')").Scan(&text); err == nil {
		_, err = fmt.Sscan(text, &amount, &unit)
	}
	return amount, unit, err
}

// memoryUnits are those that memoryLimit gives.
var memoryUnits = map[string]float64{"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}

// HasRoom says whether something may be kept beside the database that only makes
// the next evaluation quick: an eighth of what the database may hold.
func (db *DB) HasRoom(bytes int64) bool { return bytes <= db.memory/8 }

// initConnection runs on each new connection. The macros make the sum of
// doubles independent of the order of rows, for `sql` datasets.
func initConnection(exec driver.ExecerContext) error {
	_, err := exec.ExecContext(context.Background(), exactSum, nil)
	return err
}

// sandbox lists the settings, the lock last. Nothing can be changed after it.
func (db *DB) sandbox(o Options) []string {
	folders := []string{db.dir}
	if o.Folders == nil {
		folders = append(folders, db.root)
	}
	for _, f := range o.Folders {
		if dir, err := realDir(filepath.Join(db.root, f)); err == nil {
			folders = append(folders, dir)
		}
	}
	folders = append(folders, db.dataDirs...)
	for i, f := range folders {
		folders[i] = strings.TrimSuffix(f, "/") + "/" // or /data would allow /data2
	}
	list := []string{
		"SET GLOBAL TimeZone = 'UTC'",
		"SET GLOBAL Calendar = 'gregorian'",
		"SET GLOBAL default_collation = ''",
		"SET GLOBAL preserve_insertion_order = true",
		"SET GLOBAL autoinstall_known_extensions = false",
		"SET GLOBAL allow_community_extensions = false",
		"SET GLOBAL autoload_known_extensions = false",
		"SET GLOBAL temp_directory = " + sqltext.Literal(filepath.Join(db.dir, "spill")),
		"CREATE SCHEMA " + snapshotSchema,
		"CREATE SCHEMA " + viewSchema,
		"CREATE SCHEMA " + stageSchema,
	}
	if o.Threads > 0 {
		list = append(list, "SET GLOBAL threads = "+sqltext.Int(int64(o.Threads)))
	}
	if o.MemoryLimit != "" {
		list = append(list, "SET GLOBAL memory_limit = "+sqltext.Literal(o.MemoryLimit))
	}
	return append(list,
		"SET GLOBAL allowed_directories = ["+sqltext.Literals(folders)+"]",
		"SET GLOBAL enable_external_access = false",
		"SET GLOBAL lock_configuration = true")
}

// Close ends the database and removes its folder.
func (db *DB) Close() error {
	err := db.sql.Close()
	if gone := os.RemoveAll(db.dir); err == nil && gone != nil {
		err = fmt.Errorf("the work folder %s cannot be removed: %w", db.dir, PlainError(gone))
	}
	return err
}

// ExportDir is the one folder that the database may write files to. The
// caller moves them from there.
func (db *DB) ExportDir() string { return filepath.Join(db.dir, "export") }

// SQL is the connection pool, for statements that the engine generated.
func (db *DB) SQL() *sql.DB { return db.sql }

func realDir(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	abs, err = filepath.EvalSymlinks(abs)
	if err != nil {
		return "", err
	}
	info, err := os.Stat(abs)
	if err != nil {
		return "", err
	}
	if !info.IsDir() {
		return "", errors.New("it is not a folder")
	}
	return abs, nil
}
