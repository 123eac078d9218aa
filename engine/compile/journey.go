package compile

import (
	"fmt"
	"slices"

	"cel.dev/cel-go/common/ast"

	"personae/engine/catalog"
	"personae/engine/celenv"
	"personae/engine/diag"
	"personae/engine/spec"
)

// reachedFunction asks whether somebody has come to a stage, or further.
const reachedFunction = "reached"

// Journey is ordered stages.
type Journey struct {
	Stages []Stage // first to last
}

// Stage is one stage of a journey.
type Stage struct {
	Spec        *spec.Stage
	Name, Title string
	Entered     *Expr
	At          *Expr // the moment of entering, or nil
	Touchpoints []Touchpoint
}

// Touchpoint is one kind of contact; Count is how many one row has.
type Touchpoint struct {
	Name  string
	Count *Expr
}

// HasTimes says whether any stage has a moment of entering.
func (j *Journey) HasTimes() bool {
	for _, s := range j.Stages {
		if s.At != nil || !s.Spec.At.IsZero() {
			return true
		}
	}
	return false
}

func (c *compiler) declareJourney(s *scope, doc *spec.Journey) {
	n := newNode(JourneyRule, doc.Name, s, doc.Labels, doc.Range)
	n.purpose, n.rule.Type, n.rule.Journey = doc.Purpose, catalog.Type{Kind: catalog.String, Nullable: true}, &Journey{}
	if !c.add(n, s.journeys) {
		return
	}
	for _, stage := range doc.Stages {
		of := fmt.Sprintf("%s in %s", stage.Name.Value(), doc.Name.Value())
		one := Stage{Spec: stage, Name: stage.Name.Value(), Title: stage.Title.Value()}
		n.drafts = append(n.drafts, newDraft(stage.Entered.Text, s, aCondition, "The condition of stage "+of))
		if !stage.At.IsZero() {
			n.drafts = append(n.drafts, newDraft(stage.At.Text, s, aMoment, "The moment of entering "+of))
		}
		for _, t := range stage.Touchpoints {
			one.Touchpoints = append(one.Touchpoints, Touchpoint{Name: t.Name.Value()})
			n.drafts = append(n.drafts, newDraft(t.Count.Text, s, aCount, "The number of contacts by "+t.Name.Value()+" of stage "+of))
		}
		n.rule.Journey.Stages = append(n.rule.Journey.Stages, one)
	}
}

// take gives a journey its checked expressions, in the order of declareJourney.
func (j *Journey) take(i int, e *Expr) {
	for k := range j.Stages {
		s := &j.Stages[k]
		if i == 0 {
			s.Entered = e
			return
		}
		if i--; !s.Spec.At.IsZero() {
			if i == 0 {
				s.At = e
				return
			}
			i--
		}
		if i < len(s.Touchpoints) {
			s.Touchpoints[i].Count = e
			return
		}
		i -= len(s.Touchpoints)
	}
}

// digestParts is what a journey computes.
func (j *Journey) digestParts() []string {
	var out []string
	for _, s := range j.Stages {
		out = append(out, "stage", s.Name, s.Entered.Digest)
		if s.At != nil {
			out = append(out, "at", s.At.Digest)
		}
		for _, t := range s.Touchpoints {
			out = append(out, "touchpoint", t.Name, t.Count.Digest)
		}
	}
	return out
}

// reached resolves reached('purchase', 'aware'), whose last argument celenv adds.
func (r *resolver) reached(e ast.Expr) {
	args := e.AsCall().Args()
	journey, ok1 := literalText(args[0])
	stage, ok2 := literalText(args[1])
	if !ok1 || !ok2 {
		return // the macro has refused it
	}
	n := r.scope.journeys[journey]
	if n == nil || !slices.Contains(n.groups(), stage) {
		r.miss(e)
		for v := args[2]; v.Kind() == ast.SelectKind; v = v.AsSelect().Operand() { // of the macro's variable
			r.miss(v, v.AsSelect().Operand())
		}
	}
	switch {
	case n == nil:
		if !r.scope.broken("Journey", journey) {
			r.unknownText(args[0], "journey", journey, nodeNames(r.scope.journeys))
		}
	case !slices.Contains(n.groups(), stage):
		r.unknownText(args[1], "stage of "+journey, stage, n.groups())
	default:
		r.found(e, Ref{Kind: ReachedRef, Entity: r.scope.entity, Name: journey + "." + stage}, n)
	}
}

// reachedForm reports a reached() that is not written with two texts, at the argument
// that is none: a name without quotes is a variable to CEL.
func (c *code) reachedForm(s *scope, token int, diags *diag.List) {
	at := c.whole()
	if token >= 0 {
		at = c.argument(token)
	}
	d := diags.Report("cel-syntax", c.at(at), "%s", celenv.ReachedForm)
	d.Detail = "There is no journey yet. With one it is written reached('journey', 'stage')."
	for i, name := range nodeNames(s.journeys) {
		stages := s.journeys[name].groups()
		if i == 0 && len(stages) > 0 {
			d.Detail = fmt.Sprintf("Name them as in reached('%s', '%s'). No column can hold the names.", name, stages[len(stages)-1])
		}
		if written := c.slice(at); written == name || slices.Contains(stages, written) {
			d.Fix = replace(c.at(at), "'"+written+"'")
		}
	}
}

// argument gives the whole of the argument that a token stands in; of the name of a
// function, the name.
func (c *code) argument(i int) span {
	tokens := c.tokens()
	if i+1 < len(tokens) && tokens[i+1].is("(") {
		return span{tokens[i].start, tokens[i].end}
	}
	ends := func(i int, bracket string) bool {
		return i < 0 || i >= len(tokens) || tokens[i].is(",") || tokens[i].is(bracket)
	}
	first, last := i, max(i, c.match()[i])
	for !ends(first-1, "(") {
		if first--; c.match()[first] >= 0 {
			first = c.match()[first]
		}
	}
	for !ends(last+1, ")") {
		if last++; c.match()[last] >= 0 {
			last = c.match()[last]
		}
	}
	return span{tokens[first].start, tokens[last].end}
}

// unknownText reports a name that is written as text.
func (r *resolver) unknownText(e ast.Expr, what, name string, names []string) {
	at := r.code.extent(r.tree, e)
	quoted := r.code.slice(at)
	d := unknown(&r.diags, r.code.at(at), what, name, names, "")
	if d.Fix != nil && len(quoted) > 1 {
		d.Fix.Replacement = quoted[:1] + d.Fix.Replacement + quoted[:1]
		d.Fix.Title = "write " + d.Fix.Replacement
	}
}
