package stance

import "math"

// entry is one feature of a piece.
type entry struct {
	id    int
	value float64
}

// row is a piece as the model sees it: features by ascending id, the wished
// probabilities of the classes, and how much it counts.
type row struct {
	features []entry
	target   []float64
	weight   float64
}

// logistic is a multinomial logistic regression. Each feature's weights for
// all classes lie together.
type logistic struct {
	classes int
	weights []float64 // feature id × class
	bias    []float64
}

// train fits the regression: it minimises the rows' weighted cross-entropy plus
// decay/2 times the squared weights, by steps iterations of L-BFGS. Sums run in
// a fixed order and products are rounded before they are added, so every
// machine gets the same bytes. The weights are rounded to multiples of grain.
func train(rows []row, features, classes int, decay float64, steps int) *logistic {
	size := (features + 1) * classes // the last block is the bias
	loss := func(w, grad []float64) float64 {
		m := &logistic{classes: classes, weights: w[:features*classes], bias: w[features*classes:]}
		p := make([]float64, classes)
		sum := 0.0
		for i, v := range m.weights {
			grad[i] = float64(decay * v)
			sum += float64(0.5 * decay * v * v)
		}
		bias := grad[features*classes:]
		clear(bias)
		for _, r := range rows {
			m.predict(r.features, 1, p)
			for c := range p {
				sum -= float64(r.weight * r.target[c] * log(p[c]+1e-12))
				p[c] = float64(r.weight * (p[c] - r.target[c]))
				bias[c] += p[c]
			}
			for _, f := range r.features {
				addScaled(grad[f.id*classes:(f.id+1)*classes], f.value, p)
			}
		}
		return sum
	}
	w := rounded(minimise(loss, size, steps))
	return &logistic{classes: classes, weights: w[:features*classes], bias: w[features*classes:]}
}

// predict fills p with the probabilities of the classes; the temperature above
// 0 flattens them, below 1 sharpens them.
func (m *logistic) predict(features []entry, temperature float64, p []float64) {
	copy(p, m.bias)
	for _, f := range features {
		addScaled(p, f.value, m.weights[f.id*m.classes:(f.id+1)*m.classes])
	}
	softmax(p, temperature)
}

func softmax(p []float64, temperature float64) {
	most := p[0]
	for _, v := range p[1:] {
		most = max(most, v)
	}
	sum := 0.0
	for c := range p {
		p[c] = exp((p[c] - most) / temperature)
		sum += p[c]
	}
	for c := range p {
		p[c] /= sum
	}
}

// exp and log stand in for math's, which differ in the last bit between
// machines that have them in assembly and those that have not.

// exp returns e**x for x up to 700; 0 far below.
func exp(x float64) float64 {
	if x < -700 {
		return 0
	}
	n := math.Floor(float64(x*math.Log2E) + 0.5)
	r := x - float64(n*math.Ln2)
	sum, term := 1.0, 1.0
	for i := 1; i <= 14; i++ {
		term = float64(term * r / float64(i))
		sum += term
	}
	return math.Ldexp(sum, int(n))
}

// log returns the natural logarithm of x above 0.
func log(x float64) float64 {
	fraction, n := math.Frexp(x)
	if fraction < math.Sqrt2/2 {
		fraction, n = fraction*2, n-1
	}
	z := (fraction - 1) / (fraction + 1)
	square := float64(z * z)
	sum, power := 0.0, z
	for i := 1; i <= 23; i += 2 {
		sum += float64(power / float64(i))
		power = float64(power * square)
	}
	return float64(2*sum) + float64(float64(n)*math.Ln2)
}
