package main

import (
	"github.com/spf13/cobra"

	"personae/engine"
)

func newPlan(g *globals) *cobra.Command {
	var stage string
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Show how rules become SQL",
		Long: `plan prints one stage of the way from YAML to SQL:

  spec    the documents as they were read
  rules   the checked rules in evaluation order, with types and digests
  plan    the relational plan: columns read, shared expressions, statistics
  sql     the statements

It reads no data; run uses what it learns about the data to write cheaper SQL.`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, list, err := engine.Check(cmd.Context(), g.options())
			if err != nil {
				return err
			}
			text, problems, err := p.Stage(stage, g.options())
			if err != nil {
				return usageError(cmd, err.Error())
			}
			if err := g.report(cmd, append(list, problems...), p.Files); err != nil {
				return err
			}
			_, err = cmd.OutOrStdout().Write([]byte(text))
			return err
		},
	}
	cmd.Flags().StringVar(&stage, "stage", "plan", "spec, rules, plan or sql")
	_ = cmd.RegisterFlagCompletionFunc("stage", cobra.FixedCompletions(engine.Stages, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}
