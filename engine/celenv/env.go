package celenv

import (
	"fmt"
	"sort"
	"sync"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/ext"

	"personae/engine/format"
)

// MaxNesting is how deep an expression may nest.
const MaxNesting = 200

// base is what every environment shares: it depends on nothing of a project
// and is immutable, so it is built once (2 ms instead of each time).
var base = sync.OnceValues(func() (*cel.Env, error) {
	env, err := cel.NewEnv(
		cel.CrossTypeNumericComparisons(true),
		cel.EnableIdentifierEscapeSyntax(),
		cel.DefaultUTCTimeZone(true),
		cel.EnableMacroCallTracking(),
		cel.OptionalTypes(),
		ext.Strings(), ext.Math(), ext.Lists(), ext.Sets(), ext.Bindings(),
		cel.ParserRecursionLimit(MaxNesting),
		cel.ASTValidators(
			cel.ValidateTimestampLiterals(), cel.ValidateDurationLiterals(), cel.ValidateRegexLiterals(),
			cel.ValidateHomogeneousAggregateLiterals()),
		cel.Macros(withNow("age"), withNow("daysSince"), fewConditions(), sequenceMacro()),
	)
	if err != nil {
		return nil, err
	}
	return env.Extend(append(declare(nil, append(filter(RowFunctions(), false), sequenceFunctions...)), guard(env.Validators()))...)
})

// zoned are the functions whose answer depends on the project's zone.
var zoned = map[string]bool{"date": true, "age": true, "daysSince": true, "hourOf": true, "weekdayOf": true}

func filter(table []Function, inZone bool) []Function {
	var out []Function
	for _, f := range table {
		if zoned[f.Name] == inZone {
			out = append(out, f)
		}
	}
	return out
}

// Row is the environment of expressions over one row of the entity. Variables:
// the entity, now, params.<p>, segment.<s>, segmentation.<s>, score.<s>, journey.<j>; the dotted names
// are single variables in the checked AST.
func Row(o Options) (*cel.Env, error) {
	shared, err := base()
	if err != nil {
		return nil, err
	}
	opts := declare(o.zone(), filter(rowFunctions, true))
	opts = append(opts, declare(o.zone(), relationFunctions(o))...)
	opts = append(opts, cel.Variable("now", tTime))
	table := o.table(o.Entity)
	switch {
	case table != nil:
		opts = append(opts, withRecords(records(o)...), cel.Variable(o.Entity, recordCEL(o.Entity)))
	case o.Entity != "":
		return nil, fmt.Errorf("no table has the entity %q", o.Entity)
	}
	if table != nil && table.Key != "" {
		opts = append(opts, cel.Macros(withKey(o.Entity, table.Key)))
	} else {
		opts = append(opts, cel.Macros(noKey()))
	}
	params, err := constants(o.Params)
	if err != nil {
		return nil, err
	}
	opts = append(opts, params...)
	for _, name := range sorted(o.Segments) {
		opts = append(opts, cel.Variable("segment."+name, tBool))
	}
	for _, name := range sorted(o.Scores) {
		opts = append(opts, cel.Variable("score."+name, tDouble))
	}
	opts = append(opts, journeys(o.Journeys)...)
	for _, name := range sorted(o.Segmentations) {
		opts = append(opts, cel.Variable("segmentation."+name, tString))
	}
	opts = append(opts, cel.ASTValidators(findings{}))
	return shared.Extend(opts...)
}

// records are the types of all rows that the entity reaches.
func records(o Options) []*RecordType {
	var all []*RecordType
	for _, t := range o.Tables {
		if t.Entity != "" {
			all = append(all, entityType(o, t).nested()...)
		}
	}
	return all
}

// constants are the parameters, as literals.
func constants(params map[string]any) ([]cel.EnvOption, error) {
	var opts []cel.EnvOption
	for _, name := range keys(params) {
		switch v := params[name].(type) {
		case int64:
			opts = append(opts, cel.Constant("params."+name, tInt, types.Int(v)))
		case float64:
			opts = append(opts, cel.Constant("params."+name, tDouble, types.Double(v)))
		case bool:
			opts = append(opts, cel.Constant("params."+name, tBool, types.Bool(v)))
		case string:
			opts = append(opts, cel.Constant("params."+name, tString, types.String(v)))
		default:
			return nil, fmt.Errorf("params.%s is a %T; parameters are whole numbers, numbers, true or false, or text", name, v)
		}
	}
	return opts, nil
}

// Population is the environment of a persona's expressions: Row, in which the
// entity is a member and lives inside a statistic, plus the statistics and
// the formatting functions. It checks types; nothing evaluates it.
func Population(o Options) (*cel.Env, error) {
	row, err := Row(o)
	if err != nil {
		return nil, err
	}
	opts := append([]cel.EnvOption{topRecords()}, declare(o.zone(), statistics)...)
	return row.Extend(append(opts, declare(o.zone(), formatFunctions(nil))...)...)
}

// Formula is the environment of formulas over statistics: variables by ID and
// the formatting functions, which a nil formatter leaves without meaning.
func Formula(stats map[string]*types.Type, f *format.Formatter) (*cel.Env, error) {
	shared, err := base()
	if err != nil {
		return nil, err
	}
	opts := append([]cel.EnvOption{topRecords(), cel.Variable("now", tTime), cel.ASTValidators(findings{})}, declare(time.UTC, formatFunctions(f))...)
	opts = append(opts, declare(f.Zone(), filter(rowFunctions, true))...)
	for _, id := range keys(stats) {
		opts = append(opts, cel.Variable(id, stats[id]))
	}
	return shared.Extend(opts...)
}

func keys[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func sorted(names []string) []string {
	out := append([]string(nil), names...)
	sort.Strings(out)
	return out
}
