package engine

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"personae/engine/evaluate"
	"personae/engine/format"
	"personae/engine/report"
	"personae/engine/results"
	"personae/engine/store"
)

// flows finds who moved between the groups of segmentations since an earlier
// version, as far as its rows are still there.
func (r *run) flows(ctx context.Context, reports *store.Store, previous *report.Report, version int) ([]report.Flows, error) {
	v, err := reports.Version(version)
	if err != nil {
		return nil, err
	}
	var found []results.Flow
	for _, e := range r.plan.Entities {
		path := filepath.Join(v.Dir, "data", e.Entity.Name+".parquet")
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			continue // no rules were about them, or the rows were not kept
		}
		list, err := r.snapshot.Flows(ctx, e, evaluate.Before{Path: path})
		if err != nil {
			return nil, err
		}
		found = append(found, list...)
	}
	s := r.outcome.Project.Rules.Settings
	f, err := format.New(s.Locale, s.Currency, s.Zone)
	if err != nil {
		return nil, err
	}
	return report.FlowsBetween(previous, r.outcome.Report, found, words{f}), nil
}
