package store

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
)

// Drawings is a folder of the cache that keeps what is drawn, by the digest of what
// it was drawn from. It is disposable: what is missing or damaged is drawn again.
type Drawings struct{ dir string }

// newPrefix begins the names of drawings that are being written.
const newPrefix = ".new-"

// mostDrawings is how many drawings are kept: of fifty personas and their history.
const mostDrawings = 5000

// Drawings opens the drawings kept under a name ("charts"). One that cannot be made
// keeps nothing.
func (s *Store) Drawings(name string) *Drawings {
	d := &Drawings{dir: filepath.Join(s.Cache(), name)}
	_ = os.MkdirAll(d.dir, 0o755)
	return d
}

// Get reads a drawing. Its first line is its own digest: a version must not depend
// on what a disk has done to a file.
func (d *Drawings) Get(key string) ([]byte, bool) {
	b, err := os.ReadFile(filepath.Join(d.dir, key))
	if err != nil {
		return nil, false
	}
	sum, content, found := bytes.Cut(b, []byte("\n"))
	if !found || string(sum) != digestOf(content) {
		return nil, false
	}
	return content, true
}

// Put keeps a drawing. Whether that works is nobody's concern.
func (d *Drawings) Put(key string, content []byte) {
	tmp, err := os.CreateTemp(d.dir, newPrefix)
	if err != nil {
		return
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.WriteString(digestOf(content) + "\n" + string(content))
	if closed := tmp.Close(); err == nil && closed == nil {
		_ = os.Rename(tmp.Name(), filepath.Join(d.dir, key))
	}
}

// Sweep removes the oldest drawings where there are too many.
func (d *Drawings) Sweep() {
	entries, err := os.ReadDir(d.dir)
	if err != nil || len(entries) <= mostDrawings {
		return
	}
	type aged struct {
		name string
		at   int64
	}
	var all []aged
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			all = append(all, aged{e.Name(), info.ModTime().UnixNano()})
		}
	}
	slices.SortFunc(all, func(x, y aged) int { return cmp.Or(cmp.Compare(x.at, y.at), cmp.Compare(x.name, y.name)) })
	for _, x := range all[:max(len(all)-mostDrawings, 0)] {
		_ = os.Remove(filepath.Join(d.dir, x.name))
	}
}

func digestOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
