package source

// maxIndent bounds the search for the indentation of a block with an indentation indicator. yaml.v3 adds the
// indicator to the indentation of the parent, which is not known here.
const maxIndent = 256

// neverIndented is deeper than any line: a block of which only line breaks belong to the value.
const neverIndented = 1 << 30

// block scans a literal or folded scalar, header included.
func (s *scan) block(indicator byte) bool {
	if s.peek(0) != indicator {
		return false
	}
	s.pos++
	chomp, explicit := byte(0), false
	for {
		c := s.peek(0)
		if c == '+' || c == '-' {
			chomp = c
		} else if c >= '1' && c <= '9' {
			explicit = true
		} else {
			break
		}
		s.pos++
	}
	s.end, s.contentEnd = s.pos, s.pos
	for s.pos < len(s.src) && breakAt(s.src, s.pos) == 0 {
		s.pos++ // blanks and a comment
	}
	s.pos += breakAt(s.src, s.pos)

	tries := []int{s.deepest(), neverIndented}
	if explicit {
		tries = tries[:0]
		for indent := 1; indent <= min(s.deepest(), maxIndent); indent++ {
			tries = append(tries, indent)
		}
		tries = append(tries, neverIndented)
	}
	start := *s
	for _, indent := range tries {
		*s = start
		s.pieces = nil
		if s.blockBody(max(indent, 1), indicator == '|', chomp) {
			return true
		}
	}
	return false
}

// deepest gives the indentation that yaml.v3 detects: the deepest of the blank lines at the start and the first
// line that is not blank.
func (s *scan) deepest() int {
	deepest, column := 0, 0
	for i := s.pos; i < len(s.src); {
		if s.src[i] == ' ' {
			i++
			column++
			deepest = max(deepest, column)
			continue
		}
		n := breakAt(s.src, i)
		if n == 0 {
			break
		}
		i += n
		column = 0
	}
	return deepest
}

// blockBody scans the lines of a block with a known indentation.
func (s *scan) blockBody(indent int, literal bool, chomp byte) bool {
	column, trailing := s.blockBreaks(indent)
	var leading []pause // the break after the last line: none or one
	wasBlank := false
	for column == indent && s.pos < len(s.src) {
		isBlank := isBlank(s.src, s.pos)
		if !literal && !wasBlank && !isBlank && len(leading) > 0 && leading[0].text == "\n" {
			if len(trailing) == 0 && !s.emit(" ", leading[0].from, s.pos) {
				return false
			}
		} else if !s.emitPauses(leading...) {
			return false
		}
		if !s.emitPauses(trailing...) {
			return false
		}
		wasBlank = isBlank

		from := s.pos
		for s.pos < len(s.src) && breakAt(s.src, s.pos) == 0 {
			s.pos++
		}
		if !s.emit(string(s.src[from:s.pos]), from, s.pos) {
			return false
		}
		s.end = s.pos
		leading = nil
		if s.pos < len(s.src) {
			leading = []pause{s.readBreak()}
		}
		column, trailing = s.blockBreaks(indent)
	}
	if chomp != '-' && !s.emitPauses(leading...) {
		return false
	}
	if chomp == '+' && !s.emitPauses(trailing...) {
		return false
	}
	return s.at == len(s.want)
}

// blockBreaks consumes indentation and blank lines, and gives the column that it stopped at.
func (s *scan) blockBreaks(indent int) (column int, breaks []pause) {
	for {
		for column < indent && s.peek(0) == ' ' {
			s.pos++
			column++
		}
		if breakAt(s.src, s.pos) == 0 {
			return column, breaks
		}
		breaks = append(breaks, s.readBreak())
		column = 0
	}
}
