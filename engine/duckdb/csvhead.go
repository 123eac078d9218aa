package duckdb

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/klauspost/compress/zstd"
)

// headSize is how much of a text file is looked at for names and delimiter.
const headSize = 1 << 18

// readHead gives the beginning of a text file, decompressed and as UTF-8,
// without the byte order mark. A character that is cut off at the end is left out.
func readHead(path, encoding string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", PlainError(err)
	}
	defer f.Close()
	in := bufio.NewReader(f)
	var reader io.Reader = in
	magic, _ := in.Peek(4)
	switch {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		gz, err := gzip.NewReader(in)
		if err != nil {
			return "", errors.New("it is no gzip file, or was cut off")
		}
		reader = gz
	case bytes.Equal(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		z, err := zstd.NewReader(in)
		if err != nil {
			return "", errors.New("it is no zstd file, or was cut off")
		}
		defer z.Close()
		reader = z
	}
	head, err := io.ReadAll(io.LimitReader(reader, headSize))
	if err != nil {
		return "", errors.New("its compression is damaged, or it was cut off")
	}
	return decode(head, encoding)
}

func decode(head []byte, encoding string) (string, error) {
	switch encoding {
	case "latin-1":
		runes := make([]rune, len(head))
		for i, c := range head {
			runes[i] = rune(c)
		}
		return string(runes), nil
	case "utf-16":
		big := bytes.HasPrefix(head, []byte{0xFE, 0xFF})
		units := make([]uint16, 0, len(head)/2)
		for i := 0; i+1 < len(head); i += 2 {
			if big {
				units = append(units, uint16(head[i])<<8|uint16(head[i+1]))
			} else {
				units = append(units, uint16(head[i+1])<<8|uint16(head[i]))
			}
		}
		return strings.TrimPrefix(string(utf16.Decode(units)), "\uFEFF"), nil
	}
	if bytes.HasPrefix(head, []byte{0xFE, 0xFF}) || bytes.HasPrefix(head, []byte{0xFF, 0xFE}) {
		return "", errors.New("it is UTF-16; write `encoding: utf-16`")
	}
	head = bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF"))
	if i := bytes.IndexByte(head, 0); i >= 0 {
		return "", errors.New("it holds zero bytes and is no text")
	}
	line, _, _ := bytes.Cut(head, []byte("\n"))
	if !utf8.Valid(line) {
		return "", errors.New("its first line is not UTF-8; write `encoding: latin-1` if it comes from an older program")
	}
	return strings.ToValidUTF8(string(head), "\uFFFD"), nil
}

// readHeader gives the names of the columns. Without a header line the names are empty.
func readHeader(path string, form dialect) ([]string, error) {
	head, err := readHead(path, form.encoding)
	if err != nil {
		return nil, err
	}
	header, _ := record(head, form.delimiter, form.quote)
	if len(header) > 5000 {
		return nil, fmt.Errorf("it has %d columns; the delimiter is probably another one", len(header))
	}
	if !form.header {
		return make([]string, len(header)), nil
	}
	return header, nil
}

// record splits the first record of a text into cells. Quotes inside quotes
// are doubled. rest is what follows.
func record(text, delimiter, quote string) (cells []string, rest string) {
	var cell strings.Builder
	quoted := false
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quoted && string(c) == quote:
			if i+1 < len(text) && text[i+1] == c {
				cell.WriteByte(c)
				i++
			} else {
				quoted = false
			}
		case quoted:
			cell.WriteByte(c)
		case string(c) == quote && cell.Len() == 0:
			quoted = true
		case string(c) == delimiter:
			cells = append(cells, cell.String())
			cell.Reset()
		case c == '\n' || c == '\r':
			if c == '\r' && i+1 < len(text) && text[i+1] == '\n' {
				i++
			}
			return append(cells, cell.String()), text[i+1:]
		default:
			cell.WriteByte(c)
		}
	}
	return append(cells, cell.String()), ""
}

// findDelimiter chooses the delimiter that splits the most of the first 50
// records into as many cells as the first, then the one that makes most cells.
func findDelimiter(head, quote string) string {
	best, bestScore := ",", 0
	for _, candidate := range []string{",", ";", "\t", "|"} {
		header, rest := record(head, candidate, quote)
		if len(header) < 2 {
			continue
		}
		same, seen := 1, 1
		for ; rest != "" && seen < 50; seen++ {
			var cells []string
			cells, rest = record(rest, candidate, quote)
			if rest == "" && seen > 1 {
				break // may be cut off
			}
			if len(cells) == len(header) {
				same++
			}
		}
		if score := same*1000/seen*1000 + min(len(header), 999); score > bestScore {
			best, bestScore = candidate, score
		}
	}
	return best
}
