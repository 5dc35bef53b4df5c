package stance

import (
	"slices"

	"standpoint/digest/topic"
)

// Scores are the figures of `standpoint eval`, in its JSON. Shares are from 0
// to 1. The stance figures are over the pieces that are relevant by the label;
// one that the program calls irrelevant counts as wrong.
type Scores struct {
	Pieces           int                       `json:"pieces"`
	Relevant         int                       `json:"relevant"` // by the label
	Relevance        Relevance                 `json:"relevance"`
	Strict           float64                   `json:"strict"`   // the first reader's label
	Lenient          float64                   `json:"lenient"`  // a label that either reader accepts
	MacroF1          float64                   `json:"macro_f1"` // mean over the stances
	Sure             SureScores                `json:"sure"`
	CalibrationError float64                   `json:"calibration_error"` // mean distance of confidence from strict accuracy, ten bins
	Reliability      []Bin                     `json:"reliability"`       // the bins that are not empty
	ByLength         []LengthScores            `json:"by_length"`         // the lengths that occur
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
	s := NewScorer(pack)
	for i, e := range examples {
		s.Add(e, verdicts[i])
	}
	return s.Scores()
}

// Scorer compares verdicts with labels one by one. Of a piece it keeps no text.
type Scorer struct {
	pack                               *topic.Pack
	pieces, hit, called                int
	all                                tally
	sureStrict, sureLenient, wrongCamp int
	confusion                          map[string]map[string]int
	wrong                              []Disagreement
	bins                               bins
	lengths                            [len(lengthNames)]tally
}

// tally counts relevant pieces.
type tally struct{ relevant, strict, lenient, sure int }

// NewScorer returns a scorer that has seen nothing.
func NewScorer(pack *topic.Pack) *Scorer {
	return &Scorer{pack: pack, confusion: map[string]map[string]int{}, wrong: []Disagreement{}}
}

// Add takes account of a piece and its verdict.
func (s *Scorer) Add(e topic.Example, v Verdict) {
	want, got := name(e.Relevant, e.Primary), name(v.Relevant, v.Stance)
	if s.confusion[want] == nil {
		s.confusion[want] = map[string]int{}
	}
	s.confusion[want][got]++
	s.pieces++
	s.called += count(v.Relevant)
	s.hit += count(v.Relevant && e.Relevant)
	accepted := v.Relevant == e.Relevant && (!e.Relevant || slices.Contains(e.Accept, v.Stance))
	if !accepted {
		s.wrong = append(s.wrong, Disagreement{ID: e.ID, Expected: want, Got: got})
	}
	if !e.Relevant {
		return
	}
	right, sure := want == got, v.Doubt == Sure
	for _, t := range []*tally{&s.all, &s.lengths[lengthOf(e.Text)]} {
		t.relevant++
		t.strict += count(right)
		t.lenient += count(accepted)
		t.sure += count(sure)
	}
	if v.Relevant {
		s.bins.add(v.Confidence, right)
	}
	s.sureStrict += count(sure && right)
	s.sureLenient += count(sure && accepted)
	s.wrongCamp += count(sure && wrongCamp(s.pack, e, v))
}

// Scores returns the figures over what was added so far.
func (s *Scorer) Scores() Scores {
	relevant, sure := s.all.relevant, s.all.sure
	return Scores{
		Pieces: s.pieces, Relevant: relevant,
		Relevance: Relevance{Precision: share(s.hit, s.called), Recall: share(s.hit, relevant), F1: share(2*s.hit, s.called+relevant)},
		Strict:    share(s.all.strict, relevant), Lenient: share(s.all.lenient, relevant), MacroF1: macroF1(s.pack, s.confusion),
		Sure: SureScores{
			Share: share(sure, relevant), Strict: share(s.sureStrict, sure), Lenient: share(s.sureLenient, sure), WrongCamp: share(s.wrongCamp, sure),
		},
		CalibrationError: s.bins.error(), Reliability: s.bins.table(), ByLength: s.byLength(),
		Confusion: s.confusion, Wrong: s.wrong,
	}
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
