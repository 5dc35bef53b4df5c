package stance

import (
	"slices"

	"standpoint/digest/topic"
)

const (
	mostEvidence   = 3
	readableWords  = 60 // a quote of more is chosen only when there is no better
	shownWords     = 40 // of a quote, readers are shown so many
	summaryWords   = 60 // of all sentences of a summary together
	fewestWords    = 5  // a sentence of fewer says nothing alone
	fewestShown    = 8  // and one of fewer says little
	ownVoiceFactor = 0.4
)

// ranked is a sentence with how well it serves.
type ranked struct {
	at    int // index into the document's sentences
	score float64
}

// evidence returns up to three sentences that show the stance, strongest first.
// The author's own voice goes before quoted and reported speech.
func (c *Classifier) evidence(d *document, text string, key topic.StanceKey) []Quote {
	var best []ranked
	for i := range d.sentences {
		s := &d.sentences[i]
		if s.junk() {
			continue
		}
		score := c.speaks(s, key)
		if 3*i >= 2*len(d.sentences) {
			score = float64(score * 1.25)
		}
		switch n := len(s.words); {
		case n > readableWords:
			score = float64(score * 0.5)
		case n > shownWords, n < fewestShown:
			score = float64(score * 0.7)
		}
		if score > 0 {
			best = append(best, ranked{i, score})
		}
	}
	if len(best) == 0 {
		for i := range d.sentences {
			if !d.sentences[i].junk() {
				best = append(best, ranked{i, 1})
				break
			}
		}
	}
	sortRanked(best)
	var quotes []Quote
	for _, r := range best {
		q := d.quote(r.at, text)
		if len(quotes) < mostEvidence && !slices.ContainsFunc(quotes, func(other Quote) bool { return other.Text == q.Text }) {
			quotes = append(quotes, q)
		}
	}
	return quotes
}

// speaks says how strongly a sentence speaks for a stance. The first stance that
// is asked for is the verdict's, and asked for again and again: it is kept.
func (c *Classifier) speaks(s *sentence, key topic.StanceKey) float64 {
	if s.spokenFor == "" {
		s.spokenFor, s.spoken = key, c.weighSpeech(s, key)
	}
	if s.spokenFor == key {
		return s.spoken
	}
	return c.weighSpeech(s, key)
}

func (c *Classifier) weighSpeech(s *sentence, key topic.StanceKey) float64 {
	score := 0.0
	for _, h := range s.hits {
		_, camp := c.pack.Stance(topic.StanceKey(h.group))
		switch {
		case h.group == string(key) && !h.negated:
			score += float64(2 * h.weight)
		case h.group == string(key):
			score -= h.weight
		case camp:
			score -= float64(0.3 * h.weight)
		case h.group == topic.Matter:
			score += float64(0.2 * h.weight)
		case h.group[0] == '@':
			score += float64(0.3 * h.weight)
		}
	}
	score += c.model.leaning(s, c.index(key))
	switch {
	case s.frames[modality]:
		score = float64(score * 1.8)
	case s.frames[approval]:
		score = float64(score * 1.4)
	}
	if s.attributed() {
		if st, _ := c.pack.Stance(key); !st.Neutral {
			score = float64(score * ownVoiceFactor)
		}
	}
	if s.frames[question] {
		score = float64(score * 0.6)
	}
	return score
}

func (c *Classifier) index(key topic.StanceKey) int {
	return slices.IndexFunc(c.pack.Stances, func(s topic.Stance) bool { return s.Key == key })
}

// leaning is what the words of a sentence add to a stance by what was learned.
func (m *model) leaning(s *sentence, class int) float64 {
	sum, name := 0.0, []byte(textGram)
	for _, w := range s.words {
		name = append(name[:len(textGram)], w.Stem...)
		if id, ok := m.gramSpace.ids[string(name)]; ok {
			sum += float64(m.short.grams.weights[id*m.short.grams.classes+class] * m.gramSpace.idf[id])
		}
	}
	return sum
}

// junk says that a sentence is no sentence of the piece: a byline, a caption, a
// plea to subscribe.
func (s *sentence) junk() bool { return len(s.words) < fewestWords || s.frames[boilerplate] }

// summary returns one or two sentences that say what the piece says, in text
// order, other than the first evidence where there is a choice.
func (c *Classifier) summary(d *document, text string, key topic.StanceKey, evidence []Quote) []Quote {
	var best []ranked
	for i := range d.sentences {
		s := &d.sentences[i]
		if s.junk() || len(s.words) < fewestShown || len(s.words) > summaryWords || s.frames[question] {
			continue
		}
		if len(evidence) > 0 && evidence[0].Start == s.start {
			continue
		}
		score := float64(0.4*s.weight) + max(0, c.speaks(s, key))
		if i < 4 {
			score = float64(score*1.3) + 1
		}
		if s.role == conclusion {
			score = float64(score * 1.2)
		}
		best = append(best, ranked{i, score})
	}
	sortRanked(best)
	var picked []int
	words := 0
	for _, r := range best {
		if n := len(d.sentences[r.at].words); len(picked) < 2 && words+n <= summaryWords {
			picked, words = append(picked, r.at), words+n
		}
	}
	if len(picked) == 0 && len(evidence) > 0 {
		return evidence[:1]
	}
	slices.Sort(picked)
	var quotes []Quote
	for _, i := range picked {
		quotes = append(quotes, d.quote(i, text))
	}
	return quotes
}

func (d *document) quote(i int, text string) Quote {
	s := d.sentences[i]
	return Quote{Text: text[s.start:s.end], Start: s.start, End: s.end}
}

// sortRanked puts the best first, and of equals the earlier.
func sortRanked(r []ranked) {
	slices.SortStableFunc(r, func(a, b ranked) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return a.at - b.at
	})
}
