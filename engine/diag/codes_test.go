package diag

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"testing"
)

var kebab = regexp.MustCompile(`^[a-z]+(-[a-z0-9]+)*$`)

func TestCodesTable(t *testing.T) {
	if !sort.SliceIsSorted(Codes, func(i, j int) bool { return Codes[i].Name < Codes[j].Name }) {
		t.Error("Codes is not sorted: Lookup would not find all")
	}
	for i, c := range Codes {
		switch {
		case !kebab.MatchString(c.Name):
			t.Errorf("%q is not kebab-case", c.Name)
		case i > 0 && Codes[i-1].Name == c.Name:
			t.Errorf("%q is there twice", c.Name)
		case c.Title == "" || strings.HasSuffix(c.Title, "."):
			t.Errorf("%q: a title is a few words without a full stop", c.Name)
		case len(c.Explanation) < 40 || !strings.HasSuffix(c.Explanation, "."):
			t.Errorf("%q: the explanation is a paragraph", c.Name)
		}
		if got, ok := Lookup(c.Name); !ok || got != c {
			t.Errorf("Lookup(%q) = %v, %v", c.Name, got, ok)
		}
	}
	for _, name := range []string{"", "zzz", "aaa", "unknown-ke"} {
		if _, ok := Lookup(name); ok {
			t.Errorf("found %q", name)
		}
	}
}

// TestCodesUsed reads the source of the whole project: every code that is used is in the table.
func TestCodesUsed(t *testing.T) {
	used := map[string]token.Position{}
	files := token.NewFileSet()
	for _, root := range []string{"../../engine", "../../cmd"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil && os.IsNotExist(err) {
				return nil
			}
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			f, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Logf("not read: %v", err) // the compiler says it better
				return nil
			}
			ast.Inspect(f, func(n ast.Node) bool {
				for _, code := range codesIn(n) {
					if _, ok := used[code.value]; !ok {
						used[code.value] = files.Position(code.pos)
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for code, at := range used {
		if _, ok := Lookup(code); !ok {
			t.Errorf("%s: the code %q is not in the table in codes.go", at, code)
		}
	}
	if len(used) < 10 {
		t.Errorf("only %d codes were found in the source: this test looks in the wrong place", len(used))
	}
}

type codeUse struct {
	value string
	pos   token.Pos
}

// codesIn finds literal codes: the first argument of Report, Errorf, Warnf and Infof (but those of fmt and testing
// take a format there), and the field Code of a composite literal.
func codesIn(n ast.Node) []codeUse {
	switch n := n.(type) {
	case *ast.CallExpr:
		f, ok := n.Fun.(*ast.SelectorExpr)
		if !ok || len(n.Args) < 3 {
			return nil
		}
		switch f.Sel.Name {
		case "Report", "Errorf", "Warnf", "Infof":
			return literalCode(n.Args[0])
		}
	case *ast.KeyValueExpr:
		if key, ok := n.Key.(*ast.Ident); ok && (key.Name == "Code" || key.Name == "code") {
			return literalCode(n.Value)
		}
	}
	return nil
}

func literalCode(e ast.Expr) []codeUse {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return nil
	}
	s, err := strconv.Unquote(lit.Value)
	if err != nil || !kebab.MatchString(s) {
		return nil
	}
	return []codeUse{{s, lit.Pos()}}
}
