package generate

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
)

// staging is the hidden folder in which a run writes, next to where its files will be.
type staging struct {
	dir, work string
	files     []string // below dir, in the order of writing
	sizes     map[string]int64
}

// yearFile matches what yearly tables are called: older ones are replaced as a whole, other files stay.
var yearFile = regexp.MustCompile(`^\d{4}(-\d{4})?\.parquet$`)

// newStaging makes the folder, and takes away what a killed run left.
func newStaging(dir string) (*staging, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	s := &staging{dir: dir, work: filepath.Join(dir, ".generating"), sizes: map[string]int64{}}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	if err := os.RemoveAll(s.work); err != nil {
		return nil, err
	}
	return s, os.Mkdir(s.work, 0o755)
}

// part names a file for the next rows.
func (s *staging) part() (string, error) {
	part := filepath.Join(s.work, "part")
	err := os.Remove(part)
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return part, err
}

// keep makes a part the file of that name, or appends to it: CSV, NDJSON and gzip can be put one after the other.
func (s *staging) keep(part, file string, t table) error {
	target := filepath.Join(s.work, file)
	first := !slices.Contains(s.files, file)
	if first {
		s.files = append(s.files, file)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
	}
	var err error
	if first && t.prefix == "" && !t.gzip {
		err = os.Rename(part, target)
	} else {
		err = appendFile(target, part, first, t)
	}
	if err != nil {
		return err
	}
	return s.measure(file)
}

func (s *staging) measure(file string) error {
	info, err := os.Stat(filepath.Join(s.work, file))
	if err == nil {
		s.sizes[file] = info.Size()
	}
	return err
}

func appendFile(target, part string, first bool, t table) (err error) {
	in, err := os.Open(part)
	if err != nil {
		return err
	}
	defer in.Close()
	file, err := os.OpenFile(target, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if first {
		if _, err := io.WriteString(file, t.prefix); err != nil {
			return err
		}
	}
	if !t.gzip {
		_, err = io.Copy(file, in)
		return err
	}
	zip, err := gzip.NewWriterLevel(file, gzip.BestSpeed)
	if err != nil {
		return err
	}
	if _, err := io.Copy(zip, in); err != nil {
		return err
	}
	return zip.Close()
}

// publish moves the files to where they belong and takes away the older ones of yearly tables.
func (s *staging) publish() error {
	for _, t := range tables {
		if t.how != yearly {
			continue
		}
		older, err := os.ReadDir(filepath.Join(s.dir, t.file))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		for _, e := range older {
			if yearFile.MatchString(e.Name()) && !slices.Contains(s.files, filepath.Join(t.file, e.Name())) {
				if err := os.Remove(filepath.Join(s.dir, t.file, e.Name())); err != nil {
					return err
				}
			}
		}
	}
	for _, f := range s.files {
		target := filepath.Join(s.dir, f)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if err := os.Rename(filepath.Join(s.work, f), target); err != nil {
			return err
		}
	}
	return nil
}

// of lists the files of a table, and their bytes.
func (s *staging) of(name string) ([]string, int64) {
	var out []string
	var bytes int64
	for _, f := range s.files {
		if f == name || filepath.Dir(f) == name {
			out, bytes = append(out, filepath.ToSlash(f)), bytes+s.sizes[f]
		}
	}
	return out, bytes
}

// remove takes the folder away; a run that failed before has said why, so that its own error is not news.
func (s *staging) remove() { _ = os.RemoveAll(s.work) }

// needs is about how many bytes so many customers take on disk while they are written: the files (463 bytes a
// customer at 1 M) and the largest part under way.
func needs(customers int64) int64 { return customers*500 + min(customers, chunkSize)*400 }

// explain turns the errors that a person can do something about into words for that person.
func (o Options) explain(err error, table string) error {
	switch text := err.Error(); {
	case errors.Is(err, syscall.ENOSPC) || strings.Contains(text, "No space left on device"):
		return fmt.Errorf("the disk of %s is full (while writing %s): %d customers need about %d MB; free some space or ask for fewer; nothing there was changed: %w",
			o.Dir, table, o.Customers, 1+needs(o.Customers)/1_000_000, err)
	case errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) || strings.Contains(text, "Permission denied"):
		return fmt.Errorf("cannot write to %s: choose a folder that you may write to: %w", o.Dir, err)
	case errors.Is(err, syscall.ENOTDIR) || errors.Is(err, fs.ErrExist):
		return fmt.Errorf("cannot write to %s: a file is in the way; choose another folder: %w", o.Dir, err)
	case table == "":
		return fmt.Errorf("cannot write to %s: %w", o.Dir, err)
	}
	return fmt.Errorf("cannot generate %s: %w", table, err)
}
