package source

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// scan reads one scalar again, as yaml.v3 did, and writes down where each decoded byte came from. It is led by the
// value that yaml.v3 found: that decides what depends on the surroundings (where a plain scalar ends, how deep a
// block is indented), and every byte is compared with it.
type scan struct {
	src  []byte
	pos  int
	want string

	at         int // how much of want has been matched
	pieces     []piece
	end        int // after the scalar: closing quote, last line of a block
	contentEnd int // after the last decoded byte
}

// pause is a line break that is not yet decoded: folding decides by what follows.
type pause struct {
	from, until int
	text        string // "\n", or LS or PS, which yaml.v3 keeps
}

// scalar scans one scalar of the given style and says whether it decodes to what was wanted.
func (s *scan) scalar(style yaml.Style) bool {
	s.end, s.contentEnd = s.pos, s.pos
	switch {
	case style&yaml.DoubleQuotedStyle != 0:
		return s.quoted('"')
	case style&yaml.SingleQuotedStyle != 0:
		return s.quoted('\'')
	case style&yaml.LiteralStyle != 0:
		return s.block('|')
	case style&yaml.FoldedStyle != 0:
		return s.block('>')
	}
	return s.plain()
}

// emit records that text was decoded from the source bytes [from, until), and says whether that was wanted.
func (s *scan) emit(text string, from, until int) bool {
	if !strings.HasPrefix(s.want[s.at:], text) {
		return false
	}
	if text == "" {
		return true
	}
	copied := string(s.src[from:until]) == text
	if last := len(s.pieces) - 1; copied && last >= 0 && s.pieces[last].copied && s.pieces[last].until == from {
		s.pieces[last].size += len(text)
		s.pieces[last].until = until
	} else {
		s.pieces = append(s.pieces, piece{at: s.at, size: len(text), from: from, until: until, copied: copied})
	}
	s.at += len(text)
	s.contentEnd = until
	return true
}

// emitPauses records line breaks that stay in the value.
func (s *scan) emitPauses(ps ...pause) bool {
	for _, p := range ps {
		if !s.emit(p.text, p.from, p.until) {
			return false
		}
	}
	return true
}

// readBreak consumes the line break at the position. CR, LF, CRLF and NEL become LF; LS and PS stay.
func (s *scan) readBreak() pause {
	n := breakAt(s.src, s.pos)
	p := pause{from: s.pos, until: s.pos + n, text: "\n"}
	if n == 3 {
		p.text = string(s.src[s.pos : s.pos+n])
	}
	s.pos += n
	return p
}

// blankOrEnd says whether the position holds no character of a word.
func (s *scan) blankOrEnd() bool {
	return s.pos >= len(s.src) || isBlank(s.src, s.pos) || breakAt(s.src, s.pos) > 0
}

// space consumes blanks and line breaks between words: the blanks [from, until) if there is no break, else the
// breaks. After an escaped line break (joined) blanks are dropped and no break is the first.
func (s *scan) space(joined bool) (blanks pause, first []pause, rest []pause) {
	blanks = pause{from: s.pos, until: s.pos}
	broken := joined
	for {
		switch {
		case isBlank(s.src, s.pos):
			s.pos++
			if !broken {
				blanks.until = s.pos
			}
		case breakAt(s.src, s.pos) > 0:
			if p := s.readBreak(); broken {
				rest = append(rest, p)
			} else {
				first, broken = []pause{p}, true
			}
		default:
			return blanks, first, rest
		}
	}
}

// fold decodes what space consumed before a word at the position: one line break becomes a space, of several the
// first is dropped.
func (s *scan) fold(blanks pause, first, rest []pause, joined bool) bool {
	switch {
	case len(first) == 0 && !joined:
		return s.emit(string(s.src[blanks.from:blanks.until]), blanks.from, blanks.until)
	case len(first) == 1 && first[0].text == "\n" && len(rest) == 0:
		return s.emit(" ", first[0].from, s.pos)
	case len(first) == 1 && first[0].text == "\n":
		return s.emitPauses(rest...)
	}
	return s.emitPauses(first...) && s.emitPauses(rest...)
}

// plain scans a scalar without quotes. It ends where the wanted value ends, which is always a word: what ends a
// plain scalar (comments, indentation, flow indicators) need not be known here.
func (s *scan) plain() bool {
	for s.at < len(s.want) {
		from := s.pos
		for !s.blankOrEnd() && s.pos-from < len(s.want)-s.at {
			s.pos++
		}
		if s.pos == from || !s.emit(string(s.src[from:s.pos]), from, s.pos) {
			return false
		}
		s.end = s.pos
		if s.at == len(s.want) {
			break
		}
		if blanks, first, rest := s.space(false); !s.fold(blanks, first, rest, false) {
			return false
		}
	}
	return true
}
