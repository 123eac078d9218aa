package render

import (
	"fmt"
	"math"

	"personae/engine/report"
)

// What is drawn: distributions, differences, quotes, clauses, scores and journeys
// in every state that they can be in.

func distribution(id, title string, kind report.DistributionKind, labels []string, here, all []float64) report.Distribution {
	d := report.Distribution{ID: id, Title: title, Attribute: "customer.x", Kind: kind, N: count(3380), Unknown: count(32), Everyone: count(19650)}
	for i, label := range labels {
		b := report.Bin{Label: label, Members: count(int64(3380 * here[i])), Share: share(here[i]), Everyone: share(all[i])}
		if here[i] < 0 {
			b.Members, b.Share = gone(fewer), gone(fewer)
		}
		d.Bins = append(d.Bins, b)
	}
	return d
}

func ages() report.Distribution {
	d := distribution("chart_0", "Age", report.Histogram, []string{"under 20", "20 to 30", "30 to 40", "40 to 50", "50 to 60", "60 or more"},
		[]float64{.011, .112, .368, .327, .139, .043}, []float64{.068, .181, .193, .201, .188, .169})
	for i := range d.Bins {
		low, high := float64(10+10*i), float64(20+10*i)
		if i > 0 {
			d.Bins[i].Low = &low
		}
		if i < len(d.Bins)-1 {
			d.Bins[i].High = &high
		}
	}
	d.Unit, d.Takeaway = "years", "30 to 40: 37%, against 19% of everyone"
	return d
}

func weekHours() report.Distribution {
	d := report.Distribution{ID: "chart_1", Title: "When they order", Kind: report.WeekHours, Of: "orders", N: count(9120), Unknown: count(0), Everyone: count(51234)}
	for i := range 168 {
		day, hour := i/24, float64(i%24)
		v := (math.Exp(-(hour-21)*(hour-21)/6) + 0.2*math.Exp(-(hour-12)*(hour-12)/9)) * (0.006 + float64(day)*0.002)
		b := report.Bin{Members: count(int64(v * 9120)), Share: share(math.Round(v*1e4) / 1e4), Everyone: share(0.006)}
		if i == 51 {
			b.Members, b.Share = gone(fewer), gone(fewer)
		}
		d.Bins = append(d.Bins, b)
	}
	return d
}

func differences() []report.Difference {
	var out []report.Difference
	for _, d := range []struct {
		label, value    string
		here, all       float64
		low, high, lift float64
	}{
		{"Children at home", "2 or more", .612, .141, 4.1, 4.6, 4.34}, {"Age", "30 to 50", .695, .394, 1.7, 1.82, 1.76},
		{"Hour of most orders", "21:00", .463, .331, 1.3, 1.5, 1.4}, {"Home", "Terraced house", .38, .29, 1.22, 1.41, 1.31},
		{"Favourite", `<i>Rain & mud</i>`, .21, .17, 1.1, 1.35, 1.23}, {"Orders in a year", "12 or more", .11, .2, .5, .61, .55}, {"Age", "60 or more", .043, .169, .21, .31, .25},
	} {
		low, high := d.low, d.high
		text, _ := words.Lift(d.lift, "all customers")
		out = append(out, report.Difference{Attribute: "x", Label: d.label, Value: d.value, Text: text, Share: share(d.here), Everyone: share(d.all), Lift: d.lift, Low: &low, High: &high})
	}
	return out
}

func journey(people float64) report.Journey {
	feel := func(v float64) *float64 { return &v }
	stage := func(name, title string, part, previous float64, hours float64, feeling *float64) report.Stage {
		s := report.Stage{Name: name, Title: title, Expression: "x", Reached: count(int64(people * part)), Share: share(part), FromPrevious: share(previous),
			Skipped: count(0), MedianHours: report.Number{Value: &hours, Text: fmt.Sprint(hours)}, Feeling: feeling, Touchpoints: []report.Touchpoint{}}
		if hours == 0 {
			s.MedianHours = report.Number{Hidden: true}
		}
		return s
	}
	aware := stage("aware", "Notices us", .93, 1, 0, feel(0.5))
	aware.Touchpoints = []report.Touchpoint{{Name: "Newsletter", Count: count(5120), Each: count(2)}, {Name: "Instagram", Count: gone(fewer)}}
	aware.Doing, aware.Thinking = "Sees a rain suit on a friend's child", "Where is that from?"
	compares := stage("compares", "Compares", .71, .763, 52, feel(-1))
	compares.Doing, compares.Thinking = "Compares three shops on her phone, after the children are in bed", "Is it worth the wait?"
	compares.Words = "has at least 2 visits in the last 30 days"
	compares.Response, compares.Pains = "Show delivery dates on the product page", []string{"Sizes differ from brand to brand", "No delivery date before the basket"}
	buys := stage("buys", "Buys", .52, .732, 3, feel(1))
	back := stage("back", "Comes back", .31, .596, 1200, feel(2))
	back.Skipped = count(14)
	tells := stage("tells", "Tells others", 0, 0, 0, nil)
	tells.Reached, tells.Share, tells.FromPrevious, tells.Skipped = gone(fewer), gone(fewer), gone(fewer), gone(fewer)
	return report.Journey{Name: "purchase", Labels: report.Labels{Title: "From first look to friend", Owner: "crm@example.com", Tags: []string{"all shops"}}, Entity: "customer",
		Stages: []report.Stage{aware, compares, buys, back, tells}, Nowhere: count(int64(people * .07)), Unknown: count(12), File: "rules/journey.yaml", Line: 3, Digest: "jj"}
}

// old marks a rule that should no longer be used.
var old = &report.Deprecated{Reason: "It counts <b>staff</b>", Text: "Should no longer be used: it counts <b>staff</b>. Use Lifecycle instead."}

func score() report.Score {
	v := func(x float64) *float64 { return &x }
	band := func(name, title string, from float64, members int64, rate, low, high float64) report.Band {
		s := size(members, 0, float64(members)*90)
		s.Unknown, s.UnknownWhy = report.Number{}, ""
		b := report.Band{Name: name, Title: title, From: from, Size: s, Rate: share(rate), Low: v(low), High: v(high)}
		b.Size.Value, b.Size.ValueShare = report.Number{}, report.Number{}
		return b
	}
	return report.Score{Name: "heat", Labels: report.Labels{Title: "Lead heat", Description: "Who is worth a call.", Basis: "behavioural", Deprecated: old}, Entity: "customer", Outcome: "lead.converted",
		Verdict: "It separates: hot leads convert 6.1 times as often as cold ones.", Unknown: count(210), UnknownWhy: "budget is empty", UsedBy: []string{"Export: Call list"}, File: "rules/heat.yaml", Line: 3, Digest: "ss",
		Parts: []report.ScorePart{{Name: "budget", Words: "has a budget of more than £10,000", Expression: "x", Points: 30, True: count(4100), Unknown: count(210), Mean: count(6)}},
		Bands: []report.Band{band("hot", "Hot", 70, 1900, .43, .38, .48), band("warm", "Warm", 40, 5300, .19, .17, .21), band("cold", "Cold", 0, 12590, .07, .06, .08)},
		Gain:  []report.GainPoint{{Share: .1, Outcomes: .31}, {Share: .25, Outcomes: .55}, {Share: .5, Outcomes: .78}, {Share: 1, Outcomes: 1}}}
}

// ranks are a rank of which all is shown, and one of which nothing can be.
func ranks() []report.Rank {
	step := func(from, to int64, start report.Number, members int64) report.RankStep {
		return report.RankStep{From: from, To: to, Start: start, Members: count(members), Share: share(float64(members) / 19000)}
	}
	return []report.Rank{
		{Name: "monetary", Labels: report.Labels{Title: "Spend <b>&</b> rank", Description: "5 for the fifth that spent most.", Basis: "behavioural"}, Entity: "customer", Of: "spend in the last 365 days", Best: "high",
			Buckets: 5, Ranked: count(19000), TopPart: "fifth", Text: "The top fifth starts at £452.", UsedBy: []string{"Champions", "Lifecycle"}, Rule: rule("customer.spend_365d", "rules/rfm.yaml", 9),
			Steps: []report.RankStep{step(5, 5, money(452), 3800), step(4, 4, money(210), 3800), step(3, 3, money(98.8), 3800), step(2, 2, gone(fewer), 7600), step(1, 1, report.Number{Hidden: true}, 0)}},
		{Name: "secret", Labels: report.Labels{Title: "Secret", Tags: []string{"pay"}, Deprecated: old}, Entity: "customer", Best: "low", Among: "Evening planners", Buckets: 100, Ranked: gone(fewer), Rule: rule("customer.pay", "rules/rfm.yaml", 12),
			Steps: []report.RankStep{{From: 91, To: 100, Start: gone("Hidden: it is calculated from personal data"), Members: gone(fewer), Share: gone(fewer)}}},
	}
}

// insightful adds to the fixture what is drawn.
func insightful(r *report.Report) {
	p := &r.Personas[0]
	age := ages()
	age.ID, age.Title = "breakdown_age", "Age"
	p.Facts[0].Breakdown = &age
	family := distribution("breakdown_family", "Family", report.Categories, []string{"Two children", "One child", "None", "All others"}, []float64{.41, .28, .19, .12}, []float64{.1, .2, .6, .1})
	p.Facts[1].Breakdown = &family
	none := report.Distribution{ID: "breakdown_work", Title: "Occupation", Kind: report.Categories, Bins: []report.Bin{}, Reason: "Nobody has a value here"}
	p.Facts[2].Breakdown = &none
	months := distribution("chart_5", "First order", report.Months, []string{"Jul 2025", "Aug 2025", "Sep 2025", "Oct 2025"}, []float64{.1, .2, .3, .4}, []float64{.25, .25, .25, .25})
	cities := distribution("chart_2", "Where they live", report.Categories, []string{"Leeds", "York", "Llanfairpwllgwyngyllgogerychwyrndrobwll", `<b>"x"</b>`, "ليلى", "All others"},
		[]float64{.31, .22, .12, -1, .08, .2}, []float64{.2, .21, .02, .01, .1, .46})
	p.Charts = []report.Distribution{ages(), weekHours(), cities,
		distribution("chart_3", "Has children", report.YesNo, []string{"Yes"}, []float64{.46}, []float64{.33}),
		distribution("chart_4", "Lifecycle", report.Exclusive, []string{"Champions", "At risk", "New", "Everyone else"}, []float64{.31, .12, .2, .35}, []float64{.105, .195, .085, .591}),
		months, {ID: "chart_6", Title: "Income", Kind: report.Histogram, Bins: []report.Bin{}, Reason: "The same for everyone"}}
	spread := family
	spread.ID, spread.Title = "breakdown_behaviour_0", "Children"
	p.Sections[0].Statements[0].Breakdown = &spread
	p.Apart = differences()
	p.Quotes = []report.Quote{{Text: "I order when the house is quiet. If it comes on Thursday, I am yours.", From: "Reviews"},
		{Text: "Sizes differ from brand to brand", From: "Reviews", Note: "From reviews by anyone, not only this group"}, {Text: "<script>alert(1)</script>", From: "Reviews"}}
	j, all := journey(3412), journey(everyone)
	p.Journey = &j
	p.Portrait, p.PortraitAlt = "notionists", "Drawing of a woman with short dark hair"
	r.Exports = []report.Export{
		{Name: "call_list", Title: "Call list", Owner: "sales@example.com", Tags: []string{"phone", "<b>bold</b>"}, Entity: "customer", Purpose: "Outbound calls", Who: rule("segment.evening_planners", "rules/exports.yaml", 3), ContactRule: "!customer.do_not_call",
			Members: count(3412), Share: share(.17), Contactable: count(2900), Unknown: count(480), UnknownWhy: "income is empty", Columns: []string{"customer_id", "phone"}, Personal: []string{"phone"}},
		{Name: "tiny", Title: "<i>Tiny</i> | list", Entity: "customer", Purpose: "@all", Who: rule("segment.tiny", "rules/exports.yaml", 13), Members: gone(fewer), Share: gone(fewer), Contactable: gone(fewer), Unknown: count(0), Columns: []string{"customer_id"}, Personal: []string{}},
	}
	r.Ranks, r.Segments[1].Ranks, r.Segmentations[0].Ranks, r.Segmentations[0].UsedBy = ranks(), []string{"monetary"}, []string{"monetary", "secret"}, []string{"Bianca Keller", "Export: Call list"}
	r.Journeys, r.Scores = []report.Journey{all}, []report.Score{score()}
	r.Journeys[0].UnknownWhy, r.Journeys[0].Description = "last_visit is empty", "How people come <b>back</b>."
	quiet := j
	r.Personas[1].Journey, r.Personas[1].NoQuotes = &quiet, "No customer words collected"
	r.Personas[1].Portrait = "faces/layla.png"
	evening := &r.Segments[1]
	evening.Rule.Words = "who place more than half of their orders after nine in the evening, and are not staff"
	evening.Apart = differences()
	evening.Clauses = []report.Clause{
		{Words: "more than half of their orders come after nine in the evening", Expression: "customer.night_share > 0.5", Alone: count(3590), Left: count(3590), Unknown: count(480), OnlyThis: count(15710)},
		{Expression: "!segment.staff", Alone: count(19800), Left: count(3412), Unknown: count(0), OnlyThis: gone(fewer)},
	}
}
