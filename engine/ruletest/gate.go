package ruletest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"sync/atomic"

	"personae/engine"
	"personae/engine/catalog"
	"personae/engine/diag"
	"personae/engine/spec"
)

// Gate gives the function that engine.Options.Verify wants: rules whose tests
// fail are refused. What has passed is not run again while rules, tests and
// columns say the same; new data changes nothing for tests. Several may ask at once.
func Gate(options func() engine.Options) func(context.Context, *engine.Project) (diag.List, error) {
	var passed atomic.Pointer[[sha256.Size]byte]
	return func(ctx context.Context, p *engine.Project) (diag.List, error) {
		now := sha256.Sum256(bytes.Join([][]byte{spec.Canonical(p.Module), catalog.WriteLock(p.Catalog)}, nil))
		if before := passed.Load(); before != nil && now == *before {
			return nil, nil
		}
		out, list, err := Run(ctx, p, options(), nil)
		if err != nil {
			return list, err
		}
		if list.Add(out.Failures()...); !list.HasErrors() {
			passed.Store(&now)
		}
		return list, nil
	}
}
