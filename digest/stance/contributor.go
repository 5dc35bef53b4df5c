package stance

import (
	"slices"

	"standpoint/digest/topic"
)

// asRoundUp makes a verdict one on a round-up, where the piece is one: whatever
// its contributors want, it takes no side as a whole, and each is quoted under
// the name that the text gives. It is sure only where the structure is plain.
// intro is where the first contributor begins.
func (c *Classifier) asRoundUp(v *Verdict, d *document, text string) (intro int) {
	at := slices.IndexFunc(c.pack.Stances, func(s topic.Stance) bool { return s.Neutral })
	passages, plain := c.reader.roundUp(d, text)
	if at < 0 || len(passages) == 0 {
		return 0
	}
	said := c.contributions(d, text, passages)
	if len(said) < fewestVoices {
		return 0
	}
	v.Contributors = said
	t := c.pack.Thresholds
	trust := max(someTrust, (t.Leaning+t.Sure)/2)
	if plain {
		trust = max(plainTrust, t.Sure)
	}
	v.takesNoSide(c.pack, c.pack.Stances[at].Key, trust)
	return min(passages[0].start, passages[0].name.start)
}

// takesNoSide moves probability to the neutral stance, until it has so much.
func (v *Verdict) takesNoSide(pack *topic.Pack, neutral topic.StanceKey, trust float64) {
	if had := v.Probabilities[neutral]; had < trust {
		for key, p := range v.Probabilities {
			v.Probabilities[key] = float64(p * (1 - trust) / (1 - had))
		}
		v.Probabilities[neutral] = trust
	}
	v.Stance, v.Confidence, v.Doubt = neutral, v.Probabilities[neutral], Leaning
	if v.Confidence >= pack.Thresholds.Sure {
		v.Doubt = Sure
	}
	v.Also = slices.DeleteFunc(v.Also, func(key topic.StanceKey) bool {
		return key == neutral || v.Probabilities[key] < pack.Thresholds.Also
	})
}

// voice is a contributor with the sentence that says most, and for which stance.
type voice struct {
	Contribution
	stance topic.StanceKey
	score  float64
}

// contributions returns what the contributors say, in text order. Of more than
// are shown, those are taken first who add a stance to the others.
func (c *Classifier) contributions(d *document, text string, passages []passage) []Contribution {
	var voices []voice
	for _, p := range passages {
		if v, ok := c.voice(d, text, p); ok {
			voices = append(voices, v)
		}
	}
	taken := map[topic.StanceKey]int{}
	chosen := make([]bool, len(voices))
	for range min(mostVoices, len(voices)) {
		next := -1
		for i := range voices {
			if !chosen[i] && (next < 0 || taken[voices[i].stance] < taken[voices[next].stance]) {
				next = i
			}
		}
		chosen[next] = true
		taken[voices[next].stance]++
	}
	var out []Contribution
	for i := range voices {
		if chosen[i] {
			out = append(out, voices[i].Contribution)
		}
	}
	return out
}

// voice finds the whole sentence by which a contributor takes a side most.
func (c *Classifier) voice(d *document, text string, p passage) (best voice, ok bool) {
	for i := range d.sentences {
		s := d.sentences[i]
		if s.end <= p.start || s.end > p.end {
			continue
		}
		if s.start < p.start { // the signature stands in the same sentence
			trimmed := appendTrimmed(nil, text, p.start, s.end)
			if len(trimmed) == 0 {
				continue
			}
			s = c.reader.sentence(text[trimmed[0].start:s.end], trimmed[0], s.quoted)
		}
		if s.junk() || s.frames[question] || len(s.words) > readableWords || !ends(text[s.start:s.end]) {
			continue
		}
		for _, st := range c.pack.Stances {
			if st.Neutral {
				continue
			}
			score := c.speaks(&s, st.Key)
			if len(s.words) > shownWords {
				score = float64(score * 0.7)
			}
			if !ok || score > best.score {
				says := Quote{Text: text[s.start:s.end], Start: s.start, End: s.end}
				name := Quote{Text: text[p.name.start:p.name.end], Start: p.name.start, End: p.name.end}
				best, ok = voice{Contribution{name, says}, st.Key, score}, true
			}
		}
	}
	return best, ok
}
