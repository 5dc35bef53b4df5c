package stance

import (
	"slices"

	"standpoint/digest/topic"
)

// Assurance is how certain a second opinion says it is. It is a word of its own
// and no probability: who gives opinions easily is certain easily.
type Assurance string

// The three degrees of assurance.
const (
	Low    Assurance = "low"
	Medium Assurance = "medium"
	High   Assurance = "high"
)

// Opinion is what somebody other than the model says of a piece. It has been
// checked: its stances are the pack's, its quotes the piece's own words.
type Opinion struct {
	From       string            `json:"from"`              // who says it: a language model's name
	Divided    bool              `json:"divided,omitempty"` // asked twice, it said two things; nothing below is set
	Relevant   bool              `json:"relevant"`          // noted only: it decides nothing
	Stance     topic.StanceKey   `json:"stance"`
	Also       []topic.StanceKey `json:"also,omitempty"`
	Confidence Assurance         `json:"confidence"`
	Evidence   []Quote           `json:"evidence,omitempty"`
}

// With returns the verdict after a second opinion on the same piece. A sure
// verdict stays, and so does one by the operator or on a piece that either side
// calls irrelevant. In doubt the opinion's stance is taken, with its evidence,
// and the one that was held stays as a candidate. It is then unsure, and leaning
// at most, where the opinion is certain and the model had the stance among its
// candidates. An opinion that agrees can lift doubt by as much and never adds any.
// Confidence remains what the model gives the stance: only that is calibrated.
func (v Verdict) With(o Opinion) Verdict {
	if !v.Relevant || v.Doubt == Sure || v.By == ByOperator || o.Divided || !o.Relevant || o.Stance == "" {
		return v
	}
	doubt := Unsure
	if o.Confidence == High && (o.Stance == v.Stance || slices.Contains(v.Also, o.Stance)) {
		doubt = Leaning
	}
	if o.Stance == v.Stance {
		if v.Doubt == Unsure && doubt == Leaning {
			v.Doubt, v.By = Leaning, ByLLM
		}
		return v
	}
	also := []topic.StanceKey{v.Stance}
	for _, key := range o.Also {
		if key != o.Stance && !slices.Contains(also, key) {
			also = append(also, key)
		}
	}
	v.Stance, v.Also, v.Doubt, v.By = o.Stance, also, doubt, ByLLM
	v.Confidence = v.Probabilities[o.Stance]
	// What spoke against the stance that was held says nothing against this one.
	v.Evidence, v.Contrary, v.Contributors = o.Evidence, nil, nil
	return v
}

// Contradicts says whether the opinion speaks against a sure verdict, so that
// the operator should look: another stance than the verdict names, or none.
func (o Opinion) Contradicts(v Verdict) bool {
	if !v.Relevant || v.Doubt != Sure || v.By == ByOperator || o.Divided {
		return false
	}
	return !o.Relevant || o.Stance != v.Stance && !slices.Contains(v.Also, o.Stance)
}
