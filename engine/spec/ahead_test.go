package spec

import (
	"fmt"
	"strings"
	"testing"
)

// TestManyDocuments reads more documents than are read at once, in their order,
// as if they stood in files of their own.
func TestManyDocuments(t *testing.T) {
	var one strings.Builder
	var files []string
	for i := range 3*maxAhead + 1 {
		text := fmt.Sprintf("kind: Segment\nname: s%d\nwhen: 'true'\n", i)
		if i%50 == 7 {
			text = fmt.Sprintf("kind: Segment\nname: [%d\n", i)
		}
		files = append(files, text)
		one.WriteString("---\n" + text)
	}
	together, found := parse(one.String())
	apart, foundApart := parse(files...)
	if len(together.Segments) != len(files)-4 || len(found) != 4 || len(foundApart) != 4 || len(together.Broken) != 4 {
		t.Fatalf("%d segments, %v", len(together.Segments), found)
	}
	names := map[string]bool{}
	for _, s := range apart.Segments {
		names[s.Name.Value()] = true
	}
	for i, s := range together.Segments {
		if name := s.Name.Value(); !names[name] || i < 7 && name != fmt.Sprintf("s%d", i) {
			t.Errorf("segment %d is %s", i, name)
		}
	}
}

// TestTooManyValues: values are counted through a file, whose documents are
// read at once.
func TestTooManyValues(t *testing.T) {
	long := "---\nkind: Segment\nname: %s\nwhen: 'true'\ntags: [" + strings.Repeat("\n  "+strings.Repeat("a, ", 50), 2_100) + "a]\n"
	short := "---\nkind: Segment\nname: %s\nwhen: 'true'\n"
	m, found := parse(fmt.Sprintf(long+short+long+short, "first", "between", "second", "third"))
	if n := strings.Count(codes(found), "file-too-large"); n != 1 {
		t.Errorf("%d are too large: %s", n, codes(found))
	}
	var names []string
	for _, s := range m.Segments {
		names = append(names, s.Name.Value())
	}
	if got := strings.Join(names, " "); !strings.HasPrefix(got, "first between") || strings.Contains(got, "third") {
		t.Errorf("segments %q", got)
	}
}
