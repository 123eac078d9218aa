package render

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"personae/engine/report"
)

const schemaFile = "../../schemas/" + report.SchemaFile

func schemaOfReports(t *testing.T) *jsonschema.Schema {
	t.Helper()
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(report.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(report.SchemaFile, parsed); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(report.SchemaFile)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSchemaIsTheOneThatIsShipped(t *testing.T) {
	if *update {
		if err := os.WriteFile(schemaFile, report.Schema(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(schemaFile)
	if err != nil || !bytes.Equal(b, report.Schema()) {
		t.Errorf("%s is not what report.Schema gives: run `make schemas` (%v)", schemaFile, err)
	}
}

// Every report of the tests is as the schema says, and every field that may be
// missing is missed when it is taken away.
func TestReportsAreAsTheSchemaSays(t *testing.T) {
	schema := schemaOfReports(t)
	for name, r := range map[string]*report.Report{"every": every(), "drawn": drawn(), "many": many(), "earlier": earlier(), "empty": {Format: report.Format}} {
		b, err := JSON(r)
		if err != nil {
			t.Fatal(err)
		}
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if strings.Contains(string(b), ": null") {
			t.Errorf("%s holds null", name)
		}
	}
	whole, err := JSON(every())
	if err != nil {
		t.Fatal(err)
	}
	for what, spoil := range map[string]func(map[string]any){
		"no format":      func(r map[string]any) { delete(r, "format") },
		"another format": func(r map[string]any) { r["format"] = 99 },
		"no personas":    func(r map[string]any) { delete(r, "personas") },
		"null segments":  func(r map[string]any) { r["segments"] = nil },
		"unknown key":    func(r map[string]any) { r["surprise"] = 1 },
		"no instant":     func(r map[string]any) { r["as_of"] = "yesterday" },
		"evidence": func(r map[string]any) {
			r["personas"].([]any)[0].(map[string]any)["facts"].([]any)[0].(map[string]any)["statement"].(map[string]any)["evidence"] = "hearsay"
		},
		"a number as text": func(r map[string]any) {
			r["segments"].([]any)[0].(map[string]any)["size"].(map[string]any)["members"].(map[string]any)["value"] = "9000"
		},
	} {
		var r map[string]any
		if err := json.Unmarshal(whole, &r); err != nil {
			t.Fatal(err)
		}
		spoil(r)
		if schema.Validate(r) == nil {
			t.Errorf("%s: the schema lets it pass", what)
		}
	}
}

// Completing a report gives lists to readers and leaves the report alone.
func TestCompleteLeavesTheReportAlone(t *testing.T) {
	r := &report.Report{Personas: []report.Persona{{Name: "a"}}}
	c := r.Complete()
	if c.Segments == nil || c.Personas[0].Story == nil || c.Personas[0].Charts != nil {
		t.Errorf("%+v", c)
	}
	if r.Segments != nil || r.Personas[0].Story != nil {
		t.Error("the report itself was changed")
	}
}
