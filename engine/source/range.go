package source

import "fmt"

// Pos is one place in a file.
type Pos struct {
	Line   int // 1-based; 0 means unknown
	Column int // 1-based, counted in code points; a byte order mark counts as none
	Byte   int // 0-based offset into the file
}

// IsZero says whether the position is unknown.
func (p Pos) IsZero() bool { return p == Pos{} }

// Range is a stretch of one file, half-open: End is the place after the last code point.
// A range with a File and no Start is about the file as a whole.
type Range struct {
	File       string // slash-separated, relative to the project
	Start, End Pos
}

// IsZero says whether the range names no place at all.
func (r Range) IsZero() bool { return r == Range{} }

// IsEmpty says whether the range covers no byte: a point, or a whole file.
func (r Range) IsEmpty() bool { return r.End.Byte <= r.Start.Byte }

// String gives "rules/x.yaml:14:3", the start of the range as editors and terminals understand it,
// or the file alone where the place is unknown.
func (r Range) String() string {
	switch {
	case r.Start.Line == 0:
		return r.File
	case r.File == "":
		return fmt.Sprintf("%d:%d", r.Start.Line, r.Start.Column)
	}
	return fmt.Sprintf("%s:%d:%d", r.File, r.Start.Line, r.Start.Column)
}

// Contains says whether the byte offset lies inside the range. The end counts as inside, so that a cursor right
// after a word is still on it.
func (r Range) Contains(offset int) bool {
	return r.Start.Line > 0 && r.Start.Byte <= offset && offset <= r.End.Byte
}

// Less orders ranges by file, then start, then end.
func (r Range) Less(o Range) bool {
	if r.File != o.File {
		return r.File < o.File
	}
	if r.Start.Byte != o.Start.Byte || r.Start.Line != o.Start.Line {
		return r.Start.Line < o.Start.Line || r.Start.Line == o.Start.Line && r.Start.Byte < o.Start.Byte
	}
	return r.End.Byte < o.End.Byte
}

// To gives the range from the start of r to the end of o, for two ranges of one file; otherwise r.
func (r Range) To(o Range) Range {
	if r.File != o.File || o.End.Byte < r.Start.Byte || o.Start.Line == 0 {
		return r
	}
	return Range{File: r.File, Start: r.Start, End: o.End}
}
