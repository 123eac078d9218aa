package scaffold

import (
	"context"
	"fmt"
	"os"

	"personae/engine/diag"
	"personae/engine/duckdb"
)

// Make is Init with a working database of its own, in a temporary folder that
// is gone afterwards.
func Make(ctx context.Context, o Options) (result *Result, list diag.List, err error) {
	work, err := os.MkdirTemp("", "personae-init-")
	if err != nil {
		return nil, nil, fmt.Errorf("the temporary folder cannot be written to: %w", err)
	}
	defer os.RemoveAll(work)
	db, err := duckdb.Open(duckdb.Options{WorkDir: work, Root: work, DataDirs: Folders(o)})
	if err != nil {
		return nil, nil, err
	}
	defer func() {
		if closed := db.Close(); err == nil {
			err = closed
		}
	}()
	return Init(ctx, db, o)
}
