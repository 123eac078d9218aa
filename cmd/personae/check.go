package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"personae/engine"
)

func newCheck(g *globals) *cobra.Command {
	var lock bool
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Check rules and datasets, without reading data",
		Long: `check reads every rule and dataset and says what is wrong, all of it at once.

It checks against the columns recorded in schemas/catalog.lock.yaml, so it works where there is
no data, as in CI. Where nothing is recorded it looks at the data. --lock records them.`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if lock {
				return checkAndLock(cmd, g)
			}
			spareMemory(func(name string) bool { return os.Getenv(name) != "" })
			o := g.options()
			o.Verdict = true
			p, list, err := engine.Check(cmd.Context(), o)
			if err != nil {
				return err
			}
			if err := g.report(cmd, list, p.Files); err != nil {
				return err
			}
			if !g.json && g.format == "text" {
				fmt.Fprintln(cmd.OutOrStdout(), p.Summary()+"  ok")
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&lock, "lock", false, "read the data and record its columns in schemas/catalog.lock.yaml")
	return cmd
}

func checkAndLock(cmd *cobra.Command, g *globals) error {
	p, path, list, err := engine.Lock(cmd.Context(), g.options())
	if err != nil {
		return err
	}
	if err := g.report(cmd, list, p.Files); err != nil {
		return err
	}
	if path != "" && !g.json {
		fmt.Fprintln(cmd.OutOrStdout(), "wrote", path)
	}
	return nil
}
