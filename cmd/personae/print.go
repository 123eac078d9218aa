package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"personae/engine"
	"personae/engine/diag"
	"personae/engine/source"
)

func byPath(files []*source.File) diag.Files {
	m := diag.Files{}
	for _, f := range files {
		m[f.Path] = f
	}
	return m
}

// report writes diagnostics in the chosen format and returns errFindings where
// they fail the command. Text goes to standard error, where people look for
// problems; the formats for programs go to standard output.
func (g *globals) report(cmd *cobra.Command, list diag.List, files []*source.File) error {
	name := g.format
	if g.json {
		name = "json"
	}
	var w io.Writer = cmd.OutOrStdout()
	if name == "text" {
		w = cmd.ErrOrStderr()
	}
	format, err := diag.Format(name)
	if err != nil {
		return err
	}
	if name != "text" || len(list) > 0 {
		if err := format(w, list, byPath(files), g.rendering(w, files)); err != nil {
			return err
		}
		if g.brief && list.Count(diag.Warning) > 0 && name == "text" {
			fmt.Fprintln(w, "--verbose shows the places and what to do")
		}
	}
	return g.verdict(list)
}

// printed says whether an error's diagnostics are already on the screen.
func printed(err error) bool {
	return errors.Is(err, errFindings) || errors.Is(err, errUnwritable)
}

// verdict fails the command where a finding does.
func (g *globals) verdict(list diag.List) error {
	for _, d := range list {
		if d.Severity == diag.Error && d.Code == "output-unwritable" {
			return errUnwritable
		}
	}
	if list.HasErrors() || g.strict && list.Count(diag.Warning) > 0 {
		return errFindings
	}
	return nil
}

func (g *globals) rendering(w io.Writer, files []*source.File) diag.Options {
	return diag.Options{Color: g.colored(w), Width: width(w), Files: len(files), Prefix: g.project, Version: engine.Build().Version, Brief: g.brief}
}

func (g *globals) colored(w io.Writer) bool {
	switch g.color {
	case "always":
		return true
	case "never":
		return false
	}
	return diag.WantsColor(w, os.Environ())
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// width is the width of a terminal in columns; 0 where w is none.
func width(w io.Writer) int {
	f, ok := w.(*os.File)
	if !ok {
		return 0
	}
	n, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return n
}

func writeJSON(cmd *cobra.Command, v any) error {
	enc := json.NewEncoder(cmd.OutOrStdout())
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
