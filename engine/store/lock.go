//go:build unix

package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Lock makes this process the one writer until unlock is called. Readers never
// take it. Where another process holds it, waiting is called once with a
// sentence that names it, and Lock waits until ctx ends. A killed process
// leaves no lock behind: the kernel releases it.
func (s *Store) Lock(ctx context.Context, waiting func(string)) (unlock func(), err error) {
	path := filepath.Join(s.root, cacheDir, "lock")
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, unwritable(s.root, err)
	}
	for said := false; ; {
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err == nil {
			break
		}
		if !errors.Is(err, unix.EWOULDBLOCK) {
			f.Close()
			return nil, fmt.Errorf("locking %s: %w", path, err)
		}
		if !said && waiting != nil {
			holder, _ := os.ReadFile(path)
			waiting(fmt.Sprintf("another run is writing to %s (process %s); waiting for it", s.root, strings.TrimSpace(string(holder))))
			said = true
		}
		select {
		case <-ctx.Done():
			f.Close()
			return nil, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	// Who holds it is for people only: a failure to write it is none of the lock.
	_ = f.Truncate(0)
	_, _ = f.WriteAt([]byte(fmt.Sprintln(os.Getpid())), 0)
	return func() { f.Close() }, nil
}
