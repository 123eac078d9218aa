//go:build unix

package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// workPrefix begins the names of work folders in the cache.
const workPrefix = "work-"

// Work makes a private folder for disposable files in the cache. Its owner
// holds a lock on it for as long as it lives, so that folders of killed
// processes are told from those in use: the former are removed here. Runs and
// drafts may both call it, at the same time. done removes the folder.
func (s *Store) Work() (dir string, done func(), err error) {
	gate, err := flock(s.Cache(), unix.LOCK_EX)
	if err != nil {
		return "", nil, unwritable(s.root, err)
	}
	// Closing the gate lets the next process in: between making a folder and
	// locking it nobody else may look.
	defer gate.Close()
	s.sweep()
	dir, err = os.MkdirTemp(s.Cache(), workPrefix)
	if err != nil {
		return "", nil, unwritable(s.root, err)
	}
	held, err := flock(dir, unix.LOCK_EX|unix.LOCK_NB)
	if err != nil {
		os.RemoveAll(dir)
		return "", nil, fmt.Errorf("the work folder %s cannot be locked: %w", dir, err)
	}
	return dir, func() {
		os.RemoveAll(dir)
		held.Close()
	}, nil
}

// sweep removes the work folders that no process holds. One that cannot be
// removed is no reason to stop: it is tried again by the next.
func (s *Store) sweep() {
	found, _ := filepath.Glob(filepath.Join(s.Cache(), workPrefix+"*"))
	for _, dir := range found {
		if f, err := flock(dir, unix.LOCK_EX|unix.LOCK_NB); err == nil {
			_ = os.RemoveAll(dir)
			f.Close()
		}
	}
}

// flock opens a file or folder and locks it; the lock ends with the process or
// when the file is closed.
func flock(path string, how int) (*os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	for {
		err = unix.Flock(int(f.Fd()), how)
		if err == nil {
			return f, nil
		}
		if !errors.Is(err, unix.EINTR) {
			f.Close()
			return nil, err
		}
	}
}
