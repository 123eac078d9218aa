package scaffold

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/klauspost/compress/zstd"

	"personae/engine/english"
)

const (
	headSize  = 1 << 18 // bytes of a text that are looked at for its delimiter
	checkSize = 1 << 26 // bytes of a text that are looked at for its encoding
)

// fileFormat is how a file is written.
type fileFormat struct {
	kind      string // parquet csv json ndjson
	written   bool   // the name does not tell the kind: `format:` must be written
	encoding  string // "" for UTF-8
	delimiter string // of csv
	headless  bool   // the first line of csv is data
}

var kinds = map[string]string{
	".parquet": "parquet", ".pq": "parquet", ".csv": "csv", ".tsv": "csv", ".tab": "csv", ".txt": "csv",
	".json": "json", ".ndjson": "ndjson", ".jsonl": "ndjson",
}

// formats finds out how each file is written.
func (m *maker) formats() {
	for _, t := range m.tables {
		head, why := readHead(t.path)
		if why != "" {
			m.problem("data-corrupt", t.given, "The file "+t.given+" cannot be read: "+why, "Bring the file again, or leave it out.")
			continue
		}
		m.format(t, head)
	}
}

func (m *maker) format(t *table, head []byte) {
	name := strings.ToLower(filepath.Base(t.path))
	known := kinds[filepath.Ext(strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".zst"))]
	found, why := kindOf(head)
	switch {
	case found == "" && known == "":
		m.problem("data-corrupt", t.given, fmt.Sprintf("%s is neither Parquet nor text: %s", t.given, why), "Personae reads Parquet, CSV, JSON and NDJSON. Export the data as one of them (spreadsheets: as CSV).")
		return
	case found == "" && known != "parquet":
		m.problem("data-corrupt", t.given, fmt.Sprintf("%s is no text: %s", t.given, why), "Bring the file again. Spreadsheets are exported as CSV.")
		return
	case found == "" || known == "parquet" && found != "parquet":
		m.problem("data-corrupt", t.given, t.given+" is called Parquet and is none", "It was damaged, cut off, or has the wrong name. Bring the file again.")
		return
	}
	t.format = fileFormat{kind: known}
	if known == "" || found == "parquet" && known != "parquet" {
		t.format.kind, t.format.written = found, true
		t.notes = append(t.notes, m.guess(t.given, "written as "+found, High, "its first bytes; its name does not say it"))
	}
	if t.format.kind == "csv" {
		m.text(t, head)
	}
}

// kindOf tells the format from the first bytes; "" where it is none, with the reason.
func kindOf(head []byte) (kind, why string) {
	if bytes.HasPrefix(head, []byte("PAR1")) {
		return "parquet", ""
	}
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return "", "it is a ZIP archive or an Excel workbook"
	}
	utf16 := bytes.HasPrefix(head, []byte{0xFF, 0xFE}) || bytes.HasPrefix(head, []byte{0xFE, 0xFF})
	if !utf16 && bytes.IndexByte(head, 0) >= 0 {
		return "", "it holds zero bytes"
	}
	switch text := bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF"))); {
	case len(text) == 0:
		return "", "it holds nothing but blanks"
	case text[0] == '[':
		return "json", ""
	case text[0] == '{':
		return "ndjson", ""
	}
	return "csv", ""
}

// text finds encoding and delimiter of a CSV file.
func (m *maker) text(t *table, head []byte) {
	f := &t.format
	switch {
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}), bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		f.encoding = "utf-16"
		t.notes = append(t.notes, m.guess(t.given, "encoding utf-16", High, "its byte order mark"))
		head = narrow(head)
	default:
		if at := notUTF8(t.path); at >= 0 {
			f.encoding = "latin-1"
			t.notes = append(t.notes, m.guess(t.given, "encoding latin-1", Medium, fmt.Sprintf("byte %s is not UTF-8", english.Number(at+1))))
			head = widen(head)
		}
	}
	defer func() { m.header(t, head) }()
	lines := bytes.Count(head, []byte("\n")) + bytes.Count(head, []byte("\r"))
	best, shares := findDelimiter(head)
	f.delimiter = best
	switch {
	case best == "" && lines == 0:
		f.delimiter = ","
	case best == "":
		f.delimiter = ","
		t.notes = append(t.notes, m.guess(t.given, "one column", Low, "no comma, semicolon, tab or bar splits its lines alike"))
	default:
		confidence := High
		if shares < 1 {
			confidence = Medium
		}
		t.notes = append(t.notes, m.guess(t.given, delimiterNames[best]+" between cells", confidence, fmt.Sprintf("%.0f %% of the first lines have as many cells as the first", shares*100)))
	}
}

// header finds files whose first line is data already: most cells are numbers.
func (m *maker) header(t *table, head []byte) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF"))))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = rune(t.format.delimiter[0]), true, -1
	first, err := r.Read()
	if err != nil {
		return
	}
	numbers := 0
	for _, cell := range first {
		if _, err := strconv.ParseFloat(strings.TrimSpace(cell), 64); err == nil {
			numbers++
		}
	}
	if numbers*2 > len(first) {
		t.format.headless = true
		t.notes = append(t.notes, m.guess(t.given, "no line with names", Medium, fmt.Sprintf("%d of the %d cells of the first line are numbers; name the columns with `from: column_1` and so on", numbers, len(first))))
	}
}

var delimiterNames = map[string]string{",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}

// findDelimiter chooses the delimiter that splits most of the first records
// into as many cells as the first, then the one that makes most cells. share is
// of those records.
func findDelimiter(head []byte) (delimiter string, share float64) {
	head = bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF"))
	most := 0
	for _, candidate := range []string{",", ";", "\t", "|"} {
		r := csv.NewReader(bytes.NewReader(head))
		r.Comma, r.LazyQuotes, r.FieldsPerRecord, r.ReuseRecord = rune(candidate[0]), true, -1, true
		var cells []int
		for len(cells) < 51 {
			record, err := r.Read()
			if err != nil {
				break
			}
			cells = append(cells, len(record))
		}
		if len(cells) > 1 && len(head) == headSize {
			cells = cells[:len(cells)-1] // may be cut off
		}
		if len(cells) == 0 || cells[0] < 2 {
			continue
		}
		same := 0
		for _, n := range cells {
			if n == cells[0] {
				same++
			}
		}
		if got := float64(same) / float64(len(cells)); got > share || got == share && cells[0] > most {
			delimiter, share, most = candidate, got, cells[0]
		}
	}
	return delimiter, share
}

// open gives the decompressed bytes of a file.
func open(path string) (io.Reader, func(), error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	in := bufio.NewReader(f)
	magic, _ := in.Peek(4)
	switch {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		gz, err := gzip.NewReader(in)
		if err != nil {
			f.Close()
			return nil, nil, err
		}
		return gz, func() { f.Close() }, nil
	case bytes.Equal(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		z, err := zstd.NewReader(in)
		if err != nil {
			f.Close()
			return nil, nil, err
		}
		return z, func() { z.Close(); f.Close() }, nil
	}
	return in, func() { f.Close() }, nil
}

func readHead(path string) (head []byte, why string) {
	in, done, err := open(path)
	if err != nil {
		return nil, "its compression is damaged, or it was cut off"
	}
	defer done()
	head, err = io.ReadAll(io.LimitReader(in, headSize))
	if err != nil {
		return nil, "its compression is damaged, or it was cut off"
	}
	return head, ""
}

// notUTF8 gives the offset of the first byte that is not UTF-8, -1 for none.
func notUTF8(path string) int64 {
	in, done, err := open(path)
	if err != nil {
		return -1
	}
	defer done()
	r := bufio.NewReaderSize(io.LimitReader(in, checkSize), 1<<16)
	for at := int64(0); ; {
		c, size, err := r.ReadRune()
		if err != nil {
			return -1
		}
		if c == utf8.RuneError && size == 1 && at < checkSize-4 {
			return at
		}
		at += int64(size)
	}
}

// narrow makes the ASCII part of UTF-16 readable; the rest does not matter for delimiters.
func narrow(head []byte) []byte {
	out := make([]byte, 0, len(head)/2)
	for _, c := range head[2:] {
		if c != 0 && c < 0x80 {
			out = append(out, c)
		}
	}
	return out
}

// widen makes UTF-8 of Latin-1.
func widen(head []byte) []byte {
	var b bytes.Buffer
	for _, c := range head {
		b.WriteRune(rune(c))
	}
	return b.Bytes()
}
