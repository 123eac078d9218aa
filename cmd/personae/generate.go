package main

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"personae/engine"
	"personae/engine/english"
)

func newGenerate(g *globals) *cobra.Command {
	opt := engine.GenerateOptions{}
	cmd := &cobra.Command{
		Use:   "generate",
		Short: "Make the example's data: a fictional retailer",
		Long: `generate writes the tables of Harbour & Field, a fictional home-and-outdoor retailer, under data/:
customers, orders, items, sessions, reviews, survey answers, campaign touches, stores and leads.

The same seed gives the same rows on every machine. Dirt is planted in known places.`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if opt.Dir == "" {
				opt.Dir = filepath.Join(g.project, "data")
			}
			opt.Threads = g.threads
			bar := newProgress(cmd)
			opt.Progress = bar.step
			summary, err := engine.Generate(cmd.Context(), opt)
			bar.close()
			if err != nil {
				return err
			}
			return printGenerated(cmd, g, opt, summary)
		},
	}
	flags := cmd.Flags()
	flags.Int64Var(&opt.Customers, "customers", 20_000, "how many customers: 1,000 to 100,000,000")
	flags.Int64Var(&opt.Seed, "seed", 1, "another seed, other people")
	flags.StringVar(&opt.Dir, "out", "", "where to write (`directory`; default data/ in the project)")
	return cmd
}

func printGenerated(cmd *cobra.Command, g *globals, opt engine.GenerateOptions, s engine.Generated) error {
	if g.json {
		return writeJSON(cmd, s)
	}
	w := cmd.OutOrStdout()
	for _, t := range s.Tables {
		fmt.Fprintf(w, "  %-12s %14s rows  %8.1f MB\n", t.Name, english.Number(t.Rows), float64(t.Bytes)/1e6)
	}
	fmt.Fprintf(w, "generated %s customers (seed %d) in %s\n", english.Number(opt.Customers), opt.Seed, opt.Dir)
	return nil
}
