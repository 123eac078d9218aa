package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"personae/engine/diag"
	"personae/engine/report"
	"personae/engine/spec"
)

func newSchema(g *globals) *cobra.Command {
	var write bool
	cmd := &cobra.Command{
		Use:   "schema [KIND]",
		Short: "The JSON Schema of a kind, for editors",
		Long: `schema prints the JSON Schema of a kind of document, or of all kinds together; schema report that of a version's report.json.
With --write it writes them all under schemas/ of the project, where editors find them:

  # yaml-language-server: $schema=../schemas/personae.schema.json`,
		Args: oneKind,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return schemaKinds(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			schemas := allSchemas()
			if write {
				return writeSchemas(cmd, filepath.Join(g.project, "schemas"), schemas)
			}
			kind := "personae"
			if len(args) == 1 {
				kind = strings.ToLower(args[0])
			}
			b, ok := schemas[kind+schemaSuffix]
			if !ok {
				text := fmt.Sprintf("there is no kind %q; the kinds are %s", args[0], strings.Join(schemaKinds(), ", "))
				if near := diag.Suggest(kind, schemaKinds()); near != "" {
					text = fmt.Sprintf("there is no kind %q; did you mean %s?", args[0], near)
				}
				return usageError(cmd, text)
			}
			_, err := cmd.OutOrStdout().Write(b)
			return err
		},
	}
	cmd.Flags().BoolVar(&write, "write", false, "write all schemas under schemas/")
	return cmd
}

// schemaSuffix ends the names of schema files; before it stands the kind.
const schemaSuffix = ".schema.json"

// allSchemas are those of the kinds, and that of report.json.
func allSchemas() map[string][]byte {
	out := spec.Schemas()
	out[report.SchemaFile] = report.Schema()
	return out
}

func schemaKinds() []string {
	kinds := slices.Sorted(maps.Keys(allSchemas()))
	for i, name := range kinds {
		kinds[i] = strings.TrimSuffix(name, schemaSuffix)
	}
	return kinds
}

func writeSchemas(cmd *cobra.Command, dir string, schemas map[string][]byte) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(schemas)) {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, schemas[name], 0o644); err != nil {
			return err
		}
		fmt.Fprintln(cmd.OutOrStdout(), "wrote", path)
	}
	return nil
}
