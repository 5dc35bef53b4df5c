package stance

import (
	"math"
	"slices"

	"standpoint/digest/topic"
)

// Scores are the figures of `standpoint eval`, in its JSON. Shares are from 0
// to 1. The stance figures are over the pieces that are relevant by the label;
// one that the program calls irrelevant counts as wrong.
type Scores struct {
	Pieces           int                       `json:"pieces"`
	Relevance        Relevance                 `json:"relevance"`
	Strict           float64                   `json:"strict"`   // the first reader's label
	Lenient          float64                   `json:"lenient"`  // a label that either reader accepts
	MacroF1          float64                   `json:"macro_f1"` // mean over the stances
	Sure             SureScores                `json:"sure"`
	CalibrationError float64                   `json:"calibration_error"` // mean distance of confidence from strict accuracy, ten bins
	Confusion        map[string]map[string]int `json:"confusion"`         // expected → got → pieces
	Wrong            []Disagreement            `json:"wrong"`
}

// Relevance scores the decision that a piece is on the topic at all.
type Relevance struct {
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
}

// SureScores are over the relevant pieces whose verdict is sure.
type SureScores struct {
	Share     float64 `json:"share"` // of the relevant pieces
	Strict    float64 `json:"strict"`
	Lenient   float64 `json:"lenient"`
	WrongCamp float64 `json:"wrong_camp"` // in another camp than any that a reader accepts
}

// Disagreement is a piece whose verdict no reader accepts.
type Disagreement struct {
	ID       string `json:"id"`
	Expected string `json:"expected"`
	Got      string `json:"got"`
}

// irrelevant stands for no stance in confusion and disagreements.
const irrelevant = "irrelevant"

// Score compares verdicts with labels; verdicts[i] belongs to examples[i].
func Score(pack *topic.Pack, examples []topic.Example, verdicts []Verdict) Scores {
	s := Scores{Pieces: len(examples), Confusion: map[string]map[string]int{}, Wrong: []Disagreement{}}
	var hit, called, relevant, strict, lenient, sure, sureStrict, sureLenient, camp int
	var bins bins
	for i, e := range examples {
		v := verdicts[i]
		want, got := name(e.Relevant, e.Primary), name(v.Relevant, v.Stance)
		if s.Confusion[want] == nil {
			s.Confusion[want] = map[string]int{}
		}
		s.Confusion[want][got]++
		called += count(v.Relevant)
		hit += count(v.Relevant && e.Relevant)
		accepted := v.Relevant == e.Relevant && (!e.Relevant || slices.Contains(e.Accept, v.Stance))
		if !accepted {
			s.Wrong = append(s.Wrong, Disagreement{ID: e.ID, Expected: want, Got: got})
		}
		if !e.Relevant {
			continue
		}
		right := want == got
		relevant++
		strict += count(right)
		lenient += count(accepted)
		if v.Relevant {
			bins.add(v.Confidence, right)
		}
		if v.Doubt == Sure {
			sure++
			sureStrict += count(right)
			sureLenient += count(accepted)
			camp += count(wrongCamp(pack, e, v))
		}
	}
	s.Relevance = Relevance{Precision: share(hit, called), Recall: share(hit, relevant), F1: share(2*hit, called+relevant)}
	s.Strict, s.Lenient = share(strict, relevant), share(lenient, relevant)
	s.MacroF1 = macroF1(pack, s.Confusion)
	s.Sure = SureScores{Share: share(sure, relevant), Strict: share(sureStrict, sure), Lenient: share(sureLenient, sure), WrongCamp: share(camp, sure)}
	s.CalibrationError = bins.error()
	return s
}

// wrongCamp says whether a verdict puts a piece into a camp although each
// reader who sees a camp sees another.
func wrongCamp(pack *topic.Pack, e topic.Example, v Verdict) bool {
	neutral := func(k topic.StanceKey) bool { s, _ := pack.Stance(k); return s.Neutral }
	if !v.Relevant || neutral(v.Stance) || slices.Contains(e.Accept, v.Stance) {
		return false
	}
	return slices.ContainsFunc(e.Accept, func(k topic.StanceKey) bool { return !neutral(k) })
}

func macroF1(pack *topic.Pack, confusion map[string]map[string]int) float64 {
	sum := 0.0
	for _, st := range pack.Stances {
		key := string(st.Key)
		hit, want, got := confusion[key][key], 0, 0
		for expected, row := range confusion {
			if expected != irrelevant {
				got += row[key]
			}
		}
		for _, n := range confusion[key] {
			want += n
		}
		sum += share(2*hit, want+got)
	}
	return sum / float64(len(pack.Stances))
}

func name(relevant bool, key topic.StanceKey) string {
	if !relevant {
		return irrelevant
	}
	return string(key)
}

func count(is bool) int {
	if is {
		return 1
	}
	return 0
}

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// bins gather confidence and outcome by tenths, for the expected calibration
// error (Guo et al. 2017).
type bins [10]struct {
	n, right   int
	confidence float64
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
