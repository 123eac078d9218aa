package sqlgen

import (
	"fmt"
	"strings"

	"personae/engine/compile"
	"personae/engine/plan"
	"personae/engine/sqltext"
)

// JourneyScript is the SQL of one journey over the table of results: one row.
// Columns are named after the subject j (0 is everyone, then Personas), the stage
// i and the touchpoint k:
//
//	n_j nowhere_j known_j       rows, those in no stage, those whose stage is known
//	r_j_i ru_j_i sk_j_i         who reached the stage, for whom it cannot be told, who skipped it
//	h_j_i hn_j_i                median hours from entering the stage before, and over how many
//	t_j_i_k tn_j_i_k            contacts of those who reached it, and how many counts are known
//	m_i v_i                     of everyone: who is in the stage, and what they are worth
type JourneyScript struct {
	Name     string
	Personas []string // whose members are counted apart
	SQL      string
}

// ExportScript is the SQL of one export over the table of results: members,
// unknown, contactable and cannot_say (of members).
type ExportScript struct{ Name, SQL string }

func (g *generator) journeys(personas []*compile.Persona) []JourneyScript {
	var out []JourneyScript
	for _, o := range g.outputs {
		if o.Kind != plan.StageOutput {
			continue
		}
		one := JourneyScript{Name: o.Rule.Name}
		w := &journeyWriter{g: g, rule: o.Rule}
		w.subject(0, "")
		for _, p := range personas {
			if p.Entity == g.entity.Name && p.Spec.Journey.Value() == o.Rule.Name {
				one.Personas = append(one.Personas, p.Name)
				w.subject(len(one.Personas), sqltext.Ident("persona_"+p.Name))
			}
		}
		one.SQL = w.sql()
		out = append(out, one)
	}
	return out
}

type journeyWriter struct {
	g    *generator
	rule *compile.Rule
	list []string
}

// count adds how many rows of a subject meet a condition.
func (w *journeyWriter) count(column, condition, subject string) {
	if subject != "" {
		condition += " AND " + subject
	}
	w.list = append(w.list, "count_if("+condition+")::BIGINT AS "+column)
}

func (w *journeyWriter) name(output string) string { return sqltext.Ident(output) }

// subject counts the rows of everyone, or of a persona's members.
func (w *journeyWriter) subject(j int, members string) {
	journey, stages := w.rule.Name, w.rule.Journey.Stages
	w.count(fmt.Sprintf("n_%d", j), "true", members)
	w.count(fmt.Sprintf("nowhere_%d", j), "NOT "+w.name(plan.ReachedOutputName(journey, stages[0].Name)), members)
	w.count(fmt.Sprintf("known_%d", j), w.name(journey+"_stage")+" IS NOT NULL", members)
	for i, s := range stages {
		at := fmt.Sprintf("%d_%d", j, i)
		reached, entered := w.name(plan.ReachedOutputName(journey, s.Name)), w.name(plan.EnteredOutputName(journey, s.Name))
		w.count("r_"+at, reached, members)
		w.count("ru_"+at, reached+" IS NULL", members)
		w.count("sk_"+at, reached+" AND NOT "+entered, members)
		for k := range s.Touchpoints {
			touches := w.name(plan.TouchOutputName(journey, s.Name, k))
			filter := both(reached, members)
			w.list = append(w.list,
				fmt.Sprintf("coalesce(sum(%s)%s, 0)::HUGEINT AS t_%s_%d", touches, where(filter), at, k),
				fmt.Sprintf("count(%s)%s AS tn_%s_%d", touches, where(filter), at, k))
		}
		if i == 0 || s.At == nil || stages[i-1].At == nil {
			continue
		}
		before, now := w.name(plan.AtOutputName(journey, stages[i-1].Name)), w.name(plan.AtOutputName(journey, s.Name))
		way := both(entered+" AND "+w.name(plan.EnteredOutputName(journey, stages[i-1].Name))+" AND "+now+" >= "+before, members)
		w.list = append(w.list, w.g.d.Quantile("("+w.g.d.Micros(now)+" - "+w.g.d.Micros(before)+")::DOUBLE / 3.6e9", way, 50)+" AS h_"+at)
		w.count("hn_"+at, way, "")
	}
}

func both(a, b string) string {
	if b == "" {
		return a
	}
	return a + " AND " + b
}

// sql adds the sizes of the stages.
func (w *journeyWriter) sql() string {
	c := w.g.newCounter()
	from := w.g.result()
	if c.value != "" {
		from = "(SELECT *, " + w.g.d.Fixed(c.value, c.small) + " AS " + fixedValue + " FROM " + from + ")"
	}
	for i, s := range w.rule.Journey.Stages {
		is := w.name(w.rule.Name+"_stage") + " = " + sqltext.Literal(s.Name)
		w.count(fmt.Sprintf("m_%d", i), is, "")
		if c.value != "" {
			w.list = append(w.list, w.g.d.FixedSum(c.value, fixedValue, is)+fmt.Sprintf(" AS v_%d", i))
		}
	}
	return "SELECT " + strings.Join(w.list, ",\n  ") + "\nFROM " + from
}

func (g *generator) exports() []ExportScript {
	var out []ExportScript
	for _, o := range g.outputs {
		name, is := strings.CutPrefix(o.Name, plan.ExportOutputName("", false))
		if o.Kind != plan.ExportOutput || !is {
			continue
		}
		who, may := sqltext.Ident(o.Name), sqltext.Ident(plan.ExportOutputName(name, true))
		out = append(out, ExportScript{Name: name, SQL: fmt.Sprintf(
			"SELECT count_if(%[1]s)::BIGINT AS members, count(*) - count(%[1]s) AS unknown, count_if(%[1]s AND %[2]s)::BIGINT AS contactable, count_if(%[1]s AND %[2]s IS NULL)::BIGINT AS cannot_say\nFROM %[3]s",
			who, may, g.result())})
	}
	return out
}
