package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"runtime"
	"runtime/debug"
	"time"

	"personae/engine/report"
	"personae/engine/store"
)

// Version is the version of Personae.
const Version = "0.1.0"

// Semantics is the revision of what rules mean. It grows with every change that
// can move a customer, and is part of a version's identity.
const Semantics = 1

// duckDB is the database inside the driver that go.mod names; its ICU brings
// its own time zones.
const duckDB = "1.5.5"

// BuildInfo is what this program is made of.
type BuildInfo struct {
	Version   string `json:"version"`
	Semantics int    `json:"semantics"`
	Format    int    `json:"format"`
	DuckDB    string `json:"duckdb"`
	CEL       string `json:"cel_go"`
	Go        string `json:"go"`
}

// Build says what this program is made of, from what the linker recorded.
func Build() BuildInfo {
	b := BuildInfo{
		Version: Version, Semantics: Semantics, Format: report.Format,
		DuckDB: duckDB, CEL: "unknown", Go: runtime.Version(),
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	for _, m := range info.Deps {
		if m.Path == "cel.dev/cel-go" {
			b.CEL = m.Version
		}
	}
	return b
}

// identity is the part of a version's identity that changes with the program.
func (b BuildInfo) identity(zone *time.Location) store.Engine {
	return store.Engine{Semantics: b.Semantics, Format: b.Format, DuckDB: b.DuckDB, CEL: b.CEL, TZData: zoneDigest(zone)}
}

// zoneDigest stands for the tzdata release that this machine has, as far as it
// matters: the offsets of the project's zone from 1900 to 2100.
func zoneDigest(zone *time.Location) string {
	h := sha256.New()
	end := time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
	for t := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC); t.Before(end); {
		_, offset := t.In(zone).Zone()
		fmt.Fprintln(h, t.Unix(), offset)
		_, next := t.In(zone).ZoneBounds()
		if next.IsZero() {
			break
		}
		if !next.After(t) { // seen with go1.26 where a rule takes over from the table
			next = t.Add(24 * time.Hour)
		}
		t = next
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}
