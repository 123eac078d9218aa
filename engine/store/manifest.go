package store

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Manifest is manifest.json: the identity and the checksum of every other file
// of the version but run.json.
type Manifest struct {
	Format   int       `json:"format"`
	Digest   string    `json:"digest"`
	Identity Identity  `json:"identity"`
	Datasets []Dataset `json:"datasets"` // sorted by name
	Files    []File    `json:"files"`    // sorted by path
}

// Dataset says what a version was made from.
type Dataset struct {
	Name        string `json:"name"`
	Rows        int64  `json:"rows"`
	Fingerprint string `json:"fingerprint"`
}

// File is one file of a version; Path is relative and slash-separated.
type File struct {
	Path   string `json:"path"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// File finds a file of the version by its path.
func (m *Manifest) File(path string) (File, bool) {
	for _, f := range m.Files {
		if f.Path == path {
			return f, true
		}
	}
	return File{}, false
}

const (
	manifestFile = "manifest.json"
	runFile      = "run.json"
)

// checksums lists every file under dir but the manifest and run.json, in order
// of path.
func checksums(dir string) ([]File, error) {
	var files []File
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		if rel == manifestFile || rel == runFile {
			return nil
		}
		f, err := checksum(path)
		f.Path = filepath.ToSlash(rel)
		files = append(files, f)
		return err
	})
	return files, err
}

func checksum(path string) (File, error) {
	f, err := os.Open(path)
	if err != nil {
		return File{}, err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	return File{Size: n, SHA256: hex.EncodeToString(h.Sum(nil))}, err
}

// readManifest reads the manifest of a version directory.
func readManifest(dir string) (*Manifest, error) {
	b, err := os.ReadFile(filepath.Join(dir, manifestFile))
	if err != nil {
		return nil, err
	}
	var m Manifest
	if err := json.Unmarshal(b, &m); err != nil {
		return nil, fmt.Errorf("%s in %s is not readable: %w", manifestFile, dir, err)
	}
	return &m, nil
}

// encode writes JSON as people read it: indented, without HTML escapes.
func encode(v any) ([]byte, error) {
	b, err := json.MarshalIndent(v, "", "  ")
	return append(b, '\n'), err
}
