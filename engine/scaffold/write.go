package scaffold

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Write puts the files of a project into dir, all or none: each is written
// under another name first and renamed when all are there. Files that exist
// are an error, unless force is given.
func Write(dir string, files map[string][]byte, force bool) (err error) {
	paths := sortedFiles(files)
	var there []string
	for _, p := range paths {
		if !filepath.IsLocal(filepath.FromSlash(p)) {
			return fmt.Errorf("%s lies outside of the project", p)
		}
		if _, err := os.Lstat(filepath.Join(dir, filepath.FromSlash(p))); err == nil {
			there = append(there, p)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s cannot be written: %w", p, err)
		}
	}
	if len(there) > 0 && !force {
		return fmt.Errorf("%s: already there; nothing was written. Use --force to replace, or --project for another folder", strings.Join(there, ", "))
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("the folder %s cannot be made: %w", dir, err)
	}
	stage, err := os.MkdirTemp(dir, ".init-")
	if err != nil {
		return fmt.Errorf("the folder %s cannot be written to: %w", dir, err)
	}
	defer os.RemoveAll(stage)
	for i, p := range paths {
		if err := os.WriteFile(filepath.Join(stage, fmt.Sprint(i)), files[p], 0o644); err != nil {
			return fmt.Errorf("%s cannot be written: %w", p, err)
		}
	}
	return place(dir, stage, paths, force)
}

// place renames the staged files; on an error those that are new are taken away again.
func place(dir, stage string, paths []string, force bool) error {
	var done []string
	for i, p := range paths {
		target := filepath.Join(dir, filepath.FromSlash(p))
		err := os.MkdirAll(filepath.Dir(target), 0o755)
		if err == nil {
			err = os.Rename(filepath.Join(stage, fmt.Sprint(i)), target)
		}
		if err != nil {
			if !force {
				for _, d := range done {
					_ = os.Remove(d)
				}
			}
			return fmt.Errorf("%s cannot be written: %w", p, err)
		}
		done = append(done, target)
	}
	return nil
}
