package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// Store is a reports/ directory.
type Store struct{ root string }

// Latest is latest.json: which version is current.
type Latest struct {
	Version   int       `json:"version"`
	Digest    string    `json:"digest"`
	AsOf      time.Time `json:"as_of"`
	Published time.Time `json:"published_at"`
}

// Version is a published version.
type Version struct {
	Number   int
	Dir      string
	Manifest *Manifest
}

const (
	latestFile  = "latest.json"
	logFile     = "log.jsonl"
	versionsDir = "versions"
	cacheDir    = ".cache"
	stagePrefix = "staging-"
)

// Open prepares dir for versions: it makes the directory where it is missing.
// It fails where dir cannot be written.
func Open(dir string) (*Store, error) {
	for _, d := range []string{filepath.Join(dir, versionsDir), filepath.Join(dir, cacheDir)} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			return nil, unwritable(dir, err)
		}
	}
	return &Store{root: dir}, nil
}

// Root is the reports directory.
func (s *Store) Root() string { return s.root }

// Cache is the directory of disposable working files.
func (s *Store) Cache() string { return filepath.Join(s.root, cacheDir) }

// Latest reads latest.json; nil where nothing has been published.
func (s *Store) Latest() (*Latest, error) {
	b, err := os.ReadFile(filepath.Join(s.root, latestFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var l Latest
	if err := json.Unmarshal(b, &l); err != nil {
		return nil, fmt.Errorf("%s is not readable (delete it to let the next run restore it): %w", filepath.Join(s.root, latestFile), err)
	}
	return &l, nil
}

// Version opens version n.
func (s *Store) Version(n int) (*Version, error) {
	dir := s.versionDir(n)
	m, err := readManifest(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no version %d in %s", n, s.root)
	}
	if err != nil {
		return nil, err
	}
	return &Version{Number: n, Dir: dir, Manifest: m}, nil
}

var versionName = regexp.MustCompile(`^\d{6,}$`)

// Numbers lists the versions that exist, in order.
func (s *Store) Numbers() ([]int, error) {
	entries, err := os.ReadDir(filepath.Join(s.root, versionsDir))
	if err != nil {
		return nil, err
	}
	var numbers []int
	for _, e := range entries {
		if !e.IsDir() || !versionName.MatchString(e.Name()) {
			continue
		}
		if n, err := strconv.Atoi(e.Name()); err == nil {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return numbers, nil
}

func (s *Store) versionDir(n int) string {
	return filepath.Join(s.root, versionsDir, fmt.Sprintf("%06d", n))
}

// unwritable says why reports cannot be written, and what to do.
func unwritable(dir string, err error) error {
	why := err
	switch {
	case errors.Is(err, syscall.ENOSPC):
		why = errors.New("the disk is full; make room")
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, fs.ErrExist):
		why = errors.New("a file is in the way; move it")
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		why = errors.New("permission denied")
	}
	return fmt.Errorf("reports cannot be written to %s: %w, or choose another folder with --reports", dir, why)
}
