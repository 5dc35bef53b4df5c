package stance

import (
	"math"
	"strings"
)

// bins gather confidence and outcome by tenths, for the expected calibration
// error (Guo et al. 2017).
type bins [10]struct {
	n, right   int
	confidence float64
}

// Bin is a tenth of the confidences, and what came of them.
type Bin struct {
	From       float64 `json:"from"` // up to 0.1 more
	Pieces     int     `json:"pieces"`
	Confidence float64 `json:"confidence"` // the mean
	Strict     float64 `json:"strict"`     // share that was right
}

func (b *bins) add(confidence float64, right bool) {
	at := &b[min(int(confidence*10), 9)]
	at.n++
	at.right += count(right)
	at.confidence += confidence
}

func (b *bins) error() float64 {
	sum, n := 0.0, 0
	for _, x := range b {
		sum += math.Abs(x.confidence - float64(x.right))
		n += x.n
	}
	return sum / float64(max(n, 1))
}

func (b *bins) table() []Bin {
	out := []Bin{}
	for i, x := range b {
		if x.n > 0 {
			out = append(out, Bin{From: float64(i) / 10, Pieces: x.n, Confidence: x.confidence / float64(x.n), Strict: share(x.right, x.n)})
		}
	}
	return out
}

// LengthScores are over the relevant pieces whose text has a certain length.
type LengthScores struct {
	Length  string  `json:"length"`
	Pieces  int     `json:"pieces"`
	Strict  float64 `json:"strict"`
	Lenient float64 `json:"lenient"`
	Sure    float64 `json:"sure"` // share that is called sure
}

// The lengths that are told apart, in words: a title alone, a teaser, a short
// piece, a column, an article.
var lengthNames = [...]string{"title only", "up to 100 words", "up to 300 words", "up to 600 words", "more"}

func lengthOf(text string) int {
	words := len(strings.Fields(text))
	for i, most := range []int{0, 100, 300, 600} {
		if words <= most {
			return i
		}
	}
	return len(lengthNames) - 1
}

func (s *Scorer) byLength() []LengthScores {
	out := []LengthScores{}
	for i, t := range s.lengths {
		if n := t.relevant; n > 0 {
			out = append(out, LengthScores{lengthNames[i], n, share(t.strict, n), share(t.lenient, n), share(t.sure, n)})
		}
	}
	return out
}

// Interval returns the bounds between which a share lies with a confidence of
// 95 % when it was found on n pieces (Wilson 1927); 0 and 1 for none.
func Interval(share float64, n int) (low, high float64) {
	if n <= 0 {
		return 0, 1
	}
	const z = 1.96
	m := float64(n)
	middle := (share + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(share*(1-share)/m+z*z/(4*m*m))
	return max(0, middle-half), min(1, middle+half)
}
