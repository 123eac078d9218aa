package report

import (
	"strings"

	"personae/engine/catalog"
	"personae/engine/compile"
)

// fileTypes are those that files have; a duration is a number of nanoseconds.
var fileTypes = map[catalog.Kind]string{
	catalog.Bool: "BOOLEAN", catalog.Int: "BIGINT", catalog.Uint: "UBIGINT", catalog.Double: "DOUBLE", catalog.String: "VARCHAR",
	catalog.Bytes: "BLOB", catalog.Timestamp: "TIMESTAMPTZ", catalog.Duration: "BIGINT",
}

// fileType is the type of a column of a row-level file, as who reads the file sees it.
func fileType(t catalog.Type) string {
	if name, known := fileTypes[t.Kind]; known {
		return name
	}
	return "VARCHAR"
}

// columnsTable is the dictionary of the row-level files.
func columnsTable(rs *compile.RuleSet) Table {
	t := Table{Name: "columns", Columns: columns(`file VARCHAR, column VARCHAR, type VARCHAR, unit VARCHAR, title VARCHAR, description VARCHAR,
		expression VARCHAR, depends_on VARCHAR, basis VARCHAR, pii BOOLEAN, owner VARCHAR, tags VARCHAR, deprecated VARCHAR`)}
	for _, e := range rs.Entities {
		file := "data/" + e.Name + ".parquet"
		if key := e.Table.Column(e.Table.Key); key != nil {
			t.Rows = append(t.Rows, []any{file, key.Name, key.SQLType, nil, text(key.Title), text(key.Description), nil, nil, text(key.Basis), key.PII, nil, nil, nil})
		}
		for _, r := range e.Rules {
			if r.IsList() || r.Type.Kind == catalog.List {
				t.Rows = append(t.Rows, append(listRow(r), said(rs, r)...))
				continue
			}
			for _, c := range ruleColumns(r) {
				t.Rows = append(t.Rows, append([]any{
					file, c.name, c.typ, text(r.Unit), c.title, text(r.Labels.Description.Value()), text(c.expression), text(c.depends),
				}, said(rs, r)...))
			}
		}
		t.Rows = append(t.Rows, []any{file, "as_of", "TIMESTAMPTZ", nil, "Calculated for", nil, nil, nil, nil, false, nil, nil, nil})
	}
	return t
}

// said is what the columns of a rule end with: what its authors say of it.
func said(rs *compile.RuleSet, r *compile.Rule) []any {
	return []any{
		text(r.Labels.Basis.Value()), len(r.Taint.PII) > 0, text(r.Labels.Owner.Value()), text(strings.Join(tags(r.Labels.Tags), ", ")),
		text(deprecated(rs, r.Labels.Deprecated).text()),
	}
}

// listRow tells of a list under a name, which is in no file.
func listRow(r *compile.Rule) []any {
	note := "A list: no file holds it. What reads it has a column."
	if d := r.Labels.Description.Value(); d != "" {
		note = d + " (" + note + ")"
	}
	return []any{nil, r.Name, r.TypeText(), text(r.Unit), title(r.Title, r.Name), note, text(r.Expr.Text.Value()), text(refTexts(r.Expr.Refs))}
}

// ruleColumn is one column of the row-level files.
type ruleColumn struct{ name, typ, title, expression, depends string }

func ruleColumns(r *compile.Rule) []ruleColumn {
	one := ruleColumn{name: r.Name, typ: fileType(r.Type), title: title(r.Title, r.Name)}
	var refs []compile.Ref
	if r.Expr != nil {
		one.expression, refs = r.Expr.Text.Value(), r.Expr.Refs
	}
	switch r.Kind {
	case compile.SegmentRule:
		one.name, one.typ = "in_"+r.Name, "BOOLEAN"
	case compile.SegmentationRule:
		one.typ = "VARCHAR"
		var parts namedParts
		for _, rung := range r.Rungs {
			parts.add(rung.Name, rung.When)
		}
		one.expression, refs = strings.Join(append(parts.lines, "otherwise: "+r.Otherwise), "\n"), parts.refs
	case compile.ScoreRule:
		return scoreColumns(r, one)
	case compile.JourneyRule:
		return journeyColumns(r, one)
	}
	one.depends = refTexts(refs)
	return []ruleColumn{one}
}

// namedParts are the conditions of a rule that has several, as lines of text.
type namedParts struct {
	lines []string
	refs  []compile.Ref
}

func (p *namedParts) add(name string, x *compile.Expr) {
	p.lines, p.refs = append(p.lines, name+": "+x.Text.Value()), append(p.refs, x.Refs...)
}

// scoreColumns are the three columns of a score.
func scoreColumns(r *compile.Rule, one ruleColumn) []ruleColumn {
	var parts namedParts
	for _, p := range r.Score.Parts {
		parts.add(p.Name, p.When)
	}
	one.expression, one.depends = strings.Join(parts.lines, "\n"), refTexts(parts.refs)
	points, most, band := one, one, one
	points.name, points.title = r.Name+"_points", one.title+": the fewest points they can have"
	most.name, most.title = r.Name+"_max", one.title+": the most points they can have"
	band.name, band.title, band.typ = r.Name+"_band", one.title+": band", "VARCHAR"
	return []ruleColumn{points, most, band}
}

// journeyColumns are the two columns of a journey, or one where no stage has a
// time.
func journeyColumns(r *compile.Rule, one ruleColumn) []ruleColumn {
	var parts namedParts
	for _, s := range r.Journey.Stages {
		parts.add(s.Name, s.Entered)
		if s.At != nil {
			parts.refs = append(parts.refs, s.At.Refs...)
		}
	}
	one.expression, one.depends = strings.Join(parts.lines, "\n"), refTexts(parts.refs)
	stage, since := one, one
	stage.name, stage.title, stage.typ = r.Name+"_stage", one.title+": stage", "VARCHAR"
	since.name, since.title, since.typ = r.Name+"_since", one.title+": when the stage was entered", "TIMESTAMPTZ"
	if !r.Journey.HasTimes() {
		return []ruleColumn{stage}
	}
	return []ruleColumn{stage, since}
}

func refTexts(refs []compile.Ref) string {
	var names []string
	seen := map[compile.Ref]bool{}
	for _, ref := range refs {
		if !seen[ref] {
			seen[ref] = true
			names = append(names, refText(ref))
		}
	}
	return strings.Join(names, ", ")
}

func refText(r compile.Ref) string {
	switch r.Kind {
	case compile.ColumnRef, compile.TraitRef, compile.ListRef, compile.RelationRef:
		return r.Entity + "." + r.Name
	case compile.ParamRef:
		return "params." + r.Name
	case compile.BandRef:
		return "segmentation." + r.Name
	case compile.ReachedRef:
		return "journey." + r.Name
	}
	return string(r.Kind) + "." + r.Name
}
