package source

import "gopkg.in/yaml.v3"

// Scalar gives the text of a scalar node of f, in any of the five styles. The scalar is scanned a second time, and
// each step is compared with the value that yaml.v3 decoded; where the two differ, the text knows its whole range
// only, so that a part never points to a wrong place.
//
// The range of a scalar with a tag or an anchor includes them. A node that is no scalar gives an empty text at the
// range of NodeRange.
func Scalar(f *File, n *yaml.Node) Text {
	if n == nil {
		return Text{}
	}
	if n.Kind != yaml.ScalarNode {
		return Plain("", NodeRange(f, n))
	}
	start := f.yamlOffset(n.Line, n.Column)
	body := f.skipProperties(start)
	s := &scan{src: f.Bytes, pos: body, want: n.Value}
	ok := s.scalar(n.Style)
	if ok && body == s.end && body > start { // `when: !segment.staff`: nothing but a tag
		s.end = f.skipProperty(start)
		s.contentEnd = s.end
	}
	t := Text{value: n.Value}
	if !ok {
		t.whole = f.Range(start, f.endOfWord(start, s.pos))
		return t
	}
	t.whole = f.Range(start, s.end)
	t.places = &places{file: f, pieces: s.pieces, end: s.contentEnd}
	return t
}

// skipProperties moves over tags, anchors and the blanks and comments after them: yaml.v3 counts them to the node.
func (f *File) skipProperties(i int) int {
	for end := f.skipProperty(i); end > i; end = f.skipProperty(i) {
		i = skipSpace(f.Bytes, end)
	}
	return i
}

// skipProperty moves over one tag or anchor. yaml.v3 lets a blank end a tag, even in a flow collection, and any
// character but letters, digits, - and _ end an anchor.
func (f *File) skipProperty(i int) int {
	b := f.Bytes
	if i >= len(b) || b[i] != '!' && b[i] != '&' {
		return i
	}
	anchor := b[i] == '&'
	for i++; i < len(b) && !isBlank(b, i) && breakAt(b, i) == 0 && !(anchor && !isAnchorChar(b[i])); {
		i++
	}
	return i
}

func isAnchorChar(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '_' || c == '-'
}

// skipSpace moves over blanks, line breaks and comments.
func skipSpace(b []byte, i int) int {
	for i < len(b) {
		switch n := breakAt(b, i); {
		case n > 0:
			i += n
		case isBlank(b, i):
			i++
		case b[i] == '#' && (i == 0 || isBlank(b, i-1) || b[i-1] == '\n' || b[i-1] == '\r'):
			for i < len(b) && breakAt(b, i) == 0 {
				i++
			}
		default:
			return i
		}
	}
	return i
}

// endOfWord is the end of a range for a scalar that could not be scanned: what was reached, but on the first line,
// since nothing is known about the others.
func (f *File) endOfWord(start, reached int) int {
	i := start
	for i < len(f.Bytes) && i < max(reached, start+1) && breakAt(f.Bytes, i) == 0 {
		i++
	}
	return i
}

func isBlank(b []byte, i int) bool { return i < len(b) && (b[i] == ' ' || b[i] == '\t') }

// NodeRange gives where a node of any kind stands: a scalar as Scalar says, an alias with its star, a collection from
// its first to its last child, with the brackets where it has them.
func NodeRange(f *File, n *yaml.Node) Range {
	if n == nil {
		return Range{}
	}
	start, end := nodeSpan(f, n)
	return f.Range(start, end)
}

func nodeSpan(f *File, n *yaml.Node) (start, end int) {
	start = f.yamlOffset(n.Line, n.Column)
	switch n.Kind {
	case yaml.ScalarNode:
		r := Scalar(f, n).Range()
		return r.Start.Byte, r.End.Byte
	case yaml.AliasNode:
		return start, start + 1 + len(n.Value)
	}
	end = start
	if len(n.Content) > 0 {
		_, end = nodeSpan(f, n.Content[len(n.Content)-1])
	}
	if n.Style&yaml.FlowStyle == 0 {
		return start, end
	}
	i := end
	if len(n.Content) == 0 {
		i = f.skipProperties(start) + 1
	}
	for i = skipSpace(f.Bytes, i); i < len(f.Bytes) && f.Bytes[i] == ','; {
		i = skipSpace(f.Bytes, i+1)
	}
	if i < len(f.Bytes) && (f.Bytes[i] == ']' || f.Bytes[i] == '}') {
		end = i + 1
	}
	return start, end
}
