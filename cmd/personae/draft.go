package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"personae/engine"
	"personae/engine/compile"
	"personae/engine/diag"
	"personae/engine/report"
	"personae/engine/scaffold"
)

func newDraft(g *globals) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "draft",
		Short: "Write a first draft from the data",
		Args:  noArguments,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newDraftPersona(g))
	return cmd
}

func newDraftPersona(g *globals) *cobra.Command {
	var name string
	var force bool
	cmd := &cobra.Command{
		Use:   "persona segment.NAME",
		Short: "Write a persona from what sets a segment apart",
		Long: `draft persona evaluates the project and writes a persona of one segment, under rules/personas/: claims with a
margin from the values in which its members differ most from everyone, charts of these, and places for what
only people know, marked as assumed.

  personae draft persona segment.night_shoppers`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			segment := strings.TrimPrefix(args[0], "segment.")
			if name == "" {
				name = "draft_" + segment
			}
			out, list, err := engine.Draft(cmd.Context(), g.options())
			if err != nil {
				return err
			}
			if err := g.report(cmd, list, out.Project.Files); err != nil || out.Report == nil {
				return err
			}
			at := slices.IndexFunc(out.Report.Segments, func(s report.Segment) bool { return s.Name == segment })
			if at < 0 {
				return usageError(cmd, noSegment(segment, out.Report.Segments))
			}
			if slices.ContainsFunc(out.Project.Rules.Personas, func(p *compile.Persona) bool { return p.Name == name }) {
				return usageError(cmd, fmt.Sprintf("there is a persona %s already: choose another with --name", name))
			}
			text, err := scaffold.DraftPersona(out.Report.Segments[at], name)
			if err != nil {
				return err
			}
			path := "rules/personas/" + name + ".yaml"
			if err := scaffold.Write(g.project, map[string][]byte{path: text}, force); err != nil {
				return err
			}
			if g.json {
				return writeJSON(cmd, map[string]string{"persona": name, "file": path})
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "wrote %s: %d statements from what sets %s apart\nnext: say the rest in your words, then personae check\n",
				path, strings.Count(string(text), "holds:"), segment)
			return err
		},
	}
	cmd.Flags().StringVar(&name, "name", "", "the persona's name (default: draft_ and the segment's)")
	cmd.Flags().BoolVar(&force, "force", false, "replace the file if it exists")
	return cmd
}

// noSegment says that there is none of that name, and which there are.
func noSegment(name string, list []report.Segment) string {
	names := make([]string, len(list))
	for i, s := range list {
		names[i] = s.Name
	}
	slices.Sort(names)
	if near := diag.Suggest(name, names); near != "" {
		return fmt.Sprintf("there is no segment %s: did you mean %s?", name, near)
	}
	return fmt.Sprintf("there is no segment %s. There are: %s", name, strings.Join(names, ", "))
}
