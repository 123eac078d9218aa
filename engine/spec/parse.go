package spec

import (
	"bytes"
	"cmp"
	"iter"
	"maps"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"personae/engine/diag"
	"personae/engine/source"
)

// Limits that keep hostile files cheap. Rules are written by people and stay far below them.
const (
	maxLineLength = 20_000  // bytes; positions are counted along a line
	maxNodes      = 200_000 // YAML values in one file
	maxSeparators = 400_000 // line ends and commas in one file: reading takes 5 µs for each, before values are counted
	maxDepth      = 32      // levels of nesting
	maxProblems   = 500     // in one file; what follows them is not read
	maxReread     = 2 << 20 // bytes that are read again after traps in one document
	maxTraps      = 100     // in one document
	maxAhead      = 64      // documents of one file that are read at once
)

// Parse turns files into a module and reports every problem in one go, worst first. A document that YAML cannot read
// is reported and hides no problem of any other. The module is never nil, and what is wrong in it is left out.
func Parse(files []*source.File) (*Module, diag.List) {
	m := &Module{Files: slices.Clone(files)}
	slices.SortStableFunc(m.Files, func(a, b *source.File) int { return cmp.Compare(a.Path, b.Path) })
	parts := make([]*parser, len(m.Files))
	parallel(len(parts), func(i int) {
		parts[i] = newParser(&Module{})
		parts[i].parseFile(m.Files[i])
	})
	p := newParser(m)
	for _, part := range parts {
		p.join(part)
	}
	if m.Project == nil {
		m.Project = &Project{Document: Document{Name: source.Plain("project", source.Range{})}}
	}
	validate(m, p.incomplete, &p.diags)
	diags := p.diags.Dedup()
	diags.Sort()
	return m, diags
}

// parallel calls f for 0 to n-1 on all processors.
func parallel(n int, f func(int)) {
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(i)
			}
		})
	}
	wait.Wait()
}

// parser reads one file, or some of its documents: they know nothing of each other until they are joined.
type parser struct {
	module     *Module
	diags      diag.List
	incomplete map[any]bool // parts of the module with a reported problem inside: rules about what is missing skip them
	nodes      int          // in the file
}

func newParser(m *Module) *parser { return &parser{module: m, incomplete: map[any]bool{}} }

// join adds what was read next.
func (p *parser) join(next *parser) {
	m, n := p.module, next.module
	p.nodes += next.nodes
	p.diags.Add(next.diags...)
	maps.Copy(p.incomplete, next.incomplete)
	if n.Project != nil {
		p.project(n.Project)
	}
	m.Datasets = append(m.Datasets, n.Datasets...)
	m.Parameters = append(m.Parameters, n.Parameters...)
	m.Traits = append(m.Traits, n.Traits...)
	m.Segments = append(m.Segments, n.Segments...)
	m.Segmentations = append(m.Segmentations, n.Segmentations...)
	m.Scores = append(m.Scores, n.Scores...)
	m.Journeys = append(m.Journeys, n.Journeys...)
	m.Personas = append(m.Personas, n.Personas...)
	m.Research = append(m.Research, n.Research...)
	m.Exports = append(m.Exports, n.Exports...)
	m.Tests = append(m.Tests, n.Tests...)
	m.Broken = append(m.Broken, n.Broken...)
}

// project takes the first description of the project and reports others.
func (p *parser) project(one *Project) {
	if p.module.Project == nil {
		p.module.Project = one
		return
	}
	p.diags.Report("duplicate-name", one.Name.Range(), "The project is described a second time").
		Relate(p.module.Project.Name.Range(), "First described here").
		Detail = "A project has one document of kind Project. Merge the two."
}

func (p *parser) parseFile(f *source.File) {
	if !p.readable(f) {
		return
	}
	before, docs := len(p.diags), 0
	for c, part := range readAhead(f) {
		if p.nodes+part.nodes > maxNodes { // reported where the file has too many
			p.parseChunk(f, c)
			return
		}
		p.join(part.parser)
		docs += part.docs
		if len(p.diags)-before > maxProblems {
			p.diags.Report("file-too-large", place(f, c, mark{}, -1), "This file has more than %d problems; the rest of it was not read", maxProblems).
				Detail = "Correct those that are reported, then check again."
			p.module.Broken = append(p.module.Broken, Broken{Range: f.Whole()})
			return
		}
	}
	if docs > 0 || len(p.diags) > before {
		return
	}
	if len(bytes.TrimSpace(f.Bytes)) == 0 {
		p.diags.Report("empty-file", f.Whole(), "%s is empty", f.Path).
			Detail = "Was saving it cut short? Write a document that starts with `kind:`, or delete the file."
		p.module.Broken = append(p.module.Broken, Broken{Range: f.Whole()})
		return
	}
	p.diags.Report("no-document", f.Whole(), "%s has no document in it", f.Path).
		Detail = "It has comments only. Write a document that starts with `kind:`, or delete the file."
}

// part is what was read between two `---` lines.
type part struct {
	*parser
	docs int
}

// readAhead reads the documents of a file in order, some at a time on all processors.
func readAhead(f *source.File) iter.Seq2[chunk, part] {
	return func(yield func(chunk, part) bool) {
		for some := range slices.Chunk(chunks(f.Bytes), maxAhead) {
			parts := make([]part, len(some))
			parallel(len(some), func(i int) {
				parts[i].parser = newParser(&Module{})
				parts[i].docs = parts[i].parseChunk(f, some[i])
			})
			for i, c := range some {
				if !yield(c, parts[i]) {
					return
				}
			}
		}
	}
}

// readable refuses what must not reach the YAML library.
func (p *parser) readable(f *source.File) bool {
	b := f.Bytes
	if len(b) > MaxFileSize {
		p.diags.Report("file-too-large", f.Whole(), "%s has %d MB, and a file of rules has at most %d MB",
			f.Path, (len(b)+1<<20-1)>>20, MaxFileSize>>20).
			Detail = "It was not read. Split it into several files. Data belongs into data files that a `source` names."
		return false
	}
	if n := bytes.Count(b, []byte("\n")) + bytes.Count(b, []byte(",")); n > maxSeparators {
		p.diags.Report("file-too-large", f.Whole(), "%s has %d line ends and commas, and a file of rules has at most %d", f.Path, n, maxSeparators).
			Detail = "It was not read. Split it into several files. Data belongs into data files that a `source` names."
		return false
	}
	if bytes.HasPrefix(b, []byte("\xFF\xFE")) || bytes.HasPrefix(b, []byte("\xFE\xFF")) {
		p.diags.Report("invalid-utf8", f.Whole(), "%s is UTF-16, and files of rules are UTF-8", f.Path).
			Detail = "Save the file as UTF-8 in the editor."
		return false
	}
	length := 0
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			p.diags.Report("invalid-utf8", f.Range(i, i+1), "The byte 0x%02X is not UTF-8", b[i]).
				Detail = "The file was saved in another encoding, often Windows-1252. Save it as UTF-8 in the editor."
			return false
		case !printable(r) && !(r == '\uFEFF' && i == 0):
			p.diags.Report("control-character", f.Range(i, i+n), "The character U+%04X cannot be in a file of rules", r).
				Detail = "It cannot be seen, and YAML does not allow it. Delete it."
			return false
		}
		if length += n; lineBreak(b[i:]) > 0 {
			length = 0
		}
		if length > maxLineLength {
			p.diags.Report("file-too-large", f.Range(i, i+n), "This line has more than %d characters", maxLineLength).
				Detail = "No rule needs a line that long. Break it into several lines."
			return false
		}
		i += n
	}
	return true
}

// printable says what YAML 1.1 allows in a file.
func printable(r rune) bool {
	switch {
	case r == '\t', r == '\n', r == '\r', r == 0x85:
		return true
	case r < 0x20, r >= 0x7F && r < 0xA0, r == '\uFEFF', r == 0xFFFE, r == 0xFFFF:
		return false
	}
	return true
}

// parseChunk reads the documents between two `---` lines and says how many there were, broken ones included. A value
// that is one of the known traps is reported and masked, and the rest is read as if it were right.
func (p *parser) parseChunk(f *source.File, c chunk) int {
	masked := map[mark]bool{}
	text := c.text
	docs, problem := readYAML(text)
	for problem != nil && len(masked) < min(maxTraps, 1+maxReread/(len(text)+1)) {
		t, ok := findTrap(text, problem)
		if !ok {
			break
		}
		p.reportTrap(f, c, t)
		if t.mask == 0 {
			p.broken(f, c)
			return len(docs) + 1
		}
		masked[mark{t.at.line + c.line, t.at.column}] = true
		text = maskLine(text, t)
		docs, problem = readYAML(text)
	}
	count := 0
	for _, n := range docs {
		shift(n, c.line)
		if isNull(n) && n.Value == "" && n.Style&yaml.TaggedStyle == 0 {
			continue
		}
		count++
		p.document(f, n, masked)
	}
	if problem != nil {
		p.reportSyntax(f, c, text, problem)
		p.broken(f, c)
		count++
	}
	return count
}

// broken remembers the name of a document that could not be read, from lines that look like its kind and name.
func (p *parser) broken(f *source.File, c chunk) {
	b := Broken{Range: place(f, c, mark{}, -1)}
	for _, line := range lines(c.text) {
		key, value, ok := strings.Cut(string(line), ":")
		if !ok {
			continue
		}
		value = strings.Trim(strings.TrimSpace(value), `"'`)
		switch {
		case key == "kind" && b.Kind == "":
			b.Kind = value
		case key == "name" && b.Name == "":
			b.Name = value
		}
	}
	p.module.Broken = append(p.module.Broken, b)
}

// document decodes one document by its kind.
func (p *parser) document(f *source.File, n *yaml.Node, masked map[mark]bool) {
	d := &decoder{parser: p, file: f, bad: map[*yaml.Node]bool{}, aliases: map[string]bool{}}
	if !d.inspect(n, masked, 0) {
		return
	}
	if n.Kind != yaml.MappingNode {
		if !d.bad[n] {
			p.diags.Report("wrong-type", d.short(n), "A document is a list of keys, and this is %s", found(n)).
				Detail = "Begin it with `kind:`, one of " + strings.Join(kindNames(), ", ") + "."
		}
		return
	}
	k, ok := d.kindOf(n)
	if !ok {
		return
	}
	v := reflect.New(k.typ)
	d.kind = k
	d.fillDocument(n, v)
	if one, ok := v.Interface().(*Project); ok {
		p.project(one)
		return
	}
	k.add(p.module, v.Interface())
}
