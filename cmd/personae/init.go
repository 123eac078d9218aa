package main

import (
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"personae/engine/scaffold"
)

func newInit(g *globals) *cobra.Command {
	opt := scaffold.Options{}
	cmd := &cobra.Command{
		Use:   "init FILE...",
		Short: "Start a project from data files",
		Long: `init looks at data files (Parquet, CSV, JSON) and writes a project that runs: datasets with what it found
out about delimiters, nulls, dates, keys and relations, a first segmentation and a persona to edit.
It says what it guessed and how sure it is. Files that exist are kept, unless --force says otherwise.

  personae init crm.csv orders.parquet`,
		Args: someFiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			opt.Dir, opt.Files, opt.Today = g.project, args, g.options().Now
			result, list, err := scaffold.Make(cmd.Context(), opt)
			if err != nil {
				return err
			}
			if err := g.report(cmd, list, nil); err != nil || result == nil {
				return err
			}
			if err := scaffold.Write(opt.Dir, result.Files, opt.Force); err != nil {
				return err
			}
			if g.json {
				return writeJSON(cmd, result)
			}
			printScaffold(cmd.OutOrStdout(), result)
			return nil
		},
	}
	cmd.Flags().StringVar(&opt.Name, "name", "", "the project's name (default: from its directory)")
	cmd.Flags().BoolVar(&opt.Force, "force", false, "replace YAML files that exist")
	return cmd
}

func printScaffold(w io.Writer, r *scaffold.Result) {
	fmt.Fprintln(w, "guessed, for you to check:")
	for _, guess := range r.Guesses {
		fmt.Fprintf(w, "  %-6s  %s: %s\n          %s\n", guess.Confidence, guess.Subject, guess.Guess, guess.Why)
	}
	fmt.Fprintln(w, "wrote:")
	for _, path := range slices.Sorted(maps.Keys(r.Files)) {
		fmt.Fprintln(w, "  "+path)
	}
	fmt.Fprintf(w, "next:\n  %s\n", r.Command)
}
