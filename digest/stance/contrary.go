package stance

import (
	"slices"

	"standpoint/digest/topic"
)

const (
	worthTelling = 0.35 // a contrary sentence says at least so much as the strongest evidence, by share
	nearestRival = 0.05 // a side that is less likely is none that the author might be on
)

// contrary returns the sentence in the author's own voice that speaks most for
// another side, or against the verdict's, and is no evidence. It is nil where
// none is worth telling: an author who grants the other side a word does not
// take it.
func (c *Classifier) contrary(d *document, text string, v *Verdict) *Quote {
	quoted := slices.Clone(v.Evidence)
	for _, said := range v.Contributors {
		quoted = append(quoted, said.Says)
	}
	rivals := c.rivals(v)
	least := 0.0
	for i := range d.sentences {
		if slices.ContainsFunc(v.Evidence, func(q Quote) bool { return q.Start == d.sentences[i].start }) {
			least = max(least, float64(worthTelling*c.speaks(&d.sentences[i], v.Stance)))
		}
	}
	best, at := least, -1
	for i := range d.sentences {
		s := &d.sentences[i]
		if s.junk() || s.attributed() || s.frames[question] || len(s.words) < fewestShown || len(s.words) > readableWords || !ends(text[s.start:s.end]) {
			continue
		}
		if slices.ContainsFunc(quoted, func(q Quote) bool { return q.Start < s.end && q.End > s.start }) {
			continue
		}
		if score := c.against(s, v.Stance, rivals); score > best {
			best, at = score, i
		}
	}
	if at < 0 {
		return nil
	}
	q := d.quote(at, text)
	return &q
}

// rivals are the sides that the author might be on instead: those that the
// verdict names beside its own, else those that are not too unlikely, else the
// likeliest.
func (c *Classifier) rivals(v *Verdict) []topic.StanceKey {
	var named, near []topic.StanceKey
	best := topic.StanceKey("")
	for _, s := range c.pack.Stances {
		if s.Neutral || s.Key == v.Stance {
			continue
		}
		p := v.Probabilities[s.Key]
		if best == "" || p > v.Probabilities[best] {
			best = s.Key
		}
		if p >= nearestRival {
			near = append(near, s.Key)
		}
		if slices.Contains(v.Also, s.Key) {
			named = append(named, s.Key)
		}
	}
	switch {
	case len(named) > 0:
		return named
	case len(near) > 0:
		return near
	}
	return []topic.StanceKey{best}
}

// against says how strongly a sentence speaks for one of the rivals rather than
// for the verdict's stance, or against that. Words alone do not: the author has
// to ask for what they name, or to call it good, or to deny it.
func (c *Classifier) against(s *sentence, key topic.StanceKey, rivals []topic.StanceKey) float64 {
	best, own := 0.0, 0.0
	if len(s.hits) == 0 {
		return 0
	}
	if held, _ := c.pack.Stance(key); !held.Neutral {
		own = c.speaks(s, key)
	}
	for _, h := range s.hits {
		denied := h.negated || s.frames[rejection]
		switch rival := topic.StanceKey(h.group); {
		case h.group == string(key) && denied:
			best = max(best, -own)
		case !denied && (s.frames[modality] || s.frames[approval]) && slices.Contains(rivals, rival):
			best = max(best, c.speaks(s, rival)-max(0, own))
		}
	}
	return best
}
