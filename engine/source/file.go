package source

import (
	"bytes"
	"sort"
	"unicode/utf8"
)

const byteOrderMark = "\xEF\xBB\xBF"

// File is the content of one file, with an index of its lines. Nothing changes it after NewFile.
type File struct {
	Path  string // slash-separated, relative to the project
	Bytes []byte // never written to

	lines []int // offset of the first byte of each line, as editors count them: LF, CRLF, CR
	yaml  []int // the same as yaml.v3 counts: those and NEL, LS, PS
	bom   int   // length of the byte order mark: 0 or 3
}

// NewFile indexes the bytes. The caller must not change them afterwards.
func NewFile(path string, b []byte) *File {
	f := &File{Path: path, Bytes: b}
	if bytes.HasPrefix(b, []byte(byteOrderMark)) {
		f.bom = len(byteOrderMark)
	}
	f.lines = lineStarts(b, false)
	f.yaml = f.lines
	if bytes.ContainsAny(b, "\u0085\u2028\u2029") {
		f.yaml = lineStarts(b, true)
	}
	return f
}

// lineStarts lists where each line begins. There is always a first line.
func lineStarts(b []byte, unicode bool) []int {
	starts := []int{0}
	for i := 0; i < len(b); {
		n := breakAt(b, i)
		if n == 0 || !unicode && b[i] != '\n' && b[i] != '\r' {
			i++
			continue
		}
		i += n
		starts = append(starts, i)
	}
	return starts
}

// breakAt gives the length in bytes of the line break at i, 0 if there is none. It knows all breaks of YAML 1.1.
func breakAt(b []byte, i int) int {
	if i >= len(b) {
		return 0
	}
	switch b[i] {
	case '\n':
		return 1
	case '\r':
		if i+1 < len(b) && b[i+1] == '\n' {
			return 2
		}
		return 1
	case 0xC2:
		if i+1 < len(b) && b[i+1] == 0x85 {
			return 2
		}
	case 0xE2:
		if i+2 < len(b) && b[i+1] == 0x80 && (b[i+2] == 0xA8 || b[i+2] == 0xA9) {
			return 3
		}
	}
	return 0
}

// Pos gives line and column of a byte offset. Offsets outside the file are moved to its nearest end.
func (f *File) Pos(offset int) Pos {
	offset = min(max(offset, 0), len(f.Bytes))
	line := sort.Search(len(f.lines), func(i int) bool { return f.lines[i] > offset })
	start := f.contentStart(f.lines, line)
	column := 1
	if offset > start {
		column += utf8.RuneCount(f.Bytes[start:offset])
	}
	return Pos{Line: line, Column: column, Byte: offset}
}

// contentStart is where line n of the index begins, after the byte order mark.
func (f *File) contentStart(index []int, n int) int {
	if n == 1 {
		return f.bom
	}
	return index[n-1]
}

// Range gives the range between two byte offsets; an end before the start makes it empty.
func (f *File) Range(start, end int) Range {
	return Range{File: f.Path, Start: f.Pos(start), End: f.Pos(max(start, end))}
}

// Whole gives the range that stands for the file as such, with no place in it.
func (f *File) Whole() Range { return Range{File: f.Path} }

// Line gives line n (1-based) without its line break and without the byte order mark, for excerpts. A line that
// does not exist is empty.
func (f *File) Line(n int) string {
	if n < 1 || n > len(f.lines) {
		return ""
	}
	end := len(f.Bytes)
	if n < len(f.lines) {
		end = f.lines[n]
	}
	return string(bytes.TrimRight(f.Bytes[f.contentStart(f.lines, n):end], "\r\n"))
}

// Lines gives the number of lines. A last line without content, after the final line break, counts too.
func (f *File) Lines() int { return len(f.lines) }

// Offset gives the byte offset of a 1-based line and a column in code points, as Pos counts them. Places outside
// the file are moved to the nearest one inside.
func (f *File) Offset(line, column int) int { return f.offset(f.lines, line, column) }

// yamlOffset is Offset for the lines and columns that yaml.v3 reports.
func (f *File) yamlOffset(line, column int) int { return f.offset(f.yaml, line, column) }

func (f *File) offset(index []int, line, column int) int {
	if line < 1 {
		return 0
	}
	if line > len(index) {
		return len(f.Bytes)
	}
	i := f.contentStart(index, line)
	for ; column > 1 && i < len(f.Bytes); column-- {
		_, n := utf8.DecodeRune(f.Bytes[i:])
		i += n
	}
	return i
}
