package digest

import "math"

// asLikely widens the comparison of two probabilities that are equal but for
// rounding.
const asLikely = 1 + 1e-7

// fisher is the two-sided p-value of Fisher's exact test on a of m against b of
// n: how likely it is, if both are drawn from one population, that they come out
// so far apart or further. Further means: in a way that is no more likely.
func fisher(a, m, b, n int) float64 {
	hits := a + b
	all := logChoose(m+n, hits)
	probability := func(x int) float64 { return math.Exp(logChoose(m, x) + logChoose(n, hits-x) - all) }
	seen, sum := probability(a), 0.0
	for x := max(0, hits-n); x <= min(m, hits); x++ {
		if p := probability(x); p <= seen*asLikely {
			sum += p
		}
	}
	return min(1, sum)
}

// logChoose is the logarithm of the number of ways to take k out of n.
func logChoose(n, k int) float64 {
	lgamma := func(n int) float64 {
		l, _ := math.Lgamma(float64(n + 1))
		return l
	}
	return lgamma(n) - lgamma(k) - lgamma(n-k)
}
