package duckdb

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"syscall"

	"personae/engine/diag"
	"personae/engine/source"
)

// symptom maps a part of DuckDB's message to a diagnostic in plain words.
type symptom struct {
	part, code, summary, advice string
}

// symptoms are tried in order; %s is the dataset's name.
var symptoms = []symptom{
	{"No space left", "output-unwritable", "The disk is full", "Make room, or choose another folder with --reports. Nothing was published."},
	{"offload data block", "output-unwritable", "There is not enough room on the disk to read dataset %s", "Make room, or choose another folder with --reports."},
	{"Out of Memory", "database-error", "There is not enough memory to read dataset %s", "Allow more memory, or choose fewer columns with rules that use less."},
	{"max_temp_directory_size", "output-unwritable", "There is not enough room on the disk to read dataset %s", "Make room, or choose another folder with --reports."},
	{"invalid unicode", "data-corrupt", "A file of dataset %s is not in the encoding that was expected", "Say which one it has with `encoding` (utf-8, utf-16 or latin-1), or correct the file."},
	{"not utf-8 encoded", "data-corrupt", "A file of dataset %s is not UTF-8", "Say which encoding it has with `encoding` (utf-16 or latin-1), or correct the file."},
	{"not utf-16 encoded", "data-corrupt", "A file of dataset %s is not UTF-16", "Correct `encoding`, or the file."},
	{"Malformed JSON", "data-corrupt", "A JSON file of dataset %s cannot be read", "Correct the file at the place named below."},
	{"magic bytes", "data-corrupt", "A file of dataset %s is no Parquet file, or was cut off", "Bring the file again, or correct `source.path`."},
	{"Parquet", "data-corrupt", "A Parquet file of dataset %s is damaged", "Bring the file again."},
	{"not a valid DuckDB database", "data-corrupt", "The database file of dataset %s is no DuckDB database", "Correct `source.database`, or bring the file again."},
	{"corrupt", "data-corrupt", "A file of dataset %s is damaged", "Bring the file again."},
	{"Snappy", "data-corrupt", "A file of dataset %s is damaged", "Bring the file again."},
	{"ZSTD", "data-corrupt", "A file of dataset %s is damaged", "Bring the file again."},
	{"decompress", "data-corrupt", "A file of dataset %s is damaged", "Bring the file again."},
	{"GZIP", "data-corrupt", "A compressed file of dataset %s is damaged", "Bring the file again."},
	{"Permission Error", "path-outside-project", "Dataset %s reads a file that it may not read", "Files stay inside the project, or under a folder named with --data."},
	{"Permission denied", "file-unreadable", "A file of dataset %s may not be read", "Give yourself the right to read it."},
	{"No files found", "data-missing", "A file of dataset %s is not there", "Bring the file, or correct `source.path`."},
	{"Conflicting lock", "file-unreadable", "The database file of dataset %s is in use by another program", "Close the other program, or copy the file."},
	{"Could not set lock", "file-unreadable", "The database file of dataset %s is in use by another program", "Close the other program, or copy the file."},
	{"Invalid Input Error", "data-corrupt", "A file of dataset %s cannot be read", "Correct the file, or say how it is written: `format`, `delimiter`, `quote`, `encoding`."},
	{"IO Error", "file-unreadable", "A file of dataset %s cannot be read", "Check that the file is there and whole."},
}

// report turns an error of the database into a diagnostic at a place.
func report(list *diag.List, err error, dataset string, at source.Range) {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || strings.Contains(err.Error(), "INTERRUPT") {
		list.Errorf("database-error", at, "Reading dataset %s was stopped", dataset).Detail = "Nothing was published. Start again when you are ready."
		return
	}
	text := err.Error()
	for _, s := range symptoms {
		if strings.Contains(strings.ToLower(text), strings.ToLower(s.part)) {
			d := list.Errorf(s.code, at, "%s", strings.ReplaceAll(s.summary, "%s", dataset))
			d.Detail = s.advice + "\nDuckDB says: " + firstLines(text)
			return
		}
	}
	list.Errorf("database-error", at, "Dataset %s cannot be read", dataset).Detail =
		"The database gave up. If the data looks right, report this as a bug.\nDuckDB says: " + firstLines(text)
}

// firstLines keeps the message and drops the excerpt of our own SQL below it.
func firstLines(text string) string {
	text, _, _ = strings.Cut(text, "\n\nLINE ")
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[:min(len(lines), 3)], "\n")
}

// PlainError says the usual system errors in plain words.
func PlainError(err error) error {
	switch {
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return errors.New("permission denied")
	case errors.Is(err, syscall.ENOSPC), strings.Contains(err.Error(), "No space left"):
		return errors.New("the disk is full")
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("it does not exist")
	}
	return err
}
