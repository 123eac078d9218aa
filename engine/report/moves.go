package report

import (
	"fmt"

	"personae/engine/results"
)

// Moves says in sentences how sizes and claims differ between two reports of
// one project: first segments, then groups of segmentations, then claims. moved
// says who entered and left, where that is known. What either report hides is
// not told.
func Moves(before, after *Report, moved []results.Moved, whole func(int64) string) []string {
	var out []string
	old := sizes(before)
	movers := map[string]results.Moved{}
	for _, m := range moved {
		movers[moverID(m)] = m
	}
	for _, g := range groupList(after) {
		was, known := old[g.id]
		delete(old, g.id)
		m := movers[g.id]
		switch {
		case !known:
			out = append(out, fmt.Sprintf("%s: new, %s", g.title, shownOr(g.size.Members)))
		case was.Members.Text != g.size.Members.Text || was.Members.Reason != g.size.Members.Reason || m.Entered+m.Left > 0:
			out = append(out, fmt.Sprintf("%s: %s → %s%s", g.title, shownOr(was.Members), shownOr(g.size.Members), movement(was.Members, g.size.Members, m, after.MinGroup, whole)))
		}
		if known && was.Unknown.Text != g.size.Unknown.Text {
			out = append(out, fmt.Sprintf("%s: can't tell for %s → %s", g.title, shownOr(was.Unknown), shownOr(g.size.Unknown)))
		}
	}
	for _, g := range groupList(before) {
		if _, gone := old[g.id]; gone {
			out = append(out, g.title+": no longer there")
		}
	}
	return append(out, claimMoves(before, after)...)
}

type namedSize struct {
	id, title string
	size      Size
}

func groupList(r *Report) []namedSize {
	var out []namedSize
	for _, s := range r.Segments {
		out = append(out, namedSize{"segment." + s.Name, s.Title, s.Size})
	}
	for _, s := range r.Segmentations {
		for _, g := range s.Groups {
			out = append(out, namedSize{"segmentation." + s.Name + "." + g.Name, s.Title + ", " + g.Title, g.Size})
		}
	}
	for _, p := range r.Personas {
		out = append(out, namedSize{"persona." + p.Name, p.DisplayName, p.Size})
	}
	return out
}

func sizes(r *Report) map[string]Size {
	out := map[string]Size{}
	for _, g := range groupList(r) {
		out[g.id] = g.size
	}
	return out
}

func shownOr(n Number) string {
	if n.Hidden {
		return n.Reason
	}
	return n.Text
}

func moverID(m results.Moved) string {
	switch m.Kind {
	case results.Segment:
		return "segment." + m.Name
	case results.Persona:
		return "persona." + m.Name
	}
	return "segmentation." + m.Parent + "." + m.Name
}

// movement says who entered and who left; a few people are not counted out.
func movement(before, after Number, m results.Moved, smallest int64, whole func(int64) string) string {
	if before.Value == nil || after.Value == nil {
		return ""
	}
	net := whole(int64(*after.Value - *before.Value))
	if *after.Value >= *before.Value {
		net = "+" + net
	}
	if m.Entered+m.Left == 0 {
		return " (" + net + ")"
	}
	// With the sizes, one of the two numbers gives the other.
	if small := func(n int64) bool { return n > 0 && n < smallest }; small(m.Entered) || small(m.Left) {
		return fmt.Sprintf(" (%s; fewer than %d entered or left)", net, smallest)
	}
	return fmt.Sprintf(" (%s entered, %s left)", whole(m.Entered), whole(m.Left))
}

func claimMoves(before, after *Report) []string {
	var out []string
	old := map[string]Statement{}
	for _, p := range before.Personas {
		for _, s := range p.statements() {
			if s.Expression != "" {
				old[p.Name+"\x00"+s.Expression] = s
			}
		}
	}
	for _, p := range after.Personas {
		for _, s := range p.statements() {
			was, known := old[p.Name+"\x00"+s.Expression]
			if s.Expression != "" && known && was.Status != s.Status {
				out = append(out, fmt.Sprintf("%s, %q: %s", p.DisplayName, s.Text, s.StatusText))
			}
		}
	}
	return out
}
