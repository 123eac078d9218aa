package engine

import (
	"context"

	"personae/engine/duckdb"
	"personae/engine/generate"
)

// GenerateOptions say how large the example's data is and where it goes.
type GenerateOptions struct {
	Dir         string
	Customers   int64
	Seed        int64
	Threads     int
	MemoryLimit string
	Progress    Progress
}

// Generated is what Generate wrote.
type Generated = generate.Summary

// Generate writes the example's data.
func Generate(ctx context.Context, o GenerateOptions) (Generated, error) {
	db, closer, err := duckdb.Scratch(o.Dir, o.MemoryLimit)
	if err != nil {
		return Generated{}, err
	}
	defer closer()
	return generate.Run(ctx, db, generate.Options{
		Dir: o.Dir, Customers: o.Customers, Seed: o.Seed, Threads: o.Threads, Progress: o.Progress,
	})
}
