// Package store keeps versions on disk: immutable numbered directories,
// published atomically, with a manifest of every byte.
//
// Input: a staging directory that the engine has filled, and the identity of
// its inputs. Output: versions/NNNNNN and latest.json. It must not know rules,
// databases or pages: a file is a name and bytes.
package store

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"
)

// Identity is all that a version's bytes depend on. Two runs with the same
// identity produce the same bytes in every file but run.json.
type Identity struct {
	Project string            `json:"project"`
	Rules   string            `json:"rules"` // digest of the canonical rules
	Data    map[string]string `json:"data"`  // fingerprint of what is read, by dataset, health counts included
	AsOf    time.Time         `json:"as_of"`
	Engine  Engine            `json:"engine"`
	// Before is the digest of who was in which segment in the version before, by
	// entity: only where a rule for leaving asks.
	Before map[string]string `json:"before,omitempty"`
}

// SameInputs says whether two identities differ at most in the version before.
func (id Identity) SameInputs(other Identity) bool {
	id.Before, other.Before = nil, nil
	return id.Digest() == other.Digest()
}

// Engine is the part of the identity that changes with the program.
type Engine struct {
	Semantics int    `json:"semantics"` // revision of the meaning of rules
	Format    int    `json:"format"`    // revision of the files of a version
	DuckDB    string `json:"duckdb"`
	CEL       string `json:"cel_go"`
	TZData    string `json:"tzdata"`
}

// Digest is the sha256, in hexadecimal, of the identity's canonical JSON: keys
// sorted, instants in UTC.
func (id Identity) Digest() string {
	id.AsOf = id.AsOf.UTC()
	b, err := json.Marshal(id) // maps are written with sorted keys
	if err != nil {
		panic(err) // strings, ints and a valid time always marshal
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
