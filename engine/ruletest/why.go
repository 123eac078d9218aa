package ruletest

import (
	"context"
	"fmt"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"

	"personae/engine/byrow"
	"personae/engine/compile"
	"personae/engine/eval"
	"personae/engine/plan"
)

// whyLimit is how many conditions a failing test names.
const whyLimit = 6

// programs are the conditions of one entity's rules, taken apart and ready to
// run by themselves.
type programs struct {
	env     *cel.Env
	lists   map[string]*cel.Ast // lists under a name, by label
	clauses map[*compile.Expr]*compile.Clause
	made    map[*compile.Clause]*clauseProgram
}

type clauseProgram struct {
	program *eval.Program
	reads   []string // fields of the entity and names of groups, in order of first use
}

func newPrograms(env *byrow.Env, entity *compile.Entity) *programs {
	p := &programs{env: env.CEL(), lists: map[string]*cel.Ast{}, clauses: map[*compile.Expr]*compile.Clause{}, made: map[*compile.Clause]*clauseProgram{}}
	for _, r := range entity.Rules {
		if r.IsList() {
			p.lists[r.Label()] = r.Expr.AST
		}
	}
	return p
}

func (p *programs) of(x *compile.Expr) *compile.Clause {
	if p.clauses[x] == nil {
		p.clauses[x] = compile.Clauses(x)
	}
	return p.clauses[x]
}

// program makes a condition ready, by itself.
func (p *programs) program(c *compile.Clause) (*clauseProgram, error) {
	if made := p.made[c]; made != nil {
		return made, nil
	}
	program, err := eval.NewProgram(p.env, c.AST)
	if err != nil {
		return nil, err
	}
	p.made[c] = &clauseProgram{program: program, reads: readsOf(c.Written)}
	return p.made[c], nil
}

// readsOf lists what a condition names: customer.age, segment.staff.
func readsOf(checked *cel.Ast) []string {
	var out []string
	seen := map[string]bool{}
	add := func(name string) {
		if !seen[name] {
			seen[name] = true
			out = append(out, name)
		}
	}
	ast.PreOrderVisit(checked.NativeRep().Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		switch {
		case e.Kind() == ast.SelectKind && e.AsSelect().Operand().Kind() == ast.IdentKind:
			add(e.AsSelect().Operand().AsIdent() + "." + e.AsSelect().FieldName())
		case e.Kind() == ast.IdentKind && strings.Contains(e.AsIdent(), "."):
			add(e.AsIdent())
		}
	}))
	return out
}

// eval evaluates a condition over the row. All that it reads has to be known.
func (row *celRow) eval(c *compile.Clause) (eval.Result, error) {
	p, err := row.programs.program(c)
	if err != nil {
		return eval.Result{}, err
	}
	return p.program.Eval(context.Background(), row.alone.Row())
}

// why says what decided an answer, a line for each reason.
func (row *celRow) why(e *compile.Expectation, got eval.Result) ([]string, error) {
	switch {
	case e.Persona != nil:
		return row.condition(e.Persona.Who, "")
	case e.Export != nil:
		return row.condition(e.Export.Who, "")
	}
	switch r := e.Rule; {
	case r.Score != nil:
		return row.parts(r)
	case r.Journey != nil:
		return row.stages(r)
	case r.Kind == compile.SegmentationRule:
		return row.rungs(e, got)
	case r.Kind == compile.SegmentRule:
		return row.segment(r, got)
	}
	return row.calculated(e.Rule, got), nil
}

// calculated says what a calculated value was made of.
func (row *celRow) calculated(r *compile.Rule, got eval.Result) []string {
	line := "It is " + oneLine(r.Expr)
	if got.Outcome == eval.Bottom && got.Reason != "" {
		return []string{line + ", and " + got.Reason + "."}
	}
	if p, err := row.programs.program(row.programs.of(r.Expr)); err == nil {
		if values := row.values(p.reads); values != "" {
			return []string{line + ", where " + values + "."}
		}
	}
	return []string{line + "."}
}

// segment says which conditions decided, and whether a membership was kept.
func (row *celRow) segment(r *compile.Rule, got eval.Result) ([]string, error) {
	when, err := row.outcome(row.programs.of(r.Expr))
	if err != nil {
		return nil, err
	}
	if got.Outcome == eval.True && when != eval.True && r.Leave != nil {
		lines, err := row.condition(r.Leave, "`leave`: ")
		return append([]string{"It was in before, and `leave` is not true."}, lines...), err
	}
	return row.condition(r.Expr, "")
}

// rungs says which rung took the row, and why the expected one did not.
func (row *celRow) rungs(e *compile.Expectation, got eval.Result) ([]string, error) {
	var out []string
	for _, rung := range e.Rule.Rungs {
		outcome, err := row.outcome(row.programs.of(rung.When))
		if err != nil {
			return nil, err
		}
		if rung.Name == e.Want.Value || rung.Name == got.Value || outcome == eval.Bottom || outcome == eval.Null {
			lines, err := row.condition(rung.When, rung.Name+": ")
			if err != nil {
				return nil, err
			}
			out = append(out, lines...)
		}
		if outcome != eval.False {
			break
		}
	}
	if got.Value == e.Rule.Otherwise && len(out) == 0 {
		out = append(out, "No rung is true.")
	}
	return limited(out), nil
}

// parts says what each part of a score gave.
func (row *celRow) parts(r *compile.Rule) ([]string, error) {
	var out []string
	for _, p := range r.Score.Parts {
		result, err := row.alone.Decide(context.Background(), plan.PartOutputName(r.Name, p.Name))
		if err != nil {
			return nil, err
		}
		switch result.Outcome {
		case eval.True:
			out = append(out, fmt.Sprintf("%s: %s points", p.Name, number(r.Score.Of(p.Points))))
		case eval.False:
			out = append(out, p.Name+": no points, since "+oneLine(p.When)+" is false")
		default:
			points := "from " + number(r.Score.Of(p.Low)) + " to " + number(r.Score.Of(p.High))
			if p.Low == p.High {
				points = number(r.Score.Of(p.Low))
			}
			out = append(out, p.Name+": "+points+" points, since "+reason(result))
		}
	}
	return out, nil
}

func number(x float64) string { return strings.TrimSuffix(showValue(x), ".0") }

// stages says which stages were entered.
func (row *celRow) stages(r *compile.Rule) ([]string, error) {
	var out []string
	for _, s := range r.Journey.Stages {
		result, err := row.alone.Decide(context.Background(), plan.EnteredOutputName(r.Name, s.Name))
		if err != nil {
			return nil, err
		}
		switch result.Outcome {
		case eval.True:
			out = append(out, s.Name+": entered")
		case eval.False:
			out = append(out, s.Name+": not entered, since "+oneLine(s.Entered)+" is false")
		default:
			out = append(out, s.Name+": can't tell, since "+reason(result))
		}
	}
	return out, nil
}

// emptyReason is why a condition that is null cannot be told.
const emptyReason = "it is empty"

func reason(r eval.Result) string {
	switch {
	case r.Outcome == eval.Null:
		return emptyReason
	case r.Reason == "":
		return eval.NoReason
	}
	return r.Reason
}

func oneLine(x *compile.Expr) string { return strings.Join(strings.Fields(x.Text.Value()), " ") }

// condition says which of the conditions of an expression decided.
func (row *celRow) condition(x *compile.Expr, lead string) ([]string, error) {
	decisive, err := row.decisive(row.programs.of(x))
	if err != nil {
		return nil, err
	}
	var out []string
	for _, c := range decisive {
		p, err := row.programs.program(c)
		if err != nil {
			return nil, err
		}
		result, err := row.eval(c)
		if err != nil {
			return nil, err
		}
		switch {
		case result.Unknown():
			out = append(out, lead+c.OneLine()+" can't be told, since "+reason(result))
		default:
			line := lead + c.OneLine() + " is " + result.Outcome.String()
			if values := row.values(p.reads); values != "" {
				line += ": " + values
			}
			out = append(out, line)
		}
	}
	return limited(out), nil
}

// decisive lists the single conditions that made a clause what it is: of a false
// && those that are false, of a true || those that are true, of an unknown one
// those that are unknown, else all.
func (row *celRow) decisive(c *compile.Clause) ([]*compile.Clause, error) {
	if c.Op == "" {
		return []*compile.Clause{c}, nil
	}
	whole, err := row.outcome(c)
	if err != nil {
		return nil, err
	}
	var out []*compile.Clause
	for _, part := range c.Parts {
		outcome, err := row.outcome(part)
		if err != nil {
			return nil, err
		}
		all := c.Op == "&&" && whole == eval.True || c.Op == "||" && whole == eval.False
		if !all && outcome != whole {
			continue
		}
		below, err := row.decisive(part)
		if err != nil {
			return nil, err
		}
		out = append(out, below...)
	}
	return out, nil
}

// outcome is what a clause is; null decides nothing.
func (row *celRow) outcome(c *compile.Clause) (eval.Outcome, error) {
	result, err := row.eval(c)
	if result.Outcome == eval.Null {
		return eval.Bottom, err
	}
	return result.Outcome, err
}

// values writes what a condition read: "age is 17, city is null". What is in the
// condition's own words (a segment) needs no name but its own.
func (row *celRow) values(reads []string) string {
	var out []string
	for _, name := range reads {
		if text, ok := row.value(name); ok {
			out = append(out, name+" is "+text)
		}
	}
	return strings.Join(out, ", ")
}

func (row *celRow) value(name string) (string, bool) {
	for _, t := range row.given.Below {
		if name == row.test.Entity+"."+t.Table.Name {
			return fmt.Sprintf("a list of %d", len(t.Rows)), true
		}
	}
	checked := row.programs.lists[name]
	if checked == nil {
		compiled, issues := row.programs.env.Compile(name)
		if issues.Err() != nil {
			return "", false // of a row of a list, or of a reference
		}
		checked = compiled
	}
	program, err := eval.NewProgram(row.programs.env, checked)
	if err != nil {
		return "", false
	}
	result, err := program.Eval(context.Background(), row.alone.Row())
	switch {
	case err != nil, result.Outcome == eval.Bottom:
		return "", false
	case result.Outcome == eval.Null:
		return "null", true
	}
	if list, ok := result.Value.([]any); ok && (len(list) == 0 || len(list) > 5 || checked.OutputType().Parameters()[0].Kind() == types.StructKind) {
		return fmt.Sprintf("a list of %d", len(list)), true
	}
	return showValue(result.Value), true
}

func limited(lines []string) []string {
	if len(lines) > whyLimit {
		return append(lines[:whyLimit:whyLimit], fmt.Sprintf("and %d more", len(lines)-whyLimit))
	}
	return lines
}
