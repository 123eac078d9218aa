package conformance

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"cel.dev/cel-go/cel"
	"gopkg.in/yaml.v3"

	"personae/engine/catalog"
)

// worlds are the tables over which expressions are compared: what facts prove
// decides which form of an operator is emitted.
func worlds(t testing.TB, n int) map[string]*engines {
	return map[string]*engines{
		"hostile rows, nothing known": newEngines(t, hostileTable(), hostileRows(hostile, n), false, london),
		"hostile rows, facts":         newEngines(t, hostileTable(), hostileRows(hostile, n), true, london),
		"benign rows, facts":          newEngines(t, hostileTable(), hostileRows(benign, n), true, london),
	}
}

// rootKinds are the types of generated rules, most of them booleans.
var rootKinds = []catalog.Kind{catalog.Bool, catalog.Bool, catalog.Bool, catalog.Bool, catalog.Bool, catalog.Int, catalog.Double, catalog.String, catalog.Bytes, catalog.Timestamp, catalog.Duration}

// tally adds up what comparisons found.
type tally struct{ rowExpressions, expressions, yes, no, bottoms, nulls, refused, holes, values int }

func (s *tally) add(a *answer) {
	s.expressions++
	s.rowExpressions += a.compared
	s.yes += a.yes
	s.no += a.no
	s.bottoms += a.bottoms
	s.nulls += a.nulls
	s.values += a.decided
	if len(a.holes) > 0 {
		s.holes++
	}
}

// batch compares expressions, and their negations and swapped forms; it
// returns those that differ.
func (e *engines) batch(nodes []*node, s *tally) []*node {
	var all []*node
	for i, n := range nodes {
		all = append(all, n)
		switch {
		case n.kind != catalog.Bool:
		case i%3 == 0:
			all = append(all, &node{kind: catalog.Bool, text: "!\x01", parts: []*node{n}})
		case i%3 == 1:
			all = append(all, n.swapped())
		}
	}
	var asts []*cel.Ast
	var texts []string
	var of []*node
	for _, n := range all {
		checked, issues := e.env.Compile(n.String())
		if issues.Err() != nil {
			s.refused++
			continue
		}
		if _, err := e.env.Program(checked); err != nil {
			s.refused++
			continue
		}
		asts, texts, of = append(asts, checked), append(texts, n.String()), append(of, n)
	}
	var bad []*node
	for i, a := range e.compare(asts, texts) {
		s.add(a)
		if a.wrong(e) != "" {
			bad = append(bad, of[i])
		}
	}
	return bad
}

// wrongAlone says what differs for one expression by itself.
func (e *engines) wrongAlone(n *node) string {
	checked, issues := e.env.Compile(n.String())
	if issues.Err() != nil {
		return ""
	}
	if _, err := e.env.Program(checked); err != nil {
		return ""
	}
	return e.compare([]*cel.Ast{checked}, []string{n.String()})[0].wrong(e)
}

// shrink looks for the smallest expression that still differs.
func (e *engines) shrink(n *node) *node {
	for range 40 {
		found := false
		for i, s := range n.smaller() {
			if i > 80 {
				break
			}
			if s.size() <= n.size() && s.String() != n.String() && e.wrongAlone(s) != "" {
				n, found = s, s.size() < n.size()
				break
			}
		}
		if !found {
			break
		}
	}
	return n
}

// enoughRows is how many row-expressions the test has to compare.
const enoughRows = 1_050_000

var (
	more = flag.Int("more", 1, "compare so many times as many random row-expressions")
	seed = flag.Uint64("seed", 20260101, "of random expressions")
)

// TestRandomExpressions compares generated expressions until a million
// row-expressions had to agree.
func TestRandomExpressions(t *testing.T) {
	const rowsEach, each = 400, 60
	enoughRows := enoughRows * *more
	all := worlds(t, rowsEach)
	var total tally
	g := newGrammar(all[keys(all)[0]])
	for i, name := range keys(all) {
		e := all[name]
		random := rand.New(rand.NewPCG(uint64(i), *seed))
		var s tally
		reported := 0
		for s.rowExpressions < enoughRows/len(all)+1 && reported < 12 {
			var nodes []*node
			for i := range each {
				nodes = append(nodes, g.make(random, rootKinds[random.IntN(len(rootKinds))], 1+i%5))
			}
			for _, bad := range e.batch(nodes, &s) {
				if reported++; reported > 12 {
					break
				}
				small := e.shrink(bad)
				t.Errorf("%s: %s\n  from %s", name, e.wrongAlone(small), bad)
				keep(t, small.String())
			}
		}
		t.Logf("%s: %s; %+v", name, g, s)
		total.rowExpressions += s.rowExpressions
		total.yes, total.no, total.bottoms, total.nulls = total.yes+s.yes, total.no+s.no, total.bottoms+s.bottoms, total.nulls+s.nulls
		if s.refused > s.expressions/5 {
			t.Errorf("%s: %d expressions are refused: the generator makes what no rule says", name, s.refused)
		}
	}
	t.Logf("%d row-expressions", total.rowExpressions)
	if total.rowExpressions < enoughRows || min(total.yes, total.no, total.bottoms, total.nulls) < enoughRows/1000 {
		t.Errorf("the test proves too little: %+v", total)
	}
}

// regressions is the committed corpus: expressions that once differed.
var regressions = filepath.Join("..", "testdata", "conformance", "regressions", "expressions.yaml")

// regression is one entry of the corpus.
type regression struct {
	Expr string `yaml:"expr"`
	Why  string `yaml:"why,omitempty"`
}

func readRegressions(t testing.TB) []regression {
	raw, err := os.ReadFile(regressions)
	if err != nil {
		t.Fatal(err)
	}
	var list []regression
	if err := yaml.Unmarshal(raw, &list); err != nil {
		t.Fatal(err)
	}
	return list
}

// keep adds an expression to the corpus under -update.
func keep(t testing.TB, expr string) {
	if !*update {
		return
	}
	list := readRegressions(t)
	for _, r := range list {
		if r.Expr == expr {
			return
		}
	}
	raw, err := yaml.Marshal([]regression{{Expr: expr}})
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(regressions, os.O_APPEND|os.O_WRONLY, 0)
	if err == nil {
		_, err = f.Write(raw)
		f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestRegressions replays what once differed, over all rows.
func TestRegressions(t *testing.T) {
	list := readRegressions(t)
	for name, e := range worlds(t, 500) {
		var asts []*cel.Ast
		var texts []string
		for _, r := range list {
			checked, issues := e.env.Compile(r.Expr)
			if issues.Err() != nil {
				t.Fatalf("%s: %v", r.Expr, issues.Err())
			}
			asts, texts = append(asts, checked), append(texts, r.Expr)
		}
		for _, a := range e.compare(asts, texts) {
			if w := a.wrong(e); w != "" {
				t.Errorf("%s: %s", name, w)
			}
		}
	}
}

// fuzzWorlds are made once for a fuzzing process.
var fuzzWorlds = sync.OnceValue(func() func(t testing.TB) ([]*engines, *grammar) {
	var list []*engines
	var g *grammar
	return func(t testing.TB) ([]*engines, *grammar) {
		if list == nil {
			all := worlds(forever{t}, 150)
			for _, name := range keys(all) {
				list = append(list, all[name])
			}
			g = newGrammar(list[0])
		}
		return list, g
	}
})

// forever is a test whose cleanups never run: databases outlive it.
type forever struct{ testing.TB }

// Cleanup does nothing.
func (forever) Cleanup(func()) {}

// choices are the bytes of a fuzzer; when they are used up the rest is leaves.
type choices struct{ left []byte }

// mostChoices bounds one expression: Go ends a fuzzing process whose input takes
// 10 seconds, also on a machine that does other work.
const mostChoices = 120

// IntN takes a byte.
func (c *choices) IntN(n int) int {
	if len(c.left) == 0 {
		return 0
	}
	v := int(c.left[0])
	c.left = c.left[1:]
	return v % n
}

// FuzzExpressions is TestRandomExpressions for as long as one likes. With -update
// what differs is added to the corpus, shrunk. Go would spend most of the time on
// making inputs shorter that are only new:
// go test ./engine/conformance -run NONE -fuzz FuzzExpressions -fuzzminimizetime 1x -update
func FuzzExpressions(f *testing.F) {
	random := rand.New(rand.NewPCG(7, 7))
	for range 20 {
		seed := make([]byte, 60)
		for i := range seed {
			seed[i] = byte(random.IntN(256))
		}
		f.Add(seed)
	}
	list, g := fuzzWorlds()(f) // here, because an input that takes 10 seconds counts as hanging
	f.Fuzz(func(t *testing.T, seed []byte) {
		c := &choices{seed[:min(len(seed), mostChoices)]}
		n := g.make(c, rootKinds[c.IntN(len(rootKinds))], 1+c.IntN(5))
		for _, e := range list {
			for _, bad := range e.batch([]*node{n}, &tally{}) {
				small := e.shrink(bad)
				keep(t, small.String())
				t.Error(fmt.Sprint(e.wrongAlone(small)))
			}
		}
	})
}
