package spec

import (
	"bytes"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"personae/engine/source"
)

// chunk is one document of a file, from its `---` to before the next. Documents are read one by one, since yaml.v3
// gives up a whole stream at the first mistake.
type chunk struct {
	text []byte
	line int // how many lines, as yaml.v3 counts them, stand before it
}

// chunks splits a file at its `---` lines. Such a line always ends a document, even inside quotes or a block.
func chunks(b []byte) []chunk {
	var out []chunk
	begin, beginLine := 0, 0
	line := 0
	for i := 0; i < len(b); {
		if i > 0 && startsDocument(b[i:]) {
			out = append(out, chunk{b[begin:i], beginLine})
			begin, beginLine = i, line
		}
		for i < len(b) && lineBreak(b[i:]) == 0 {
			i++
		}
		i += lineBreak(b[min(i, len(b)):])
		line++
	}
	return append(out, chunk{b[begin:], beginLine})
}

func startsDocument(b []byte) bool {
	return bytes.HasPrefix(b, []byte("---")) && (len(b) == 3 || b[3] == ' ' || b[3] == '\t' || lineBreak(b[3:]) > 0)
}

// lineBreak gives the length of the line break that b begins with: LF, CR, CRLF, NEL, LS, PS, as in YAML 1.1.
func lineBreak(b []byte) int {
	switch {
	case len(b) == 0:
		return 0
	case b[0] == '\r' && len(b) > 1 && b[1] == '\n':
		return 2
	case b[0] == '\n', b[0] == '\r':
		return 1
	case b[0] == 0xC2 && len(b) > 1 && b[1] == 0x85:
		return 2
	case b[0] == 0xE2 && len(b) > 2 && b[1] == 0x80 && (b[2] == 0xA8 || b[2] == 0xA9):
		return 3
	}
	return 0
}

// lines splits text as yaml.v3 counts lines, without the breaks.
func lines(b []byte) [][]byte {
	var out [][]byte
	start := 0
	for i := 0; i < len(b); {
		n := lineBreak(b[i:])
		if n == 0 {
			i++
			continue
		}
		out = append(out, b[start:i])
		i += n
		start = i
	}
	return append(out, b[start:])
}

// mark is a place in a chunk, counted from 0; columns in code points.
type mark struct{ line, column int }

// syntaxError is why yaml.v3 gave up. The words are the library's, for the table in syntax.go only.
type syntaxError struct {
	problem, context string
	at               mark // where it noticed
	begun            mark // what it was reading began here; zero if unknown
	placed           bool // at is known
}

// readYAML parses a chunk. On a mistake the documents before it are returned too.
func readYAML(text []byte) (docs []*yaml.Node, problem *syntaxError) {
	defer func() {
		if r := recover(); r != nil { // yaml.v3 lets indexing mistakes of its own escape
			problem = &syntaxError{problem: fmt.Sprint(r)}
		}
	}()
	dec := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var n yaml.Node
		err := dec.Decode(&n)
		if err == io.EOF {
			return docs, nil
		}
		if err != nil {
			return docs, problemOf(dec, err, text)
		}
		if n.Kind == yaml.DocumentNode && len(n.Content) == 1 {
			docs = append(docs, n.Content[0])
		}
	}
}

// problemOf reads where the parser stopped. Its error names only the line where the surrounding mapping begins; the
// exact place is in unexported fields, which reflection may read. Without them the problem is left without a place.
func problemOf(dec *yaml.Decoder, err error, text []byte) *syntaxError {
	e := &syntaxError{problem: err.Error()}
	if m := unknownAnchor.FindStringSubmatch(e.problem); m != nil {
		return e.find(text, "*"+m[1])
	}
	p := reflect.ValueOf(dec).Elem().FieldByName("parser")
	if !p.IsValid() || p.Kind() != reflect.Pointer {
		return e
	}
	p = p.Elem().FieldByName("parser")
	if !p.IsValid() {
		return e
	}
	problem, context := p.FieldByName("problem"), p.FieldByName("context")
	if !problem.IsValid() || problem.Kind() != reflect.String || problem.Len() == 0 || !context.IsValid() {
		return e
	}
	at, ok := markOf(p.FieldByName("problem_mark"))
	begun, ok2 := markOf(p.FieldByName("context_mark"))
	if !ok || !ok2 {
		return e
	}
	return &syntaxError{problem: problem.String(), context: context.String(), at: at, begun: begun, placed: true}
}

// unknownAnchor is the one mistake that yaml.v3 reports without any place.
var unknownAnchor = regexp.MustCompile(`unknown anchor '([^']*)'`)

// find places the problem where the text first has the word.
func (e *syntaxError) find(text []byte, word string) *syntaxError {
	for n, line := range lines(text) {
		if i := bytes.Index(line, []byte(word)); i >= 0 {
			e.at, e.placed = mark{n, utf8.RuneCount(line[:i])}, true
			return e
		}
	}
	return e
}

func markOf(v reflect.Value) (mark, bool) {
	if !v.IsValid() || v.Kind() != reflect.Struct {
		return mark{}, false
	}
	line, column := v.FieldByName("line"), v.FieldByName("column")
	if !line.IsValid() || !line.CanInt() || !column.IsValid() || !column.CanInt() {
		return mark{}, false
	}
	return mark{int(line.Int()), int(column.Int())}, true
}

// shift moves all nodes down by the lines that stand before their chunk.
func shift(n *yaml.Node, by int) {
	if n == nil || by == 0 {
		return
	}
	n.Line += by
	for _, c := range n.Content {
		shift(c, by)
	}
}

// place gives the range of a stretch of one line of a chunk, to the end of the line where length is negative.
func place(f *source.File, c chunk, at mark, length int) source.Range {
	start := offset(f, c.line+at.line+1, at.column+1)
	end := start
	for n := length; n != 0 && end < len(f.Bytes) && lineBreak(f.Bytes[end:]) == 0; n-- {
		_, size := utf8.DecodeRune(f.Bytes[end:])
		end += size
	}
	return f.Range(start, end)
}

// offset is the byte offset of a line and column as yaml.v3 counts them.
func offset(f *source.File, line, column int) int {
	return source.NodeRange(f, &yaml.Node{Kind: yaml.DocumentNode, Line: line, Column: column}).Start.Byte
}
