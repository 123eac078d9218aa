package main

import (
	"time"

	"github.com/spf13/cobra"

	"personae/engine"
)

// globals are the flags that every command has.
type globals struct {
	project string
	reports string
	data    []string
	asOf    string
	threads int
	memory  string
	json    bool
	format  string
	strict  bool
	color   string
	brief   bool // one line for each warning; set by commands that have more to say
}

func newRoot() *cobra.Command {
	g := &globals{}
	root := &cobra.Command{
		Use:   "personae",
		Short: "Market segments and personas from rules that people can read",
		Long: `Personae turns customer tables into market segments and personas.

Segments and personas are YAML files with CEL expressions, under rules/ and datasets/.
They are checked against the tables' real columns, evaluated over every customer, and
published as versioned reports under reports/.

Start with:  personae init crm.csv orders.parquet`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Version:       engine.Version,
		Args:          noArguments,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },

		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return g.validate(cmd) },
	}
	root.SetFlagErrorFunc(flagError)
	root.SetVersionTemplate("personae {{.Version}}\n")
	flags := root.PersistentFlags()
	flags.StringVarP(&g.project, "project", "C", ".", "the project's `directory`")
	flags.StringVar(&g.reports, "reports", "", "where versions are published (`directory`; default reports/ in the project)")
	flags.StringArrayVar(&g.data, "data", nil, "a `directory` outside the project that datasets may read (may be repeated)")
	flags.StringVar(&g.asOf, "as-of", "", "calculate for this `instant`: today, latest, 2026-01-01 or 2026-01-01T00:00:00Z")
	flags.IntVar(&g.threads, "threads", 0, "threads to use (0: all)")
	flags.StringVar(&g.memory, "memory-limit", "", "memory that the database may use, as in `4GB`")
	flags.BoolVar(&g.json, "json", false, "write JSON to standard output")
	flags.StringVar(&g.format, "format", "text", "how problems are written: text, json, sarif, github, gitlab, junit")
	flags.BoolVar(&g.strict, "strict", false, "treat warnings as errors")
	flags.StringVar(&g.color, "color", "auto", "colours: auto, always, never")
	root.AddCommand(
		newCheck(g), newTest(g), newRun(g), newWatch(g), newPlan(g),
		newInit(g), newDraft(g), newGenerate(g), newSchema(g), newVersion(g),
	)
	return root
}

// options reads the flags and the clock.
func (g *globals) options() engine.Options {
	return engine.Options{
		Root: g.project, Reports: g.reports, DataDirs: g.data, AsOf: g.asOf,
		Threads: g.threads, MemoryLimit: g.memory, Strict: g.strict, Now: time.Now(),
	}
}
