package celenv

import (
	"fmt"
	"math"
	"testing"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

func inSample(key, salt string, percent float64) bool {
	return sample(nil, []ref.Val{types.String(key), types.String(salt), types.Double(percent)}) == types.True
}

// likely says whether n of all is what a share would give: within five standard
// deviations. The keys are always the same, and so is the answer.
func likely(n, all int, share float64) bool {
	return math.Abs(float64(n)-share*float64(all)) <= 5*math.Sqrt(float64(all)*share*(1-share))
}

// Samples have their size, whatever keys look like; a larger one holds the
// smaller one of its salt; and those of two salts are independent: of each the
// other has its share, inside and outside.
func TestSamplesAreFairNestedAndIndependent(t *testing.T) {
	const all = 40000
	for _, form := range []string{"%d", "c%06d", "%d@example.com", "%032d"} {
		var tenth, fifth, other, both, outside int
		for i := range all {
			key := fmt.Sprintf(form, i)
			a, b, c := inSample(key, "spring", 10), inSample(key, "spring", 20), inSample(key, "autumn", 25)
			if a && !b {
				t.Fatalf("%s is in a tenth and not in a fifth", key)
			}
			for in, n := range map[*int]bool{&tenth: a, &fifth: b, &other: c, &both: a && c, &outside: !a && c} {
				if n {
					*in++
				}
			}
		}
		if !likely(tenth, all, 0.1) || !likely(fifth, all, 0.2) || !likely(other, all, 0.25) {
			t.Errorf("%s: %d, %d and %d of %d", form, tenth, fifth, other, all)
		}
		if !likely(both, tenth, 0.25) || !likely(outside, all-tenth, 0.25) {
			t.Errorf("%s: %d of %d in the other sample are in this one, and %d of %d outside", form, both, tenth, outside, all-tenth)
		}
	}
}

// Nobody and everybody are samples, too, and a salt is not joined to a key
// without a mark between them.
func TestSamplesAtTheEnds(t *testing.T) {
	differ := false
	for i := range 1000 {
		key := fmt.Sprint(i)
		if inSample(key, "s", 0) || !inSample(key, "s", 100) {
			t.Fatalf("%s: nobody or everybody is not", key)
		}
		differ = differ || inSample("1"+key, "s", 50) != inSample(key, "s1", 50)
	}
	if !differ {
		t.Error("a salt that ends as a key begins is another salt")
	}
}
