package main

import (
	"fmt"
	"regexp"

	"github.com/spf13/cobra"

	"personae/engine"
	"personae/engine/diag"
	"personae/engine/ruletest"
)

// untestedLimit is how many untested conditions are listed.
const untestedLimit = 10

func newTest(g *globals) *cobra.Command {
	var run string
	cmd := &cobra.Command{
		Use:   "test",
		Short: "Run the tests of the rules, without any data",
		Long: `test runs every document of kind Test: small rows that it gives, and what the rules must say of them.

Each answer is worked out by the SQL of a run and by cel-go, which have to agree. A failed test says
what decided instead. It needs no data, only the columns that schemas/catalog.lock.yaml records. At the
end it says which conditions no test has seen true, or false.`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			only, err := regexp.Compile(run)
			if err != nil {
				return usageError(cmd, fmt.Sprintf("--run %q is no regular expression: %v", run, err))
			}
			return g.test(cmd, only)
		},
	}
	cmd.Flags().StringVar(&run, "run", "", "only tests whose name this `regexp` matches")
	return cmd
}

func (g *globals) test(cmd *cobra.Command, only *regexp.Regexp) error {
	o := g.options()
	p, list, err := engine.Check(cmd.Context(), o)
	if err != nil {
		return err
	}
	if list.HasErrors() || g.strict && list.Count(diag.Warning) > 0 {
		return g.report(cmd, list, p.Files)
	}
	out, list, err := ruletest.Run(cmd.Context(), p, o, only)
	if err != nil {
		return err
	}
	if list.HasErrors() { // the rules cannot be evaluated
		return g.report(cmd, list, p.Files)
	}
	if len(out.Tests) == 0 && out.Skipped > 0 {
		return usageError(cmd, fmt.Sprintf("--run %q matches none of %d tests", only, out.Skipped))
	}
	return g.tested(cmd, out, p)
}

// tested writes what came of the tests.
func (g *globals) tested(cmd *cobra.Command, out *ruletest.Outcome, p *engine.Project) error {
	w, list := cmd.OutOrStdout(), out.Failures()
	switch {
	case g.json || g.format == "json":
		if err := out.JSON(w); err != nil {
			return err
		}
		return g.verdict(list)
	case g.format == "junit":
		if err := out.JUnit(w, g.project); err != nil {
			return err
		}
		return g.verdict(list)
	}
	verdict := g.report(cmd, list, p.Files)
	if g.format != "text" || verdict != nil && !printed(verdict) {
		return verdict
	}
	if len(out.Tests) == 0 {
		if verdict == nil {
			fmt.Fprintln(w, "There are no tests. A test is a document `kind: Test` under rules/.")
		}
		return verdict
	}
	fmt.Fprintln(w, out.Summary())
	if verdict == nil { // what failed comes first
		for _, line := range out.Coverage.Lines(untestedLimit) {
			fmt.Fprintln(w, "  "+line)
		}
	}
	return verdict
}
