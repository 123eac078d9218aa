package celenv

import (
	"testing"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/ext"
)

// TestGuardedValidators compares with cel-go's own, asked about everything.
func TestGuardedValidators(t *testing.T) {
	own, err := cel.NewEnv(
		cel.CrossTypeNumericComparisons(true), cel.OptionalTypes(), ext.Strings(),
		cel.ASTValidators(
			cel.ValidateTimestampLiterals(), cel.ValidateDurationLiterals(), cel.ValidateRegexLiterals(),
			cel.ValidateHomogeneousAggregateLiterals()))
	if err != nil {
		t.Fatal(err)
	}
	quick, err := Row(Options{Zone: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	for text, sound := range map[string]bool{
		`1 in [1, 2, 3]`:                     true,
		`1 in [1, 'a']`:                      false,
		`1 in [1, 2.0]`:                      false,
		`1 in [1 + 1, 2]`:                    true,
		`[[1], ['a']].size() == 2`:           false,
		`{'a': 1, 'b': 2}.size() == 2`:       true,
		`{'a': 1, 'b': 'c'}.size() == 2`:     false,
		`[?optional.of(1), 2].size() == 2`:   true,
		`[?optional.of(1), 'a'].size() == 2`: false,
		`'a'.matches('a+')`:                  true,
		`'a'.matches('a(')`:                  false,
		`duration('1h') > duration('2h')`:    true,
		`duration('1 hour') > duration('x')`: false,
		`timestamp('2026-01-01T00:00:00Z') > timestamp('2025-01-01T00:00:00Z')`: true,
		`timestamp('2026') > timestamp('2025-01-01T00:00:00Z')`:                 false,
		`'%d %s'.format([1, 'a']) == ''`:                                        true,
		`'%d'.format(['a']) == ''`:                                              false,
		`'%d'.format([1, 2]) == ''`:                                             false,
	} {
		for name, env := range map[string]*cel.Env{"cel-go's": own, "guarded": quick} {
			if _, iss := env.Compile(text); (iss.Err() == nil) != sound {
				t.Errorf("%s, %s: sound %t, want %t: %v", text, name, iss.Err() == nil, sound, iss.Err())
			}
		}
	}
}

// TestValidatorsAreKnown wants ReadsLiterals to be looked at again where there is a
// validator that it was not written for.
func TestValidatorsAreKnown(t *testing.T) {
	env, err := Row(Options{Zone: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{findings{}.Name(): true, "cel.validator.cel_block": true} // the second reads nothing
	for name := range guards {
		known[name] = true
	}
	for _, v := range env.Validators() {
		if !known[v.Name()] {
			t.Errorf("does ReadsLiterals know what %s reads?", v.Name())
		}
		delete(known, v.Name())
	}
	if len(known) > 0 {
		t.Errorf("the environment does not have %v", known)
	}
}
