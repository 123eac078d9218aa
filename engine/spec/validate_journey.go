package spec

// journey checks the stages of a journey.
func (v *validator) journey(j *Journey) {
	u := v.unique("a stage of " + j.Name.Value())
	for _, s := range j.Stages {
		v.name(s.Name)
		u.add("", s.Name)
		if s.Feeling.Set && (s.Feeling.V < -2 || s.Feeling.V > 2) {
			v.Report("bad-value", s.Feeling.Range, "`feeling` is %s, and it lies between -2 and 2", decimal(s.Feeling.V)).
				Detail = "-2 is very bad, 0 neither good nor bad, 2 very good."
		}
		touchpoints := v.unique("a touchpoint of " + s.Name.Value())
		for _, t := range s.Touchpoints {
			touchpoints.add("", t.Name)
		}
	}
	if j.Stages != nil && len(j.Stages) == 0 && !v.incomplete[j] {
		v.Report("missing-key", j.Name.Range(), "The journey has no stages").Detail = "Add them to `stages`, first to last."
	}
}

// export checks what an export names.
func (v *validator) export(e *Export) {
	u := v.unique("a column of " + e.Name.Value())
	for _, c := range e.Columns {
		u.add("", c)
	}
	if e.Columns != nil && len(e.Columns) == 0 && !v.incomplete[e] {
		v.Report("missing-key", e.Name.Range(), "The export hands over no columns").Detail = "Name at least the key in `columns`."
	}
}
