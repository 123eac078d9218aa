package celenv

import (
	"crypto/md5"
	"encoding/binary"
	"regexp"
	"strconv"
	"strings"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// MaxConditions is how many conditions atLeast takes.
const MaxConditions = 20

// isBetween is a <= x && x <= b by CEL's comparison, but strict like every
// function: an empty bound is ⊥, even where the other bound decides, and so is
// NaN, which has no place between anything.
func isBetween(_ *time.Location, a []ref.Val) ref.Val {
	x, ok := a[0].(traits.Comparer)
	if !ok {
		return types.MaybeNoSuchOverloadErr(a[0])
	}
	low, high := x.Compare(a[1]), x.Compare(a[2])
	if types.IsUnknownOrError(low) {
		return low
	}
	if types.IsUnknownOrError(high) {
		return high
	}
	return types.Bool(low != types.IntNegOne && high != types.IntOne)
}

// atLeastFunctions are the overloads of atLeast, one for each number of
// conditions, because CEL has no functions of any number of arguments.
func atLeastFunctions() []Function {
	var all []Function
	for n := 1; n <= MaxConditions; n++ {
		types := args(tInt)
		for range n {
			types = append(types, tBool)
		}
		all = append(all, Function{Name: "atLeast", Overload: AtLeastPrefix + strconv.Itoa(n), Args: types, Result: tBool,
			NonStrict: true, Impl: atLeast, Doc: "Whether at least n of the conditions are true, whatever the undecided ones are."})
	}
	return all
}

// atLeast decides as soon as it can: true if n conditions are true, false if
// even all undecided ones could not make n, else ⊥. A null condition decides
// nothing.
func atLeast(_ *time.Location, a []ref.Val) ref.Val {
	n, ok := a[0].(types.Int)
	if !ok {
		return types.MaybeNoSuchOverloadErr(a[0])
	}
	var yes, open types.Int
	var first ref.Val
	for _, v := range a[1:] {
		b, known := v.(types.Bool)
		switch {
		case !known:
			open++
			if first == nil {
				first = v
			}
		case bool(b):
			yes++
		}
	}
	if yes >= n {
		return types.True
	}
	if yes+open < n {
		return types.False
	}
	if types.IsUnknownOrError(first) {
		return first
	}
	return types.NewErr("a condition is empty")
}

// MentionsPattern is the RE2 expression that mentions(text, words) means:
// whole words, any case, where letters, digits and the underscore make up
// words. False where there is no word to look for.
func MentionsPattern(words []string) (string, bool) {
	var quoted []string
	for _, w := range words {
		if w != "" {
			quoted = append(quoted, regexp.QuoteMeta(w))
		}
	}
	if len(quoted) == 0 {
		return "", false
	}
	return `(?i)(?:^|[^\pL\pN_])(?:` + strings.Join(quoted, "|") + `)(?:$|[^\pL\pN_])`, true
}

func mentions(_ *time.Location, a []ref.Val) ref.Val {
	text, ok := a[0].(types.String)
	if !ok {
		return types.MaybeNoSuchOverloadErr(a[0])
	}
	list, ok := a[1].(traits.Lister)
	if !ok {
		return types.MaybeNoSuchOverloadErr(a[1])
	}
	words := make([]string, 0, 8)
	for it := list.Iterator(); it.HasNext() == types.True; {
		word, ok := it.Next().(types.String)
		if !ok {
			return types.NewErr("a word to look for is empty")
		}
		words = append(words, string(word))
	}
	pattern, any := MentionsPattern(words)
	if !any {
		return types.False
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return types.NewErr("the words cannot be looked for: %v", err)
	}
	return types.Bool(re.MatchString(string(text)))
}

// sample takes the first 8 hex digits of md5(salt:key), h, and is true where
// h·100 < percent·2^32, both exact in a double.
func sample(_ *time.Location, a []ref.Val) ref.Val {
	key, ok1 := a[0].(types.String)
	salt, ok2 := a[1].(types.String)
	percent, ok3 := a[2].(types.Double)
	if !ok1 || !ok2 || !ok3 {
		return types.NewErr("sample needs a key")
	}
	sum := md5.Sum([]byte(string(salt) + ":" + string(key)))
	return types.Bool(float64(binary.BigEndian.Uint32(sum[:4]))*100 < float64(percent)*4294967296)
}
