package watch

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// Glob names data files: a pattern below a folder.
type Glob struct{ Base, Pattern string }

// folder is the part of the pattern before its first wildcard.
func (g Glob) folder() string {
	base, _ := doublestar.SplitPattern(filepath.ToSlash(g.Pattern))
	return filepath.Join(g.Base, filepath.FromSlash(base))
}

// seen is what the files were like: the bytes of rules, and the size and time of
// change of data files, which may be large.
type seen struct{ rules, data string }

func (o Options) look() seen {
	return seen{rules: o.lookAtRules(), data: o.lookAtData()}
}

// hidden names are left to editors and tools, as package spec leaves them.
func hidden(name string) bool { return strings.HasPrefix(name, ".") }

func isYAML(name string) bool {
	ext := strings.ToLower(filepath.Ext(name))
	return ext == ".yaml" || ext == ".yml"
}

func (o Options) lookAtRules() string {
	h := sha256.New()
	for _, root := range o.Rules {
		if real, err := filepath.EvalSymlinks(root); err == nil {
			root = real
		}
		_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			switch {
			case path != root && hidden(d.Name()) && d.IsDir():
				return fs.SkipDir
			case err != nil || d.IsDir() || hidden(d.Name()) || !isYAML(path):
				return nil
			}
			b, err := os.ReadFile(path) // through links: a ConfigMap swaps what they lead to
			fmt.Fprintf(h, "%q %x %v\n", path, sha256.Sum256(b), err != nil)
			return nil
		})
	}
	return hex.EncodeToString(h.Sum(nil))
}

func (o Options) lookAtData() string {
	h := sha256.New()
	done := map[Glob]bool{}
	for _, g := range o.globs() {
		if done[g] {
			continue
		}
		done[g] = true
		names, err := doublestar.Glob(os.DirFS(g.Base), filepath.ToSlash(g.Pattern))
		if err != nil {
			continue // package duckdb says what is wrong with a pattern
		}
		sort.Strings(names)
		for _, name := range names {
			path := filepath.Join(g.Base, filepath.FromSlash(name))
			if info, err := os.Stat(path); err == nil && !info.IsDir() {
				fmt.Fprintf(h, "%q %d %d\n", path, info.Size(), info.ModTime().UnixNano())
			}
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

func (o Options) globs() []Glob {
	if o.Data == nil {
		return nil
	}
	return o.Data()
}

// folders lists every folder to listen to. One that is not there yet is
// listened to through the nearest one above it that is.
func (o Options) folders() []string {
	found := map[string]bool{}
	roots := append([]string{}, o.Rules...)
	for _, g := range o.globs() {
		roots = append(roots, g.folder())
	}
	for _, root := range roots {
		info, err := os.Stat(root)
		for err != nil && filepath.Dir(root) != root {
			root = filepath.Dir(root)
			if info, err = os.Stat(root); err == nil {
				found[root] = true
			}
		}
		if err != nil || found[root] {
			continue
		}
		if !info.IsDir() {
			found[filepath.Dir(root)] = true
			continue
		}
		below(root, found)
	}
	out := make([]string, 0, len(found))
	for dir := range found {
		out = append(out, dir)
	}
	sort.Strings(out)
	return out
}

// below adds a folder and all in it but for hidden ones, and where links lead
// to: what they lead to changes there, the link itself in its own folder.
func below(root string, found map[string]bool) {
	if real, err := filepath.EvalSymlinks(root); err == nil && real != filepath.Clean(root) {
		found[filepath.Dir(filepath.Clean(root))] = true
		root = real
	}
	_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil // what went away is found out by looking
		case path != root && hidden(d.Name()) && d.IsDir():
			return fs.SkipDir
		case d.Type()&fs.ModeSymlink != 0:
			if real, err := filepath.EvalSymlinks(path); err == nil {
				found[filepath.Dir(real)] = true
			}
		case d.IsDir():
			found[path] = true
		}
		return nil
	})
}
