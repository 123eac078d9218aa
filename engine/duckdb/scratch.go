package duckdb

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"personae/engine/sqltext"
)

// Scratch opens an in-memory database for SQL that this program wrote itself:
// it may read and write any file, so it must never see a user's SQL. Work that
// does not fit in memory goes to a hidden folder under dir. Call closer in the end.
func Scratch(dir, memoryLimit string) (db *sql.DB, closer func(), err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, nil, fmt.Errorf("%s cannot be written to: %w", dir, PlainError(err))
	}
	spill, err := os.MkdirTemp(dir, ".spill-")
	if err != nil {
		return nil, nil, fmt.Errorf("%s cannot be written to: %w", dir, PlainError(err))
	}
	abs, err := filepath.Abs(spill)
	if err != nil {
		return nil, nil, err
	}
	connector, err := duckdb.NewConnector("", nil)
	if err != nil {
		os.RemoveAll(spill)
		return nil, nil, fmt.Errorf("the working database cannot be made: %w", PlainError(err))
	}
	db = sql.OpenDB(connector)
	closer = func() {
		db.Close()
		os.RemoveAll(spill)
	}
	statements := []string{"SET GLOBAL TimeZone = 'UTC'", "SET GLOBAL temp_directory = " + sqltext.Literal(abs)}
	if memoryLimit != "" {
		statements = append(statements, "SET GLOBAL memory_limit = "+sqltext.Literal(memoryLimit))
	}
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			closer()
			return nil, nil, fmt.Errorf("the working database cannot be set up (%s): %w", strings.Fields(s)[2], PlainError(err))
		}
	}
	return db, closer, nil
}
