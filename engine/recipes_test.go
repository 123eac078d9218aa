package engine_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"personae/engine"
)

// recipe is a line of a table in the reference of the rules that ends in one
// piece of code.
type recipe struct{ who, when string }

func recipes(t *testing.T) []recipe {
	t.Helper()
	page, err := os.ReadFile("../rules/README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(page), "### Recipes")
	if !ok {
		t.Fatal("rules/README.md has no recipes")
	}
	var out []recipe
	for _, m := range regexp.MustCompile("(?m)^\\| ([^`|]*) \\| `(.+)` \\|$").FindAllStringSubmatch(strings.Split(rest, "\n## ")[0], -1) {
		out = append(out, recipe{m[1], strings.ReplaceAll(m[2], `\|`, "|")})
	}
	if len(out) < 15 {
		t.Fatalf("%d recipes: the table was not found", len(out))
	}
	return out
}

// asSegments writes the recipes as rules, by their place in the table.
func asSegments(list []recipe) string {
	var file strings.Builder
	for i, r := range list {
		fmt.Fprintf(&file, "---\nkind: Segment\nname: recipe_%d\nwhen: |-\n  %s\n", i, r.when)
	}
	return file.String()
}

// Every recipe takes whom independent SQL takes from the files of the example.
func TestRecipesTakeWhomTheySay(t *testing.T) {
	list, root := recipes(t), t.TempDir()
	if err := os.CopyFS(filepath.Join(root, "datasets"), os.DirFS(filepath.Join(harbourRoot, "datasets"))); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{"rules", "data"} {
		if err := os.Mkdir(filepath.Join(root, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	rules := "kind: Project\nname: recipes\ntimezone: Europe/London\nroot: customer\nas_of: 2026-01-01T00:00:00Z\n" + asSegments(list)
	if err := os.WriteFile(filepath.Join(root, "rules", "recipes.yaml"), []byte(rules), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := engine.Generate(context.Background(), engine.GenerateOptions{Dir: filepath.Join(root, "data"), Customers: 4000, Seed: 1}); err != nil {
		t.Fatal(err)
	}
	out, found, err := engine.Draft(context.Background(), engine.Options{Root: root, Now: time.Date(2026, 1, 1, 9, 30, 0, 0, time.UTC)})
	if err != nil || found.HasErrors() {
		t.Fatal(err, found)
	}
	got := map[string]int64{}
	for _, g := range out.Results.Entities[0].Groups {
		if i, err := strconv.Atoi(strings.TrimPrefix(g.Name, "recipe_")); err == nil {
			got[list[i].who] = g.Members
		}
	}
	want := map[string]int64{}
	rawRows(t, filepath.Join(root, "data"), "recipes.sql", func(rows *sql.Rows) error {
		var who string
		var members int64
		err := rows.Scan(&who, &members)
		want[who] = members
		return err
	})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the recipes differ from recipes.sql (-sql +engine):\n%s", diff)
	}
	for who, n := range want {
		if n == 0 || n == 4000 {
			t.Errorf("%s: %d of 4,000 prove nothing", who, n)
		}
	}
}

// Every recipe of the reference is calculated over the example, by SQL alone.
func TestRecipesAreCalculated(t *testing.T) {
	list := recipes(t)
	root := t.TempDir()
	for _, folder := range []string{"datasets", "rules", "schemas"} {
		if err := os.CopyFS(filepath.Join(root, folder), os.DirFS(filepath.Join(harbourRoot, folder))); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(root, "rules", "recipes.yaml"), []byte(asSegments(list)), 0o644); err != nil {
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
