package render

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"personae/engine/format"
	"personae/engine/report"
)

// The fixture has every state that a report can be in.

var words = func() *format.Formatter {
	f, err := format.New("en-GB", "GBP", time.UTC)
	if err != nil {
		panic(err)
	}
	return f
}()

func count(n int64) report.Number {
	v := float64(n)
	return report.Number{Value: &v, Text: words.Int(n)}
}

func share(v float64) report.Number {
	text, _ := words.Percent(v, format.Auto)
	return report.Number{Value: &v, Text: text}
}

func money(v float64) report.Number {
	text, _ := words.Money(v, format.Auto)
	return report.Number{Value: &v, Text: text}
}

func gone(reason string) report.Number { return report.Number{Hidden: true, Reason: reason} }

func on(n report.Number, rows, unknown int64) report.Number {
	n.N, n.Unknown = &rows, &unknown
	return n
}

const fewer = "Hidden: fewer than 5 people"

const (
	everyone = 20000
	allValue = 4_812_400.0
)

func size(members, unknown int64, value float64) report.Size {
	s := report.Size{Members: count(members), Share: share(float64(members) / everyone), Value: money(value),
		ValueShare: share(value / allValue), Unknown: count(unknown)}
	if unknown > 0 {
		s.UnknownWhy = "income is empty"
	}
	return s
}

func hiddenSize() report.Size {
	return report.Size{Members: gone(fewer), Share: gone(fewer), Value: gone(fewer), ValueShare: gone(fewer), Unknown: count(0)}
}

func rule(expression, file string, line int) report.Rule {
	return report.Rule{Expression: expression, File: file, Line: line, Digest: fmt.Sprintf("%08x", len(expression)*7919+line)}
}

func segment(name, title string, s report.Size) report.Segment {
	return report.Segment{Name: name, Labels: report.Labels{Title: title, Basis: "behavioural", Owner: "crm@example.com"}, Entity: "customer", Size: s,
		Guard: report.Guard{Verdict: "none"}, Rule: rule("customer."+name+" > params.threshold\n  && !segment.staff", "rules/rfm.yaml", 12)}
}

func statement(text string, e report.Evidence) report.Statement {
	none := report.Number{Hidden: true}
	return report.Statement{Section: "behaviour", Text: text, Evidence: e, Status: report.Unmeasured, Value: none, Needed: none, Everyone: none,
		File: "rules/personas/bianca.yaml", Line: 31}
}

func claim(text string, status report.Status, statusText, expression string, value, needed, all report.Number) report.Statement {
	s := statement(text, report.Measured)
	s.Status, s.StatusText, s.Expression, s.Operator = status, statusText, expression, ">"
	s.Value, s.Needed, s.Everyone = value, needed, all
	return s
}

func bianca() report.Persona {
	night := claim("Orders late in the evening", report.Holds, "Holds", "share(customer.night_share > 0.5) > 0.4", on(share(0.463), 3412, 0), share(0.4), share(0.331))
	night.Compared = "1.4 times as common as among all customers"
	gifts := claim("Buys presents, and has them wrapped", report.Broken, "No longer true: 37.2%, needs more than 40%", "share(customer.gifts > 0) > 0.4", on(share(0.372), 3398, 14), share(0.4), share(0.21))
	gifts.Compared = "1.8 times as common as among all customers"
	basket := claim("Fills a large basket", report.Holds, "Holds", "median(customer.basket) > 60.0", on(money(74.5), 3412, 0), money(60), money(41.2))
	few := claim("Returns what does not fit", report.TooFew, "Too few to say (fewer than 5 people)", "share(customer.returns > 3) > 0.1", gone(fewer), share(0.1), gone("there is no value"))
	maybe := claim("Earns more than most", report.CannotTell, "Can't tell: it is known for 61% only", "median(customer.income) > 40000.0", on(money(48200), 2081, 1331), money(40000), money(33100))
	children := statement("46% have children at home", report.Measured)
	children.Value, children.Everyone = on(share(0.46), 3412, 0), share(0.33)
	children.Compared = "1.4 times as common as among all customers"
	study := statement("Two children at school", report.Researched)
	study.Source = "Interviews (interview, 11 people, 2026-03-03): Nine of eleven have school-age children"
	missing := statement("", report.Measured)
	missing.Missing, missing.Status, missing.StatusText = "there is no value", report.CannotTell, "there is no value"
	age := statement("41 years", report.Measured)
	age.Value, age.Everyone = on(count(41), 3380, 32), count(47)
	return report.Persona{
		Name: "bianca", DisplayName: "Bianca Keller", Tagline: "Plans the week, buys on Sunday night", Role: "primary", Owner: "crm@example.com", Tags: []string{"spring", "all shops"},
		ReviewBy: "2026-12-31", Entity: "customer", Who: rule("segment.evening_planners", "rules/personas/bianca.yaml", 3), Size: size(3412, 480, 1_472_600),
		Story: []report.Paragraph{
			{Text: "Bianca is 41 and lives in Leeds. Between school runs and a half-time job, the hour after nine in the evening is the only one that is hers. That is when she opens the shop on her phone."},
			{Text: "She keeps a list for every room. She compares, waits for *delivery dates*, and then buys [everything at once](https://example.org/study).", Missing: []string{fewer}},
			{Text: "On it are:\n- a rain suit, two sizes up\n- boots that cost \\*less\\* than last year's"},
		},
		Facts:       []report.Fact{{Label: "Age", Statement: age}, {Label: "Family", Statement: study}, {Label: "Occupation", Statement: statement("Runs a gift shop", report.Assumed)}},
		Personality: []report.Trade{{Low: "Planner", High: "Spontaneous", At: -1.5, Evidence: report.Assumed}, {Low: "Alone", High: "With others", At: 0, Evidence: report.Researched, Source: "Interviews: half of them ask a friend"}, {Low: "Price", High: "Quality", At: 1, Evidence: report.Assumed}},
		Goals:       []report.Pair{{Statement: statement("Fresh stock before Christmas", report.Assumed), Then: "Two thirds of her year is made in the last quarter"}, {Statement: basket, Then: "One delivery is easier to be at home for"}},
		Needs:       []report.Pair{{Statement: study, Then: "Mixed cartons"}, {Statement: missing, Then: "Something smaller"}},
		Sections: []report.Section{
			{Name: "psychographics", Title: "Psychographics", Statements: []report.Statement{statement("Trusts other parents more than brands", report.Assumed)}},
			{Name: "lifestyle", Title: "Lifestyle", Statements: []report.Statement{children}},
			{Name: "behaviour", Title: "Behaviour", Statements: []report.Statement{night, gifts, few}},
			{Name: "buying_style", Title: "Buying style", Statements: []report.Statement{maybe}},
			{Name: "do", Title: "Do", Statements: []report.Statement{statement("Show the delivery date on the product page", report.Assumed)}},
			{Name: "dont", Title: "Don't", Statements: []report.Statement{statement("Write before eight in the evening", report.Assumed)}},
			{Name: "demographics", Title: "Demographics", Statements: []report.Statement{children}},
			{Name: "rituals", Title: "Rituals", Statements: []report.Statement{statement("Tea first, then the list", report.Assumed)}},
		},
		Day:        "Up at six, packed lunches, shop opens at nine.\n\nAt nine in the evening the house is quiet.",
		Messages:   []string{"Delivery by Thursday, or it is free", "Everything for the room, in one box"},
		Objections: []report.Pair{{Statement: statement("Too dear", report.Assumed), Then: "Cost per season"}},
		Statistics: []report.Statistic{
			{ID: "stat_0", Expression: "share(customer.night_share > 0.5)", Func: "share", Unit: "%", Value: on(share(0.463), 3412, 0), Everyone: share(0.331), LiftText: "1.4 times as common as among all customers"},
			{ID: "stat_1", Expression: "top(customer.city, 2)", Func: "top", Value: count(2), Everyone: gone("a list has no single value"), Top: []report.Top{{Value: "Leeds", Count: count(512), Share: share(0.15)}, {Value: "York", Count: count(341), Share: share(0.1)}}},
			{ID: "stat_2", Expression: "avg(customer.rare)", Func: "avg", Value: gone(fewer), Everyone: gone(fewer)},
		},
		Meter: report.Meter{Statements: 14, Evidence: map[string]int{"measured": 8, "researched": 2, "assumed": 4},
			Claims: map[string]int{"holds": 2, "broken": 1, "too_few": 1, "cannot_tell": 1}, Text: "14 statements: 8 measured, 2 from research, 4 assumed"},
	}
}

// hostile is a persona whose every text tries to be something else.
func hostile() report.Persona {
	evil := `"><script>alert(1)</script> ' & | * _x_ @admin #42 ` + "`code` <!-- $a$ javascript:alert(1) https://evil.example/x.png"
	s := statement(evil+"\n- second line\n# heading", report.Researched)
	s.Source = evil
	s.Expression = "top(customer.name, 1)[0].value == '" + evil + "' || a`b"
	return report.Persona{
		Name: "hostile", DisplayName: `<b>O'Neil</b> "The @admin" #1`, Tagline: evil, Role: "negative", Owner: evil, Tags: []string{evil}, ReviewBy: "2026-01-01", Entity: "customer",
		Who: rule("customer.name == '</script><img src=x onerror=alert(1)>' || true", "rules/a|b.yaml", 1), Size: size(120, 0, 900),
		Story: []report.Paragraph{{Text: evil, Missing: []string{evil}}}, Facts: []report.Fact{{Label: evil, Statement: s}},
		Personality: []report.Trade{{Low: evil, High: "z", At: 9, Evidence: report.Assumed}}, Goals: []report.Pair{{Statement: s, Then: evil}},
		Needs: []report.Pair{}, Sections: []report.Section{{Name: "behaviour", Title: evil, Statements: []report.Statement{s}}},
		Day: evil, Messages: []string{evil}, Objections: []report.Pair{{Statement: s, Then: evil}},
		Statistics: []report.Statistic{}, Meter: report.Meter{Statements: 3, Evidence: map[string]int{"researched": 3}, Claims: map[string]int{}, Text: "3 statements: 0 measured, 3 from research, 0 assumed"},
	}
}

// world is a persona in other scripts, whose group is hidden.
func world() report.Persona {
	quiet := claim("يتسوق في المساء", report.TooFew, "Too few to say (fewer than 5 people)", "share(customer.night_share > 0.5) > 0.4", gone(fewer), gone(fewer), gone(fewer))
	lost := statement("", report.Measured)
	lost.Missing = fewer
	return report.Persona{
		Name: "layla", DisplayName: "ليلى حداد", Tagline: "田中さんの友だち。" + strings.Repeat("Donaudampfschifffahrtsgesellschaft", 3), Role: "secondary", Entity: "customer",
		Who: rule("customer.city == '東京'", "rules/personas/layla.yaml", 3), Size: hiddenSize(), Hidden: fewer,
		Story: []report.Paragraph{{Text: "تعيش ليلى في المدينة وتحب القراءة.", Missing: []string{fewer}}}, Facts: []report.Fact{{Label: "العمر", Statement: lost}},
		Personality: []report.Trade{}, Goals: []report.Pair{}, Needs: []report.Pair{}, Messages: []string{}, Objections: []report.Pair{},
		Sections:   []report.Section{{Name: "behaviour", Title: "Behaviour", Statements: []report.Statement{quiet}}},
		Statistics: []report.Statistic{{ID: "stat_0", Expression: "share(x)", Func: "share", Value: gone(fewer), Everyone: gone(fewer)}},
		Meter:      report.Meter{Statements: 2, Evidence: map[string]int{"measured": 2}, Claims: map[string]int{"too_few": 1}, Text: "2 statements: 2 measured, 0 from research, 0 assumed"},
	}
}

func base() *report.Report {
	until := time.Date(2025, 12, 31, 21, 14, 0, 0, time.UTC)
	return &report.Report{
		Format:  report.Format,
		Project: report.Project{Name: "Harbour & Home", Locale: "en-GB", Currency: "GBP", Timezone: "Europe/London", Root: "customer"},
		AsOf:    time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), DataUntil: &until, MinGroup: 5,
		Populations: []report.Population{{Entity: "customer", Count: count(everyone), Value: money(allValue)}},
	}
}

func every() *report.Report {
	r := base()
	r.Populations = append(r.Populations, report.Population{Entity: "company", Count: count(312), Value: gone("No value is set for this project")})
	lapsing := segment("lapsing_big_spenders", "Lapsing big spenders", size(768, 0, 861_300))
	lapsing.Description = "Spent a lot in the past year and nothing in the past two months."
	lapsing.Tags = []string{"retention", "weekly"}
	lapsing.Guard = report.Guard{Verdict: "ok", Text: "As expected: expected 1% to 10%"}
	evening := segment("evening_planners", "Evening planners", size(3412, 480, 1_472_600))
	evening.Guard = report.Guard{Verdict: "high", Text: "Larger than expected: expected 5% to 15%"}
	evening.UsedBy = []string{"Bianca Keller", "Lifecycle", "A rule without a page"}
	nasty := segment("nasty", `<script>alert("x")</script> | @team #7 ليلى`, size(140, 0, 1200))
	nasty.Basis = ""
	nasty.Deprecated = &report.Deprecated{Reason: "<b>old</b>", Successor: "tiny", Text: "Should no longer be used: <b>old</b> | *news*. Use Tiny instead."}
	tiny := segment("tiny", "Tiny", hiddenSize())
	long := segment("long", strings.Repeat("Unbreakable", 12), size(9000, 12, 2_100_000))
	noValue := gone("No value is set for this project")
	firms := segment("firms", "Firms on account", report.Size{Members: count(88), Share: share(88.0 / 312), Value: noValue, ValueShare: noValue, Unknown: gone(fewer)})
	firms.Entity, firms.Owner = "company", ""
	r.Segments = []report.Segment{long, evening, lapsing, nasty, firms, tiny}
	lift := 1.38
	r.Overlaps = []report.Overlap{
		{A: "evening_planners", B: "long", Both: count(2110), ShareA: share(2110.0 / 3412), Lift: &lift},
		{A: "evening_planners", B: "tiny", Both: gone(fewer), ShareA: gone(fewer)},
		{A: "long", B: "evening_planners", Both: count(2110), ShareA: share(2110.0 / 9000), Lift: &lift},
	}
	rung := func(name, title string, s report.Size, expression string) report.Rung {
		s.Unknown, s.UnknownWhy = report.Number{}, ""
		x := report.Rung{Name: name, Title: title, Size: s}
		if expression != "" {
			x.Rule = rule(expression, "rules/lifecycle.yaml", 9)
		}
		return x
	}
	r.Segmentations = []report.Segmentation{
		{Name: "lifecycle", Labels: report.Labels{Title: "Lifecycle", Description: "Where customers stand with us.", Owner: "crm@example.com", Basis: "behavioural"}, Entity: "customer", Groups: []report.Rung{
			rung("champion", "Champions", size(2100, 0, 1_800_000), "customer.recency >= 4 && customer.frequency >= 4"),
			rung("at_risk", "At risk", size(3900, 0, 1_100_000), "customer.recency <= 2 && customer.monetary >= 3"),
			rung("new", "New", size(1700, 0, 212_400), "customer.first_order > now - days(60)"),
			rung("everyone_else", "Everyone else", size(11820, 0, 1_700_000), ""),
		}, Unknown: count(480), UnknownWhy: "income is empty", Total: count(everyone), Adds: true,
			Proof: "Champions 2,100 + At risk 3,900 + New 1,700 + Everyone else 11,820 + can't tell 480 = 20,000: everybody is in one place, and in one only.",
			File:  "rules/lifecycle.yaml", Line: 3, Digest: "aa"},
		{Name: "region", Labels: report.Labels{Title: "Region", Tags: []string{"map | <i>north</i>"}, Deprecated: old}, Entity: "customer", Groups: []report.Rung{
			rung("north", "North", size(12000, 0, 3_000_000), "customer.north"),
			rung("isles", "Isles", hiddenSize(), "customer.isles"),
			rung("south", "South", report.Size{Members: gone("Hidden: it would give a smaller group away"), Share: gone("x"), Value: gone("x"), ValueShare: gone("x")}, ""),
		}, Unknown: count(0), File: "rules/region.yaml", Line: 3, Digest: "bb"},
	}
	lost := r.Segmentations[0].Groups
	lost[0].Alone, lost[0].Lost = count(2100), count(0)
	lost[1].Alone, lost[1].Lost, lost[1].LostTo = count(4020), count(120), []report.RungLoss{{Group: "champion", Title: "Champions", Members: count(120)}}
	lost[2].Alone, lost[2].Lost = gone("Hidden: it would give a smaller group away"), gone(fewer)
	lost[2].LostTo = []report.RungLoss{{Group: "champion", Title: "Champions", Members: gone(fewer)}}
	r.Personas = []report.Persona{bianca(), world(), hostile()}
	insightful(r)
	newest := time.Date(2025, 12, 31, 21, 14, 0, 0, time.UTC)
	worth := money(1204.5)
	r.Datasets = []report.Dataset{
		{Name: "customers", Title: "Customers", Rows: count(everyone), Read: count(20140), NewestEvent: &newest, Fingerprint: "f1", Problems: []report.Problem{
			{Column: "income", Reason: "unreadable values", Action: "left empty", Severity: "warn", Rows: count(480), Value: report.Number{Hidden: true}, Text: "Customers, income: unreadable values in 480 rows (left empty)"}}},
		{Name: "orders", Title: "Orders", Rows: count(180412), Read: count(180412), Stale: "Orders is stale: the newest row is of 12 Dec 2025, and it should be no older than 2 days", Fingerprint: "f2", Problems: []report.Problem{
			{Reason: "orders without a customer", Action: "left out", Severity: "error", Rows: count(37), Value: worth, Text: "Orders: orders without a customer in 37 rows (left out), worth " + worth.Text}}},
		{Name: "stores", Title: "Stores", Rows: count(24), Read: count(24), Fingerprint: "f3", Problems: []report.Problem{}},
	}
	r.Notices = []report.Notice{
		{Severity: "error", Kind: "data", Text: r.Datasets[1].Problems[0].Text},
		{Severity: "warn", Kind: "stale", Text: r.Datasets[1].Stale},
		{Severity: "warn", Kind: "guard", Text: "Evening planners: Larger than expected: expected 5% to 15%"},
		{Severity: "warn", Kind: "hidden", Text: "ليلى حداد: " + fewer},
		{Severity: "warn", Kind: "claim", Text: `Bianca Keller: "Buys presents, and has them wrapped". No longer true: 37.2%, needs more than 40%`},
		{Severity: "warn", Kind: "data", Text: r.Datasets[0].Problems[0].Text},
		{Severity: "info", Kind: "unknown", Text: "Evening planners: can't tell for 480: income is empty"},
	}
	return r
}

// many has forty segments, each smaller than the one before.
func many() *report.Report {
	r := base()
	for i := range 40 {
		n := int64(math.Round(9000 * math.Pow(0.88, float64(i))))
		g := segment(fmt.Sprintf("segment_%02d", i+1), fmt.Sprintf("Segment number %d", i+1), size(n, 0, float64(n)*211))
		g.Basis = []string{"behavioural", "demographic", "value"}[i%3]
		r.Segments = append(r.Segments, g)
	}
	return r
}

// earlier is the report of a month before: other sizes, a claim that held, a
// segment that is gone and one that was not there.
func earlier() *report.Report {
	r := every()
	r.AsOf = r.AsOf.AddDate(0, -1, 0)
	r.Populations[0].Count = count(19688)
	r.Segments[1].Size = size(3198, 455, 1_402_000)
	r.Segments[2].Size = size(779, 0, 870_000)
	r.Segments[2].Rule.Digest = "older"
	r.Segments[5].Size = size(140, 0, 1100)
	r.Segments[5].Name, r.Segments[5].Title = "retired", "Retired"
	r.Segments = append(r.Segments[:3], r.Segments[4:]...)
	r.Segmentations[0].Groups[1].Size = size(3950, 0, 1_100_000)
	r.Datasets[1].Stale = ""
	r.Scores[0].Bands[0].Size = size(1850, 0, 9)
	r.Journeys[0].Stages[1].Reached = count(14190)
	r.Ranks[0].Steps[0].Start = money(451)
	r.Exports = r.Exports[1:]
	gifts := &r.Personas[0].Sections[2].Statements[1]
	gifts.Status, gifts.StatusText, gifts.Value = report.Holds, "Holds", share(0.41)
	r.Personas = r.Personas[:2]
	return r
}

// flows are moves between the groups of the lifecycle; those of few are hidden.
func flows() []report.Flows {
	f := report.Flows{Entity: "customer", Segmentation: "lifecycle", Hidden: true}
	for _, m := range []struct {
		from, to string
		people   int64
	}{{"champion", "champion", 1950}, {"champion", "at_risk", 150}, {"at_risk", "at_risk", 3600}, {"at_risk", "everyone_else", 350}, {"at_risk", "?", 12},
		{"everyone_else", "everyone_else", 11300}, {"new", "champion", 150}, {"new", "everyone_else", 170}, {"", "new", 1700}, {"everyone_else", "", 22}} {
		f.Moves = append(f.Moves, report.Move{From: m.from, To: m.to, People: count(m.people)})
	}
	return []report.Flows{f, {Entity: "customer", Segmentation: "region", Hidden: true, Moves: []report.Move{{From: "north", To: "north", People: count(11900)}}}}
}

func front(t *testing.T, previous *report.Report) FrontInput {
	t.Helper()
	in := FrontInput{Report: every(), Version: 7, Art: art, PublishedAt: time.Date(2026, 1, 2, 7, 31, 0, 0, time.UTC), Commit: "9ad94c2e11aa22bb", Dirty: true,
		Versions: []VersionLink{{7, every().AsOf, time.Date(2026, 1, 2, 7, 31, 0, 0, time.UTC)}}}
	if previous != nil {
		in.Previous, in.PreviousVersion, in.Flows = previous, 6, flows()
		in.Versions = append(in.Versions, VersionLink{6, previous.AsOf, time.Date(2025, 12, 2, 7, 30, 0, 0, time.UTC)})
	}
	return in
}
