package stance

import (
	"maps"
	"slices"
	"strings"

	"standpoint/digest/topic"
)

// bag collects a piece's features by name.
type bag map[string]float64

func (b bag) names() []string { return slices.Collect(maps.Keys(b)) }

// chosen returns the sentences that speak for the piece, in text order: the
// lede, the conclusion and those that say most on the question. A long article
// comes down to what a short one is, so that one model fits both.
func (d *document) chosen(most int) []*sentence {
	var picked []int
	for i := range d.sentences {
		if !d.sentences[i].frames[boilerplate] {
			picked = append(picked, i)
		}
	}
	if len(picked) > most {
		// Authors come to the point late: the last third counts more,
		// and its sentences without a cue more than others without.
		rank := func(i int) float64 {
			s := &d.sentences[i]
			switch {
			case s.role == lede:
				return 1000 + s.weight
			case s.role == conclusion:
				return 500 + s.weight
			case 3*i >= 2*len(d.sentences):
				return float64(2*s.weight) + 1
			}
			return s.weight
		}
		slices.SortStableFunc(picked, func(a, b int) int {
			if ra, rb := rank(a), rank(b); ra != rb {
				if ra > rb {
					return -1
				}
				return 1
			}
			return a - b
		})
		picked = picked[:most]
		slices.Sort(picked)
	}
	chosen := make([]*sentence, len(picked))
	for n, i := range picked {
		chosen[n] = &d.sentences[i]
	}
	return chosen
}

// strongCue is the weight from which a cue is said of those who take the stance
// and of hardly anybody else.
const strongCue = 2

// lexical adds what the cues say: how strongly each group occurs, under which
// frames and in which places, and which single phrases do. The regression finds
// out which of these mean anything.
func (b bag) lexical(s *sentence, prefix string) {
	for _, h := range s.hits {
		if h.group == topic.Hint || h.group == topic.Other {
			continue
		}
		name, sign := prefix+h.group, ""
		if h.negated {
			sign = "-"
		}
		b["phrase:"+sign+h.group+h.phrase] = halfCue
		if h.weight >= strongCue {
			b[name+"|strong"+sign] += h.weight
		}
		if h.negated {
			name += "|neg"
		}
		b[name] += h.weight
		b.framed(s, name, h.weight)
	}
	b.together(s, prefix)
}

// framed adds a cue once more under each frame that its sentence has.
func (b bag) framed(s *sentence, name string, weight float64) {
	switch {
	case s.attributed():
		b[name+"|others"] += weight
	case s.frames[own]:
		b[name+"|own"] += weight
	}
	for _, f := range []frame{modality, rejection, approval, question} {
		if s.frames[f] {
			b[name+"|"+f.String()] += weight
		}
	}
	if s.role == conclusion || s.role == lede {
		b[name+"|"+string(s.role)] += weight
	}
}

// together adds which targets a sentence names at once.
func (b bag) together(s *sentence, prefix string) {
	var targets []string
	for _, h := range s.hits {
		if strings.HasPrefix(h.group, "@") && !slices.Contains(targets, h.group) {
			targets = append(targets, h.group)
		}
	}
	slices.Sort(targets)
	for i, t := range targets {
		for _, u := range targets[i+1:] {
			b[prefix+t+"&"+u]++
		}
	}
}

// perStretch turns counts over more sentences than a short piece has into what
// as many as it has would hold, since the examples are short.
func (b bag) perStretch(sentences int) {
	if sentences <= stretch {
		return
	}
	for name, x := range b {
		b[name] = x * stretch / float64(sentences)
	}
}

// voice adds how the piece speaks.
func (b bag) voice(chosen []*sentence) {
	var count [frames]float64
	att, quoted := 0.0, 0.0
	for _, s := range chosen {
		for f := range frames {
			if s.frames[f] {
				count[f]++
			}
		}
		if s.attributed() {
			att++
		}
		quoted += s.quoted
	}
	n := float64(max(len(chosen), 1))
	for f := range frames {
		b["#"+f.String()] = count[f] / n
	}
	b["#attributed"] = att / n
	b["#quoted"] = quoted / n
}

// relevance adds what tells whether the piece is on the topic at all: how often
// the title, the first sentences, the best stretch and the whole name whom and
// what the debate is about, and other things.
func (b bag) relevance(d *document) {
	b.density("^", []sentence{d.title})
	b.density("lede:", d.sentences[:min(len(d.sentences), 3)])
	b.density("best:", d.bestStretch(stretch))
	b.density("all:", d.sentences[:min(len(d.sentences), 80)])
}

// stretch is a number of sentences: what a teaser or a short piece has.
const stretch = 9

// bestStretch returns the n sentences in a row that say most on the question.
func (d *document) bestStretch(n int) []sentence {
	if len(d.sentences) <= n {
		return d.sentences
	}
	best, most, sum := 0, 0.0, 0.0
	for i := range d.sentences {
		sum += d.sentences[i].weight
		if i >= n {
			sum -= d.sentences[i-n].weight
		}
		if i >= n-1 && sum > most+1e-9 {
			best, most = i-n+1, sum
		}
	}
	return d.sentences[best : best+n]
}

// density adds the share of the sentences that have each relevance group, and
// of those that name both whom and what the debate is about.
func (b bag) density(prefix string, of []sentence) {
	const near, anchor, matter, hint, other, stance, both = 0, 1, 2, 3, 4, 5, 6
	var shares [both + 1]float64
	n := float64(max(len(of), 1))
	for i := range of {
		var has [both + 1]bool
		for _, h := range of[i].hits {
			switch {
			case h.group == topic.Anchor && h.weight < 1:
				has[near] = true
			case h.group == topic.Anchor:
				has[anchor] = true
			case h.group == topic.Matter:
				has[matter] = true
			case h.group == topic.Hint:
				has[hint] = true
			case h.group == topic.Other:
				has[other] = true
			default:
				has[stance] = true
			}
		}
		has[both] = has[anchor] && has[matter]
		for k := range has {
			if has[k] {
				shares[k] += 1 / n
			}
		}
	}
	for k, name := range [...]string{"near", topic.Anchor, topic.Matter, topic.Hint, topic.Other, "stance", "both"} {
		if shares[k] > 0 {
			b["#"+prefix+name] = shares[k]
		}
	}
}
