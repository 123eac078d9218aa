package conformance

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"personae/engine/sqlgen/sqltest"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"gopkg.in/yaml.v3"

	"personae/engine/celenv"
)

// probes are facts about both engines that the operator tables rest on.
type probes struct {
	Versions map[string]string `yaml:"versions"`
	Probes   []*probe          `yaml:"probes"`
}

// probe is one fact: what an engine answers to a question. "error" stands for
// any error, because the words change from release to release.
type probe struct {
	Fact   string `yaml:"fact"`
	SQL    string `yaml:"sql,omitempty"`
	DuckDB string `yaml:"duckdb,omitempty"`
	CEL    string `yaml:"cel,omitempty"`
	CELGo  string `yaml:"cel-go,omitempty"`
}

// TestProbes asks both engines again. After an upgrade it says which facts
// changed; look for the operators that rest on them before -update.
func TestProbes(t *testing.T) {
	path := filepath.Join("..", "testdata", "conformance", "probes.yaml")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var file probes
	if err := yaml.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	db := sqltest.Open(t)
	env, err := celenv.Row(celenv.Options{})
	if err != nil {
		t.Fatal(err)
	}
	now := versions(t, db)
	for engine, version := range now {
		if file.Versions[engine] != version && !*update {
			t.Errorf("the facts are those of %s %s, and this is %s: read below which have changed, then run with -update", engine, file.Versions[engine], version)
		}
	}
	for _, p := range file.Probes {
		got := *p
		if p.SQL != "" {
			got.DuckDB = askDuckDB(db, p.SQL)
		}
		if p.CEL != "" {
			got.CELGo = askCEL(env, p.CEL)
		}
		if !*update {
			changed(t, p.Fact, "DuckDB", file.Versions["duckdb"], now["duckdb"], p.SQL, p.DuckDB, got.DuckDB)
			changed(t, p.Fact, "cel-go", file.Versions["cel-go"], now["cel-go"], p.CEL, p.CELGo, got.CELGo)
		}
		*p = got
	}
	if len(file.Probes) < 40 {
		t.Error("the list of facts is too short: proves nothing")
	}
	if *update {
		file.Versions = now
		out, err := yaml.Marshal(file)
		if err != nil {
			t.Fatal(err)
		}
		head := "# Facts about DuckDB and cel-go that the operator tables rest on, asked again by TestProbes\n# in engine/conformance. -update writes the answers and the versions that gave them.\n"
		if err := os.WriteFile(path, append([]byte(head), out...), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func changed(t *testing.T, fact, engine, then, now, question, was, is string) {
	t.Helper()
	if was != is {
		t.Errorf("%s\n  %s: %s\n  %s said: %s\n  %s says: %s", fact, engine, question, then, was, now, is)
	}
}

// versions are those of both engines.
func versions(t *testing.T, db *sql.DB) map[string]string {
	t.Helper()
	var duckDB string
	if err := db.QueryRow("SELECT version()").Scan(&duckDB); err != nil {
		t.Fatal(err)
	}
	return map[string]string{"duckdb": duckDB, "cel-go": module(t, "cel.dev/cel-go")}
}

func module(t *testing.T, path string) string {
	t.Helper()
	out, err := command("go", "list", "-m", "-f", "{{.Version}}", path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(out)
}

func askDuckDB(db *sql.DB, query string) string {
	rows, err := db.Query("SELECT " + query)
	if err != nil {
		return "error"
	}
	defer rows.Close()
	var v any
	for rows.Next() {
		if err := rows.Scan(&v); err != nil {
			return "error"
		}
	}
	if rows.Err() != nil {
		return "error"
	}
	return say(v)
}

func askCEL(env *cel.Env, text string) string {
	checked, issues := env.Compile(text)
	if issues.Err() != nil {
		return "refused"
	}
	program, err := env.Program(checked)
	if err != nil {
		return "refused"
	}
	v, _, err := program.Eval(map[string]any{"now": asOf})
	switch {
	case err != nil:
		return "error"
	case v == types.NullValue:
		return "null"
	}
	return say(v.Value())
}

// say writes a value so that one can read it.
func say(v any) string {
	switch v := v.(type) {
	case nil:
		return "NULL"
	case time.Time:
		return v.UTC().Format(time.RFC3339Nano)
	case []byte:
		return fmt.Sprintf("%q", v)
	case string:
		return fmt.Sprintf("%q", v)
	}
	return fmt.Sprint(v)
}
