package compile

import (
	"fmt"
	"sort"
	"strconv"
	"strings"

	"personae/engine/diag"
	"personae/engine/source"
)

// listLimit is how many names a message lists before it only suggests.
const listLimit = 12

// quote shows a text from a file in a message.
func quote(s string) string {
	if len(s) > 60 {
		s = s[:57] + "..."
	}
	return strconv.Quote(s)
}

// choices lists what there is, where that is short; "" where it is not.
func choices(lead string, names []string) string {
	names = sortedUnique(names)
	if len(names) == 0 || len(names) > listLimit {
		return ""
	}
	return lead + " " + strings.Join(names, ", ") + "."
}

func sortedUnique(names []string) []string {
	out := append([]string(nil), names...)
	sort.Strings(out)
	n := 0
	for i, s := range out {
		if i == 0 || s != out[n-1] {
			out[n] = s
			n++
		}
	}
	return out[:n]
}

func replace(r source.Range, with string) *diag.Fix {
	return &diag.Fix{Range: r, Replacement: with, Title: "write " + with}
}

// unknown reports a name that nothing has, with the nearest one and, where
// that is short, all that there are. hint goes first in the detail.
func unknown(diags *diag.List, r source.Range, what, name string, candidates []string, hint string) *diag.Diagnostic {
	d := diags.Report("unknown-name", r, "There is no %s %s", what, quote(name))
	var detail []string
	if hint != "" {
		detail = append(detail, hint)
	} else if near := diag.Suggest(name, candidates); near != "" {
		detail = append(detail, fmt.Sprintf("Did you mean %s?", near))
		d.Fix = replace(r, near)
	}
	if all := choices("There are:", candidates); all != "" {
		detail = append(detail, all)
	} else if names := sortedUnique(candidates); len(names) > 0 && len(detail) == 0 {
		detail = append(detail, "There are: "+strings.Join(names[:listLimit], ", ")+", and more.")
	} else if len(names) == 0 && hint == "" {
		detail = append(detail, fmt.Sprintf("There is no %s at all.", what))
	}
	d.Detail = strings.Join(detail, " ")
	return d
}

// upperFirst makes the first letter of a sentence a capital.
func upperFirst(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return string(s[0]-'a'+'A') + s[1:]
}
