package stance

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"

	"standpoint/digest/topic"
)

// Correction is a piece with the operator's word on it, for training.
type Correction struct {
	Title, Text string
	Stance      topic.StanceKey // empty: not relevant
}

// correctionWeight is how much a correction counts in training beside an example.
const correctionWeight = 3

// key tells corrections apart and gives them one order, whatever order they
// come in: a model depends on the order of what it learns from.
func (c Correction) key() [sha256.Size]byte {
	return sha256.Sum256(fmt.Appendf(nil, "%d %s %d %s %s", len(c.Title), c.Title, len(c.Text), c.Text, c.Stance))
}

// inOrder returns the corrections that a pack can learn from, in one order, each
// once. A stance that it does not have is another pack's, or an older one's.
func inOrder(pack *topic.Pack, corrections []Correction) []Correction {
	out := slices.DeleteFunc(slices.Clone(corrections), func(c Correction) bool {
		_, known := pack.Stance(c.Stance)
		return c.Stance != "" && !known || c.Title == "" && c.Text == ""
	})
	slices.SortFunc(out, func(a, b Correction) int {
		ka, kb := a.key(), b.key()
		return bytes.Compare(ka[:], kb[:])
	})
	return slices.Compact(out)
}

// lessonsOf makes examples of corrections, in groups beyond those of the pack.
func lessonsOf(r *reader, pieces []piece, corrections []Correction) []piece {
	group := 0
	for _, p := range pieces {
		group = max(group, p.Group)
	}
	var out []piece
	for i, c := range corrections {
		e := topic.Example{
			ID: fmt.Sprintf("correction %d", i+1), Group: group + 1 + i, Title: c.Title, Text: head(c.Text),
			Relevant: c.Stance != "", Firm: true, Primary: c.Stance, Own: true,
		}
		if e.Relevant {
			e.Accept = []topic.StanceKey{c.Stance}
		}
		d := r.read(e.Title, e.Text)
		out = append(out, piece{Example: e, weight: correctionWeight, read: d, features: d.features()})
	}
	return out
}

// ByTheOperator is the verdict that the operator's word on a piece makes; the
// empty stance says that it is not relevant. Its quotes are those that speak
// most for the stance, verbatim as Classify's.
func (c *Classifier) ByTheOperator(title, text string, key topic.StanceKey) Verdict {
	v := Ruling(key)
	if _, known := c.pack.Stance(key); !known {
		return v // irrelevant, or another pack's stance
	}
	v.Probabilities = make(map[topic.StanceKey]float64, len(c.pack.Stances))
	for _, s := range c.pack.Stances {
		v.Probabilities[s.Key] = 0
	}
	v.Probabilities[key] = 1
	d := c.reader.read(title, text)
	intro := 0
	if s, _ := c.pack.Stance(key); s.Neutral {
		intro = c.asRoundUp(&v, &d, head(text))
	}
	c.quote(&v, &d, head(text), intro)
	return v
}

// Ruling is the operator's word alone, without quotes.
func Ruling(key topic.StanceKey) Verdict {
	if key == "" {
		return Verdict{By: ByOperator}
	}
	return Verdict{Relevant: true, Relevance: 1, Stance: key, Confidence: 1, Doubt: Sure, By: ByOperator}
}

// Regression is a piece of a pack's regression set that one classifier judged
// acceptably and another does not.
type Regression struct {
	ID       string            `json:"id"`
	Title    string            `json:"title"`
	Expected []topic.StanceKey `json:"expected"` // what is acceptable; empty: not relevant
	Before   topic.StanceKey   `json:"before"`   // empty: not relevant
	After    topic.StanceKey   `json:"after"`
}

// Regressions returns what of the pack's regression set a refit would break, in
// the set's order.
func Regressions(before, after *Classifier) ([]Regression, error) {
	set, err := before.pack.Regression()
	if err != nil {
		return nil, err
	}
	found := make([]*Regression, len(set))
	each(len(set), func(i int) {
		e := set[i]
		was, is := before.Classify(e.Title, e.Text), after.Classify(e.Title, e.Text)
		if acceptableTo(e, was) && !acceptableTo(e, is) {
			found[i] = &Regression{ID: e.ID, Title: e.Title, Expected: e.Accept, Before: was.Stance, After: is.Stance}
		}
	})
	var out []Regression
	for _, r := range found {
		if r != nil {
			out = append(out, *r)
		}
	}
	return out, nil
}

// acceptableTo says whether a verdict is one that an example's label allows.
func acceptableTo(e topic.Example, v Verdict) bool {
	return v.Relevant == e.Relevant && (!e.Relevant || slices.Contains(e.Accept, v.Stance))
}

// String tells a regression in one line.
func (r Regression) String() string {
	var want []byte
	for i, key := range r.Expected {
		if i > 0 {
			want = append(want, " or "...)
		}
		want = append(want, key...)
	}
	return fmt.Sprintf("%s (%s): wants %s, was %s, would be %s", r.ID, r.Title,
		cmp.Or(string(want), irrelevant), cmp.Or(string(r.Before), irrelevant), cmp.Or(string(r.After), irrelevant))
}
