package digest

import (
	"math"
	"testing"
)

// The first is Fisher's lady tasting tea; the others were worked out by hand from
// the hypergeometric distribution.
func TestFisher(t *testing.T) {
	for _, each := range []struct {
		a, m, b, n int
		want       float64
	}{
		{3, 4, 1, 4, 34.0 / 70},
		{4, 4, 0, 4, 2.0 / 70},
		{0, 5, 5, 5, 2.0 / 252},
		{1, 10, 11, 14, 2 * (91 + 3640) / 2704156.0}, // 0 and 1 of the first ten, and 9 and 10, which are as unlikely
		{2, 8, 2, 8, 1},
		{0, 8, 0, 30, 1},
		{8, 8, 30, 30, 1},
		{0, 0, 3, 9, 1},
	} {
		if got := fisher(each.a, each.m, each.b, each.n); math.Abs(got-each.want) > 1e-9 {
			t.Errorf("%d of %d against %d of %d: %.9f, want %.9f", each.a, each.m, each.b, each.n, got, each.want)
		}
		if there, back := fisher(each.a, each.m, each.b, each.n), fisher(each.b, each.n, each.a, each.m); math.Abs(there-back) > 1e-9 {
			t.Errorf("%+v: %g one way, %g the other", each, there, back)
		}
	}
}
