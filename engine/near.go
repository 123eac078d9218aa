package engine

import (
	"fmt"
	"slices"
	"strings"

	"personae/engine/diag"
	"personae/engine/english"
	"personae/engine/report"
	"personae/engine/store"
)

// nearNamed is how many groups a warning about two versions names.
const nearNamed = 3

// near warns where an earlier version of the same instant shows a number of people
// that differs from this one's by fewer than a small group: the latest such version.
// A version that cannot be read is nobody's to compare.
func (r *run) near(reports *store.Store) diag.List {
	numbers, err := reports.Numbers()
	if err != nil {
		return nil // publishing will say so
	}
	for _, n := range slices.Backward(latest(numbers)) {
		v, err := reports.Version(n)
		if err != nil || !v.Manifest.Identity.AsOf.Equal(r.outcome.AsOf) {
			continue
		}
		before, err := readReport(reports, n)
		if err != nil {
			continue
		}
		if found := report.NearOf(before, r.outcome.Report); len(found) > 0 {
			return diag.List{nearVersion(n, found, r.outcome.Report.MinGroup)}
		}
	}
	return nil
}

func nearVersion(n int, found []report.Near, least int64) diag.Diagnostic {
	first := found[0]
	d := diag.Diagnostic{
		Code: "near-version", Severity: diag.Warning, Range: first.Where,
		Summary: fmt.Sprintf("version %d shows %s for %s and this one shows %s: who has both can work out fewer than %s", n, first.Was.Text, first.What, first.Now.Text, english.Count(least, "person", "people")),
		Detail:  "Neither version can hide it, because each is made by itself. Share one of the two, or remove the folder of the other before anybody has it.",
	}
	var names []string
	for _, g := range found[:min(len(found), nearNamed)] {
		names = append(names, fmt.Sprintf("%s (%s)", g.What, english.Count(int64(g.Numbers), "number", "numbers")))
	}
	if more := len(found) - len(names); more > 0 {
		names = append(names, english.Count(int64(more), "more group", "more groups"))
	}
	d.Detail += "\nWhat differs by so few: " + strings.Join(names, ", ") + "."
	return d
}
