package engine_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// layers lists the packages of the engine in the direction of the flow: a
// package imports only those that stand before it.
var layers = []string{
	"english", "source", "diag", "sqltext", "parquet",
	"spec", "catalog", "format",
	"celenv", "compile",
	"prose",
	"results",
	"plan", "sqlgen",
	"eval", "byrow",
	"generate", "duckdb", "evaluate",
	"report", "store", "render",
	"", // package engine itself
	"scaffold", "ruletest", "watch", "server",
}

func TestImportsGoOneWay(t *testing.T) {
	seen := 0
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		layer := strings.Trim(filepath.ToSlash(filepath.Dir(path)), ".")
		at := slices.Index(layers, strings.Split(layer, "/")[0])
		if at < 0 {
			t.Errorf("package engine/%s is not in the list of layers: decide where it stands in the flow", layer)
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			if strings.HasPrefix(imported, "github.com/duckdb/") && layer != "duckdb" {
				t.Errorf("%s imports %s: only engine/duckdb knows the driver", path, imported)
			}
			rest, ours := strings.CutPrefix(imported, "personae/engine")
			if !ours {
				continue
			}
			seen++
			to := slices.Index(layers, strings.Split(strings.TrimPrefix(rest, "/"), "/")[0])
			if to > at {
				t.Errorf("%s imports %s: imports go one way, in the order of the flow", path, imported)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen == 0 {
		t.Fatal("no import was looked at: the test proves nothing")
	}
}
