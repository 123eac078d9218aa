package engine_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"personae/engine"
)

// recipes are the conditions of a table in the reference of the rules: lines
// that end in one piece of code.
func recipes(t *testing.T) []string {
	t.Helper()
	page, err := os.ReadFile("../rules/README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(page), "### Recipes")
	if !ok {
		t.Fatal("rules/README.md has no recipes")
	}
	var out []string
	for _, m := range regexp.MustCompile("(?m)^\\| [^`]* \\| `(.+)` \\|$").FindAllStringSubmatch(strings.Split(rest, "\n## ")[0], -1) {
		out = append(out, strings.ReplaceAll(m[1], `\|`, "|"))
	}
	return out
}

// Every recipe of the reference is calculated over the example, by SQL alone.
func TestRecipesAreCalculated(t *testing.T) {
	list := recipes(t)
	if len(list) < 15 {
		t.Fatalf("%d recipes: the table was not found", len(list))
	}
	root := t.TempDir()
	for _, folder := range []string{"datasets", "rules", "schemas"} {
		if err := os.CopyFS(filepath.Join(root, folder), os.DirFS(filepath.Join(harbourRoot, folder))); err != nil {
			t.Fatal(err)
		}
	}
	var file strings.Builder
	for i, text := range list {
		fmt.Fprintf(&file, "---\nkind: Segment\nname: recipe_%d\nwhen: |-\n  %s\n", i, text)
	}
	if err := os.WriteFile(filepath.Join(root, "rules", "recipes.yaml"), []byte(file.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	project, found, err := engine.Check(context.Background(), engine.Options{Root: root})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range found {
		if d.Range.File == "rules/recipes.yaml" {
			t.Errorf("%v", d)
		}
	}
	text, found, err := project.Stage("plan", engine.Options{Root: root})
	if err != nil || found.HasErrors() || !strings.Contains(text, "recipe_0") {
		t.Errorf("the recipes cannot be planned: %v %v", err, found)
	}
	for _, d := range found {
		if d.Range.File == "rules/recipes.yaml" {
			t.Errorf("a recipe is not calculated by SQL alone: %v", d)
		}
	}
}
