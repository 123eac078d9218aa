package evaluate

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"personae/engine/duckdb"
)

// wasBefore reads a file as the version before.
func (h *holes) wasBefore(t *testing.T, path string) map[int64]map[string]bool {
	t.Helper()
	was := map[int64]map[string]bool{}
	name, remove, err := h.db.Lend(path)
	if err != nil {
		t.Fatal(err)
	}
	defer remove()
	err = h.db.Each(context.Background(), "SELECT * FROM '"+name+"'", func(r duckdb.Row) error {
		var id int64
		if _, err := fmt.Sscan(fmt.Sprint(r["id"]), &id); err != nil {
			return err
		}
		was[id] = map[string]bool{}
		for name, v := range r {
			was[id][name] = v == true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return was
}

// Who was in before stays until it is known that they leave, whatever the
// version before says: of everybody, of some, with another type of key, with
// people who are gone, or nothing of a segment.
func TestLeavingAgreesWithTheDefinition(t *testing.T) {
	h := newRanked(t, "hash(s, n, m, d, e, t)", "hash(s, n, m, d, e, t) % 16 = 0", true)
	befores := map[string]string{
		"some":      "SELECT id, hash(id) % 3 = 0 AS in_sticky, CASE WHEN hash(id, 1) % 4 > 0 THEN hash(id, 2) % 2 = 0 END AS in_sticky_open, hash(id, 3) % 2 = 0 AS in_sticky_reader FROM range(5000) r(id)",
		"text keys": "SELECT id::VARCHAR AS id, true AS in_sticky, true AS in_sticky_open, hash(id) % 2 = 0 AS in_sticky_reader FROM range(300) r(id)",
		"a segment": "SELECT id, true AS in_sticky FROM range(5000) r(id)",
		"nobody":    "SELECT id, true AS in_sticky FROM range(5000, 5010) r(id)",
	}
	for name, query := range befores {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "was.parquet")
			if err := h.db.CopyTo(context.Background(), query, path, nil); err != nil {
				t.Fatal(err)
			}
			seen := h.compareRanks(t, h.wasBefore(t, path), Options{Before: map[string]Before{"customer": {Path: path}}})
			for _, segment := range []string{"in_sticky", "in_sticky_open", "in_sticky_reader"} {
				if seen[segment][true] == 0 || seen[segment][false]+seen[segment][nil] == 0 {
					t.Errorf("%s proves nothing: %v", segment, seen[segment])
				}
			}
			// Its own answer as the version before gives that answer: unchanged data gives no new version.
			first := h.table(t)
			own := filepath.Join(t.TempDir(), "customer.parquet")
			if err := h.snap.ExportEntity(context.Background(), h.plan.Entities[0], own, nil); err != nil {
				t.Fatal(err)
			}
			if _, err := h.snap.Run(context.Background(), h.plan, Options{Before: map[string]Before{"customer": {Path: own}}}); err != nil {
				t.Fatal(err)
			}
			for i, again := range h.table(t) {
				for column, v := range again {
					if !same(first[i][column], v) {
						t.Fatalf("asked again with its own answer, %s of row %d is %v and was %v", column, i, v, first[i][column])
					}
				}
			}
		})
	}
}
