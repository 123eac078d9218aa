package store

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Staging is a version in the making. It stands beside the versions, on the
// same file system, under a name that no reader takes for a version.
type Staging struct {
	store *Store
	Dir   string
}

// Stage makes an empty staging directory. Only the holder of the lock may call it.
func (s *Store) Stage() (*Staging, error) {
	dir, err := os.MkdirTemp(filepath.Join(s.root, versionsDir), stagePrefix)
	if err != nil {
		return nil, unwritable(s.root, err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return nil, err
	}
	return &Staging{store: s, Dir: dir}, nil
}

// Discard removes the staging directory; it does nothing after Publish.
func (st *Staging) Discard() { _ = os.RemoveAll(st.Dir) }

// Write puts a file into the staging directory, with its folders.
func (st *Staging) Write(path string, b []byte) error {
	full := filepath.Join(st.Dir, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		return err
	}
	return os.WriteFile(full, b, 0o644)
}

// privateDir holds rows about people: only its owner may read it.
const privateDir = "data"

// Publish turns the staging directory into the next version: manifest written,
// every file on disk, one rename, then latest.json. A process that is killed at
// any point leaves the last version current. run is written as run.json.
func (st *Staging) Publish(id Identity, datasets []Dataset, run any, now time.Time) (*Version, error) {
	files, err := checksums(st.Dir)
	if err != nil {
		return nil, err
	}
	manifest := &Manifest{Format: id.Engine.Format, Digest: id.Digest(), Identity: id, Datasets: datasets, Files: files}
	for name, v := range map[string]any{manifestFile: manifest, runFile: run} {
		b, err := encode(v)
		if err != nil {
			return nil, err
		}
		if err := st.Write(name, b); err != nil {
			return nil, err
		}
	}
	if err := st.protect(); err != nil {
		return nil, err
	}
	if err := syncTree(st.Dir); err != nil {
		return nil, err
	}
	numbers, err := st.store.Numbers()
	if err != nil {
		return nil, err
	}
	next := 1
	if len(numbers) > 0 {
		next = numbers[len(numbers)-1] + 1
	}
	dir := st.store.versionDir(next)
	if err := os.Rename(st.Dir, dir); err != nil {
		return nil, err
	}
	if err := syncDir(filepath.Dir(dir)); err != nil {
		return nil, err
	}
	version := &Version{Number: next, Dir: dir, Manifest: manifest}
	return version, st.store.point(version, now)
}

// point makes a version the current one: latest.json last, atomically.
func (s *Store) point(v *Version, now time.Time) error {
	b, err := encode(Latest{Version: v.Number, Digest: v.Manifest.Digest, AsOf: v.Manifest.Identity.AsOf.UTC(), Published: now.UTC()})
	if err != nil {
		return err
	}
	return s.WriteAtomic(latestFile, b)
}

// Recover puts right what a killed run left: it removes half-made versions and
// files, and points latest.json at the newest version where the run was killed
// between the two. That version is complete, since its directory appears with
// one rename. Only the holder of the lock may call it.
func (s *Store) Recover(now time.Time) error {
	for _, left := range []string{filepath.Join(versionsDir, stagePrefix+"*"), ".*" + atomicInfix + "*",
		filepath.Join(cacheDir, "*", newPrefix+"*")} { // a drawing that a draft is keeping is drawn again
		found, err := filepath.Glob(filepath.Join(s.root, left))
		if err != nil {
			return err
		}
		for _, path := range found {
			if err := os.RemoveAll(path); err != nil {
				return fmt.Errorf("removing what a stopped run left: %w", err)
			}
		}
	}
	numbers, err := s.Numbers()
	if err != nil || len(numbers) == 0 {
		return err
	}
	newest := numbers[len(numbers)-1]
	latest, err := s.Latest()
	if err == nil && latest != nil && latest.Version >= newest {
		return nil
	}
	v, err := s.Version(newest)
	if err != nil {
		return err
	}
	return s.point(v, now)
}

// atomicInfix stands in the names of files that WriteAtomic has not finished.
const atomicInfix = ".tmp-"

// WriteAtomic replaces a file of the reports directory in one step.
func (s *Store) WriteAtomic(name string, b []byte) error {
	path := filepath.Join(s.root, name)
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(name)+atomicInfix)
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	if _, err := tmp.Write(b); err != nil {
		tmp.Close()
		return err
	}
	if err := tmp.Sync(); err != nil {
		tmp.Close()
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	if err := os.Chmod(tmp.Name(), 0o644); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// Entry is a line of log.jsonl.
type Entry struct {
	At      time.Time `json:"at"`
	Event   string    `json:"event"` // run, publish, unchanged, failed, export
	Version int       `json:"version,omitempty"`
	Digest  string    `json:"digest,omitempty"`
	Detail  string    `json:"detail,omitempty"`
}

// Log appends to log.jsonl. Lines are only ever added.
func (s *Store) Log(e Entry) error {
	e.At = e.At.UTC()
	b, err := json.Marshal(e)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(s.root, logFile), os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	if _, err := f.Write(append(b, '\n')); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// protect gives files their modes: rows about people are for their owner only,
// and nobody changes a version by accident.
func (st *Staging) protect() error {
	return filepath.WalkDir(st.Dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == st.Dir {
			return err
		}
		rel, err := filepath.Rel(st.Dir, path)
		if err != nil {
			return err
		}
		private := rel == privateDir || strings.HasPrefix(rel, privateDir+string(filepath.Separator))
		mode := fs.FileMode(0o644)
		switch {
		case d.IsDir() && private:
			mode = 0o700
		case d.IsDir():
			mode = 0o755
		case private:
			mode = 0o600
		}
		return os.Chmod(path, mode)
	})
}

func syncTree(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return syncDir(path)
	})
}

// syncDir puts a file or directory on disk.
func syncDir(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
