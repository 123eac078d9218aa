package main

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"personae/engine"
	"personae/engine/diag"
)

// usageError says what is wrong with a command line, and where help is.
func usageError(cmd *cobra.Command, text string) error {
	return fmt.Errorf("%s\nhelp: %s --help", text, cmd.CommandPath())
}

// noArguments refuses arguments. At the root it is an unknown command that
// brings us here.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if cmd.HasParent() {
		return usageError(cmd, fmt.Sprintf("%s takes no argument, and %q is one", cmd.Name(), args[0]))
	}
	var names []string
	for _, c := range cmd.Commands() {
		names = append(names, c.Name())
	}
	slices.Sort(names)
	text := fmt.Sprintf("there is no command %q", args[0])
	if near := diag.Suggest(args[0], names); near != "" {
		text += fmt.Sprintf("; did you mean %s?", near)
	}
	return usageError(cmd, text)
}

// flagError makes pflag's errors sentences that help.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) {
		name := unknown.GetSpecifiedName()
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		dashes := "--"
		if unknown.GetSpecifiedShortnames() != "" {
			dashes = "-"
		}
		text := fmt.Sprintf("%s has no flag %s%s", cmd.Name(), dashes, name)
		if near := diag.Suggest(name, names); near != "" && dashes == "--" {
			text += fmt.Sprintf("; did you mean --%s?", near)
		}
		return usageError(cmd, text)
	}
	var value *pflag.InvalidValueError
	if errors.As(err, &value) {
		kind := value.GetFlag().Value.Type()
		if word := map[string]string{"int": "a whole number", "int64": "a whole number", "bool": "true or false"}[kind]; word != "" {
			kind = word
		}
		return usageError(cmd, fmt.Sprintf("--%s %q: write %s", value.GetFlag().Name, value.GetValue(), kind))
	}
	return usageError(cmd, err.Error())
}

// validate refuses values of flags that no command can work with, before any
// work is done.
func (g *globals) validate(cmd *cobra.Command) error {
	if _, err := diag.Format(g.format); err != nil {
		return usageError(cmd, "--format: "+strings.TrimSuffix(err.Error(), "."))
	}
	if !slices.Contains(colors, g.color) {
		return usageError(cmd, fmt.Sprintf("--color %q: write %s", g.color, strings.Join(colors, ", ")))
	}
	if g.threads < 0 {
		return usageError(cmd, fmt.Sprintf("--threads %d: write 0 for all, or how many", g.threads))
	}
	if g.memory != "" && !memory.MatchString(g.memory) {
		return usageError(cmd, fmt.Sprintf("--memory-limit %q: write a number with its unit, as in 4GB or 500MB", g.memory))
	}
	if g.asOf != "" && !engine.IsInstant(g.asOf) {
		return usageError(cmd, fmt.Sprintf("--as-of %q is no instant: write today, latest, 2026-01-31 or 2026-01-31T00:00:00Z", g.asOf))
	}
	return nil
}

// someFiles is for init, which needs data to look at.
func someFiles(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usageError(cmd, "name the data files to start from, as in: "+cmd.CommandPath()+" crm.csv orders.parquet")
	}
	return nil
}

// memory is what the database takes for an amount of it.
var memory = regexp.MustCompile(`(?i)^\d+(\.\d+)?\s*[KMGT]i?B$`)

// oneKind is for schema.
func oneKind(cmd *cobra.Command, args []string) error {
	if len(args) > 1 {
		return usageError(cmd, "name one kind, or none for all kinds together")
	}
	return nil
}

var colors = []string{"auto", "always", "never"}
