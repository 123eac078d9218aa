package source

import (
	"sort"
	"unicode/utf8"
)

// Text is a decoded YAML scalar that knows where each byte of its value stands. The zero Text is an empty value
// with no place.
type Text struct {
	value  string
	whole  Range
	places *places // nil: only the whole is known
	offset int     // where value begins in the value that places is about
}

// Plain makes a text for a value that was not read from a scalar: every part of it stands at r.
func Plain(value string, r Range) Text { return Text{value: value, whole: r} }

// Value gives the decoded value.
func (t Text) Value() string { return t.value }

// String gives the decoded value.
func (t Text) String() string { return t.value }

// IsZero says whether the text is an empty value with no place: a key that was not written.
func (t Text) IsZero() bool { return t.value == "" && t.whole.IsZero() }

// Range gives where the whole scalar stands, quotes and block header included, trailing line breaks not.
func (t Text) Range() Range { return t.whole }

// Exact says whether Sub knows the places of the parts.
func (t Text) Exact() bool { return t.places != nil }

// Sub gives where the bytes [start, end) of the value stand. What was decoded from one escape or one folded line
// break is one place: a range that cuts through it covers all of it. Where the map is not known, or the offsets are
// outside the value, the range is the whole scalar.
func (t Text) Sub(start, end int) Range {
	if t.places == nil || start < 0 || end < start || end > len(t.value) {
		return t.whole
	}
	from, to := t.places.locate(t.offset+start, t.offset+end)
	return t.places.file.Range(from, to)
}

// SubRunes is Sub for offsets in code points, which is how CEL counts.
func (t Text) SubRunes(start, end int) Range {
	if start < 0 || end < start {
		return t.whole
	}
	return t.Sub(runeOffset(t.value, start), runeOffset(t.value, end))
}

// runeOffset gives the byte offset of code point n, -1 if the string has fewer.
func runeOffset(s string, n int) int {
	for i := range s {
		if n == 0 {
			return i
		}
		n--
	}
	if n == 0 {
		return len(s)
	}
	return -1
}

// Slice gives the part [start, end) of the value as a text of its own that still knows its places, for an
// expression inside a sentence. Offsets outside the value are moved to its nearest end.
func (t Text) Slice(start, end int) Text {
	start = min(max(start, 0), len(t.value))
	end = min(max(end, start), len(t.value))
	return Text{value: t.value[start:end], whole: t.Sub(start, end), places: t.places, offset: t.offset + start}
}

// Runes gives the length of the value in code points.
func (t Text) Runes() int { return utf8.RuneCountInString(t.value) }

// places maps offsets in a decoded value to offsets in the file. Its pieces are in order and cover the value
// without gaps; between their sources there may be gaps: indentation, dropped spaces.
type places struct {
	file   *File
	pieces []piece
	end    int // source offset after the last piece, where an empty range at the end of the value stands
}

// piece is a stretch of the decoded value: copied byte by byte, or decoded as a whole from source bytes.
type piece struct {
	at, size    int // in the value
	from, until int // in the file
	copied      bool
}

// locate gives the source offsets of the bytes [start, end) of the value.
func (p *places) locate(start, end int) (from, to int) {
	from = p.end
	if i := p.find(start); i < len(p.pieces) {
		from = p.pieces[i].from
		if p.pieces[i].copied {
			from += start - p.pieces[i].at
		}
	}
	if end == start {
		return from, from
	}
	last := p.pieces[p.find(end-1)]
	if last.copied {
		return from, last.from + end - last.at
	}
	return from, last.until
}

// find gives the index of the piece that holds the byte at offset, len(pieces) if none does.
func (p *places) find(offset int) int {
	return sort.Search(len(p.pieces), func(i int) bool { return p.pieces[i].at+p.pieces[i].size > offset })
}
