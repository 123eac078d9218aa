package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"personae/engine"
)

func newVersion(g *globals) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "What this program is made of",
		Args:  noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			b := engine.Build()
			if g.json {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(b)
			}
			_, err := fmt.Fprintf(cmd.OutOrStdout(),
				"personae %s\nsemantics %d · format %d · DuckDB %s · cel-go %s · %s\n",
				b.Version, b.Semantics, b.Format, b.DuckDB, b.CEL, b.Go)
			return err
		},
	}
}
