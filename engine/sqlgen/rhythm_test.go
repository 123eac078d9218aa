package sqlgen_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"personae/engine/plan"
)

var rhythmExpressions = strings.Split(strings.TrimSpace(`
customer.orders.gaps().size()
customer.orders.gaps().sum()
customer.orders.gaps().avg()
customer.orders.gaps().avg() == null
customer.orders.gaps().min()
customer.orders.gaps().max()
customer.orders.gaps().median()
customer.orders.gaps().percentile(90)
customer.orders.gaps().percentile(12.5)
customer.orders.gaps().mode()
customer.orders.gaps().first().orValue(days(0))
customer.orders.gaps().last().orValue(days(0)) > days(30)
customer.orders.gaps().distinct().size()
customer.orders.gaps().exists(g, g > days(30))
customer.orders.gaps().all(g, g < days(30))
customer.orders.gaps().filter(g, g > days(1)).size()
customer.orders.gaps().filter(g, g > days(1)).sum()
customer.orders.gaps().filter(g, g > days(customer.level)).size()
customer.orders.gaps().map(g, g > days(1)).exists(x, x)
customer.orders.gaps().map(g, int(g) / 1000).max()
customer.orders.filter(o, o.price > 0.1).gaps().max()
customer.orders.filter(o, o.total > 0.1).gaps().size()
customer.orders.filter(o, o.total > 0.1).gaps().max()
customer.orders.filter(o, o.n / o.m > 0).gaps().avg()
customer.orders.within(days(90)).gaps().max() > days(10)
customer.orders.within(days(90)).gaps().avg()
customer.orders.within(days(customer.level)).gaps().max()
customer.orders.filter(o, o.price > customer.orders.map(x, x.price).avg()).gaps().max()
customer.orders.filter(o, o.items.size() > 1).gaps().max()
customer.visits.gaps().max()
customer.visits.gaps().first().orValue(hours(-1))
customer.visits.filter(v, v.page == 'Berlin').gaps().median()
customer.orders.gaps().max() > customer.visits.gaps().max()
customer.orders.weeksActive(1)
customer.orders.weeksActive(8)
customer.orders.weeksActive(62)
customer.orders.weeksActive(63)
customer.orders.weeksActive(5200)
customer.orders.weeksActive(0)
customer.orders.weeksActive(5201)
customer.orders.weeksActive(customer.level)
customer.orders.filter(o, o.paid).weeksActive(20) > 1
customer.visits.weeksActive(20) >= 2
customer.visits.within(days(30)).weeksActive(20)
customer.orders.map(o, days(o.n)).median()
customer.orders.map(o, now - o.sent).median()
customer.orders.map(o, now - o.at).percentile(90)
customer.orders.sequence(o, step(o.price > 0.1))
customer.orders.sequence(o, step(o.price > 0.1), step(o.price < 0.3))
customer.orders.sequence(o, step(o.price > 0.1), step(o.price < 0.3, days(10)))
customer.orders.sequence(o, step(o.price > 0.1), never(o.price == 0.1), step(o.price < 0.3, days(100)))
customer.orders.sequence(o, step(o.total > 0.1), step(o.total < 50.0))
customer.orders.sequence(o, step(o.total > 0.1), never(o.n > 1), step(o.m > 1, days(30)))
customer.orders.sequence(o, never(o.total > 50.0), step(o.n > 0), never(o.paid))
customer.orders.sequence(o, step(o.n > 0), never(o.paid))
customer.orders.sequence(o, step(true), step(true, days(30)), step(true, days(1)))
customer.orders.sequence(o, step(true), never(true), step(true))
customer.orders.sequence(o, step(o.city == 'Berlin'), step(o.city == 'Bath', hours(24)), never(o.city == ''), step(true, days(90)))
customer.orders.filter(o, o.price > 0.0).sequence(o, step(o.m > 1), step(o.m < 2))
customer.orders.filter(o, o.total > 0.0).sequence(o, step(o.m > 1), step(o.m < 2))
customer.orders.within(days(90)).sequence(o, step(o.m > 1), step(o.m < 2, hours(12)))
customer.orders.within(days(customer.level)).sequence(o, step(o.m > 1), step(o.m < 2))
customer.orders.sequence(o, step(o.price > customer.budget), step(o.items.size() > 1))
customer.orders.sequence(o, step(o.price > customer.orders.map(x, x.price).avg()), step(o.items.exists(i, i.cost > 0.1), days(30)))
customer.visits.sequence(v, step(v.page == 'Berlin'), step(v.seconds > 1, days(10)))
customer.visits.sequence(v, step(v.page == 'Berlin'), never(v.page == 'Bath'), step(v.page == 'Berlin'), never(v.seconds > 1))
customer.orders.sequence(o, step(o.price > 0.1), step(o.price < 0.3, days(10) - days(11)))
customer.orders.sequence(o, step(o.price > 0.1), step(o.price < 0.3)) && customer.visits.size() > 1
!customer.orders.sequence(o, step(o.paid), never(!o.paid), step(o.paid))
atLeast(2, customer.orders.size() > 1, customer.orders.exists(o, o.total > 0.2), customer.level > 1, customer.vip)
`), "\n")

// rhythm makes a random expression about the order of rows.
func (c chains) rhythm() string {
	text := "customer.orders"
	for range c.r.IntN(3) {
		text += c.one(".filter(o, "+c.condition(1)+")", ".within(days(90))", ".before(days(10))", ".within(days(customer.level))", "")
	}
	switch c.r.IntN(5) {
	case 0:
		return text + ".gaps()" + c.one("", ".filter(g, g > hours(1))", ".filter(g, g <= days(customer.level))") + c.one(".size()", ".sum()", ".avg()", ".min()", ".max()", ".median()", ".percentile(12.5)", ".mode()", ".last().hasValue()", ".exists(g, g > days(10))")
	case 1:
		return text + c.one(".weeksActive(8)", ".weeksActive(100)", ".weeksActive(customer.level)", ".weeksActive(40) > 1")
	}
	text += ".sequence(o"
	steps := 0
	for n := 1 + c.r.IntN(5); n > 0 || steps == 0; n-- {
		switch k := c.r.IntN(5); {
		case k == 0:
			text += ", never(" + c.condition(1) + ")"
		case k < 3 && steps > 0:
			text += ", step(" + c.condition(1) + c.one(", days(10))", ", hours(24))", ", days(80))", ", days(0))")
		default:
			text += ", step(" + c.condition(1) + ")"
			steps++
		}
	}
	return text + ")"
}

func TestRhythmAgreesWithCEL(t *testing.T) {
	for name, config := range map[string]struct {
		cells shopCells
		facts bool
		seed  uint64
	}{"hostile rows": {hostileCells, false, 11}, "hostile rows, facts": {hostileCells, true, 12}, "calm rows, facts": {calmCells, true, 13}} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t, config.cells, config.facts, 200)
			b := plan.NewBuilder(s.facts)
			c := chains{rand.New(rand.NewPCG(config.seed, 9))}
			texts := append([]string{}, rhythmExpressions...)
			for range 60 {
				texts = append(texts, c.rhythm())
			}
			var list []lowered
			for _, text := range texts {
				l, holes := s.lower(t, b, text)
				if len(holes) > 0 {
					t.Errorf("%s: not compiled: %s", text, holes[0].Reason)
					continue
				}
				list = append(list, l)
			}
			var n tally
			for len(list) > 0 { // a statement of all takes the database long to plan
				k := min(len(list), 40)
				n = n.plus(s.compare(t, b, list[:k]))
				list = list[k:]
			}
			if n.yes == 0 || n.no == 0 || n.values == 0 || n.null == 0 || n.bottom == 0 {
				t.Errorf("the test proves nothing: %+v", n)
			}
			t.Logf("%+v", n)
		})
	}
}

func (n tally) plus(m tally) tally {
	return tally{n.yes + m.yes, n.no + m.no, n.values + m.values, n.null + m.null, n.bottom + m.bottom, n.wrong + m.wrong}
}
