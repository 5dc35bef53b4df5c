package stance

import "math"

// memory is how many past steps shape the next one.
const memory = 6

// minimise finds a low point of a smooth convex function of size variables,
// from the origin, by at most steps iterations of L-BFGS (Nocedal 1980) with
// backtracking. loss fills grad and returns the value.
func minimise(loss func(x, grad []float64) float64, size, steps int) []float64 {
	x, grad := make([]float64, size), make([]float64, size)
	next, nextGrad := make([]float64, size), make([]float64, size)
	direction := make([]float64, size)
	var past []move
	value := loss(x, grad)
	for range steps {
		descend(direction, grad, past)
		slope := dot(direction, grad)
		if slope > -1e-9 {
			break
		}
		length, found := 1.0, false
		if len(past) == 0 {
			length = 1 / math.Sqrt(dot(grad, grad)+1e-12)
		}
		for range 20 {
			for i := range x {
				next[i] = x[i] + float64(length*direction[i])
			}
			if v := loss(next, nextGrad); v <= value+float64(1e-4*length*slope) {
				found, value = true, v
				break
			}
			length /= 2
		}
		if !found {
			break
		}
		past = remember(past, x, next, grad, nextGrad)
		x, next = next, x
		grad, nextGrad = nextGrad, grad
	}
	return x
}

// move is one past step: how the point and the gradient changed.
type move struct {
	point, gradient []float64
	rho             float64
}

func remember(past []move, x, next, grad, nextGrad []float64) []move {
	m := move{point: make([]float64, len(x)), gradient: make([]float64, len(x))}
	for i := range x {
		m.point[i] = next[i] - x[i]
		m.gradient[i] = nextGrad[i] - grad[i]
	}
	curvature := dot(m.point, m.gradient)
	if curvature < 1e-12 {
		return past
	}
	m.rho = 1 / curvature
	if len(past) == memory {
		past = past[1:]
	}
	return append(past, m)
}

// descend fills direction with the way down: the gradient, bent by the past.
func descend(direction, grad []float64, past []move) {
	for i := range grad {
		direction[i] = -grad[i]
	}
	alpha := make([]float64, len(past))
	for k := len(past) - 1; k >= 0; k-- {
		alpha[k] = float64(past[k].rho * dot(past[k].point, direction))
		addScaled(direction, -alpha[k], past[k].gradient)
	}
	if len(past) > 0 {
		last := past[len(past)-1]
		scale := 1 / float64(last.rho*dot(last.gradient, last.gradient))
		for i := range direction {
			direction[i] = float64(direction[i] * scale)
		}
	}
	for k := range past {
		beta := float64(past[k].rho * dot(past[k].gradient, direction))
		addScaled(direction, alpha[k]-beta, past[k].point)
	}
}

// addScaled and dot are where training spends its time. The lengths are equal;
// saying so first spares a check of bounds in every step.

func addScaled(to []float64, factor float64, from []float64) {
	from = from[:len(to)]
	for i := range to {
		to[i] += float64(factor * from[i])
	}
}

func dot(a, b []float64) float64 {
	b = b[:len(a)]
	sum := 0.0
	for i := range a {
		sum += float64(a[i] * b[i])
	}
	return sum
}
