// Package watch says when the files of a project have changed.
//
// Input: a project's directory and the directories of its data. Output: one
// call for each batch of changes, when the files have come to rest. Contents
// decide, not events: an editor that saves the same bytes changes nothing. It
// must not know what the files mean.
package watch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Options say what to watch.
type Options struct {
	Rules  []string      // directories whose YAML files count by content
	Data   []string      // directories whose files count by size and time of change
	Settle time.Duration // how long files must rest before a batch ends; default 50 ms
}

// Run calls changed after each batch of changes until ctx ends. changed runs on
// the caller's goroutine: changes during it are one batch after it.
func Run(ctx context.Context, o Options, changed func()) error {
	if o.Settle == 0 {
		o.Settle = 50 * time.Millisecond
	}
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("files cannot be watched: %w", err)
	}
	defer w.Close()
	if err := o.follow(w); err != nil {
		return err
	}
	state := o.digest()
	for {
		if err := o.rest(ctx, w); err != nil {
			if errors.Is(err, context.Canceled) {
				return nil
			}
			return err
		}
		if err := o.follow(w); err != nil {
			return err
		}
		if now := o.digest(); now != state {
			state = now
			changed()
		}
	}
}

// rest waits for an event and then until none has come for the settling time.
func (o Options) rest(ctx context.Context, w *fsnotify.Watcher) error {
	var settled <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return context.Canceled
		case err := <-w.Errors:
			// Events were lost: the digest finds out what they would have said.
			if !errors.Is(err, fsnotify.ErrEventOverflow) {
				return fmt.Errorf("files cannot be watched any longer: %w", err)
			}
			settled = time.After(o.Settle)
		case <-w.Events:
			settled = time.After(o.Settle)
		case <-settled:
			return nil
		}
	}
}

// follow watches every directory below those named, new ones included. A
// directory that is not there yet is watched through its parent.
func (o Options) follow(w *fsnotify.Watcher) error {
	watched := map[string]bool{}
	for _, dir := range w.WatchList() {
		watched[dir] = true
	}
	add := func(dir string) error {
		if watched[dir] {
			return nil
		}
		watched[dir] = true
		if err := w.Add(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s cannot be watched: %w", dir, err)
		}
		return nil
	}
	for _, root := range append(append([]string{}, o.Rules...), o.Data...) {
		if _, err := os.Stat(root); err != nil {
			if err := add(filepath.Dir(root)); err != nil {
				return err
			}
			continue
		}
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.IsDir() {
				return nil // a file that went away is what the digest is for
			}
			return add(path)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// digest stands for all that is watched: the bytes of YAML files, and the size
// and time of change of data files, which may be large.
func (o Options) digest() string {
	h := sha256.New()
	o.each(o.Rules, func(path string, d fs.DirEntry) {
		if ext := strings.ToLower(filepath.Ext(path)); ext != ".yaml" && ext != ".yml" {
			return
		}
		b, err := os.ReadFile(path)
		fmt.Fprintf(h, "%q %x %v\n", path, sha256.Sum256(b), err != nil)
	})
	o.each(o.Data, func(path string, d fs.DirEntry) {
		info, err := os.Stat(path)
		if err != nil {
			fmt.Fprintf(h, "%q gone\n", path)
			return
		}
		fmt.Fprintf(h, "%q %d %d\n", path, info.Size(), info.ModTime().UnixNano())
	})
	return hex.EncodeToString(h.Sum(nil))
}

func (o Options) each(roots []string, f func(path string, d fs.DirEntry)) {
	roots = append([]string{}, roots...)
	sort.Strings(roots)
	for _, root := range roots {
		_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				f(path, d)
			}
			return nil
		})
	}
}
