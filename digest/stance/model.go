package stance

import (
	"fmt"
	"math"
	"slices"

	"standpoint/digest/topic"
)

// features are what the models see of a piece, by name.
type features struct {
	cues      bag // what cues and frames say on the stance
	grams     bag // which words and pairs of words occur
	relevance bag // how dense the piece is in what the debate is about
	anchored  bool
}

// mostSentences is how many sentences speak for a piece.
const mostSentences = 12

func (d *document) features() features {
	f := features{cues: bag{}, grams: bag{}, relevance: bag{}}
	chosen := d.chosen(mostSentences)
	for _, s := range chosen {
		f.cues.lexical(s, "")
		f.grams.grams(s, "w:")
	}
	f.cues.lexical(&d.title, "^")
	f.cues.voice(chosen)
	f.grams.grams(&d.title, "t:")
	f.relevance.relevance(d)
	f.anchored = f.relevance["#^"+topic.Anchor]+f.relevance["#all:"+topic.Anchor]+f.relevance["#all:near"]+f.relevance["#^near"] > 0
	return f
}

// model holds what was learned from examples.
type model struct {
	stances, words, gate *space
	stance               *logistic // over the pack's stances
	relevant             *logistic // no, yes
	temperature          float64
}

// The settings of the two regressions: how loud each kind of feature is, and
// how strongly weights are pulled to 0. Chosen by cross-validation, and flat:
// half or twice of each changes little.
const (
	cueScale      = 0.6
	gramScale     = 5.0
	stanceDecay   = 1.0
	gateScale     = 2.0
	gateGramScale = 4.0
	gateDecay     = 0.3
	steps         = 25
	halfCue       = 2.0 // the count at which a cue feature reaches half its scale
	leastGrams    = 2   // in how many examples an n-gram must occur
)

// fit trains the models on pieces and calibrates them on parts of the pieces
// that each part's model has not seen.
func fit(pack *topic.Pack, pieces []piece) (*model, error) {
	m, err := fitRaw(pack, pieces)
	if err != nil {
		return nil, err
	}
	m.temperature = 1
	return m, nil
}

func fitRaw(pack *topic.Pack, pieces []piece) (*model, error) {
	var relevant []piece
	for _, p := range pieces {
		if p.Relevant {
			relevant = append(relevant, p)
		}
	}
	if len(relevant) == 0 || len(relevant) == len(pieces) {
		return nil, fmt.Errorf("train on %s: want examples that are relevant and some that are not, have %d of %d", pack.Key, len(relevant), len(pieces))
	}
	m := &model{
		stances: newSpace(bags(relevant, func(f features) bag { return f.cues }), 1, false),
		words:   newSpace(bags(pieces, func(f features) bag { return f.grams }), leastGrams, true),
		gate:    newSpace(bags(pieces, func(f features) bag { return f.relevance }), 1, false),
	}
	rows := make([]row, len(relevant))
	for i, p := range relevant {
		rows[i] = row{m.stanceVector(p.features), wish(pack, p.Example), 1}
	}
	m.stance = train(rows, m.stances.size()+m.words.size(), len(pack.Stances), stanceDecay, steps)
	rows = make([]row, len(pieces))
	for i, p := range pieces {
		target := []float64{1, 0}
		if p.Relevant {
			target = []float64{0, 1}
		}
		rows[i] = row{m.gateVector(p.features), target, 1}
	}
	m.relevant = train(rows, m.gate.size()+m.words.size(), 2, gateDecay, steps)
	return m, nil
}

func bags(pieces []piece, of func(features) bag) []bag {
	bags := make([]bag, len(pieces))
	for i, p := range pieces {
		bags[i] = of(p.features)
	}
	return bags
}

// wish returns the probabilities that a label asks for. Where the readers
// differed, the second one's choice has its part.
func wish(pack *topic.Pack, e topic.Example) []float64 {
	first := 1.0
	if !e.Firm && len(e.Accept) > 1 {
		first = 0.8
	}
	w := make([]float64, len(pack.Stances))
	for i, s := range pack.Stances {
		switch {
		case s.Key == e.Primary:
			w[i] = first
		case slices.Contains(e.Accept, s.Key):
			w[i] = (1 - first) / float64(len(e.Accept)-1)
		}
	}
	return w
}

func (m *model) stanceVector(f features) []entry {
	v := m.stances.cues(nil, f.cues, cueScale)
	return m.words.grams(v, f.grams, gramScale, m.stances.size())
}

func (m *model) gateVector(f features) []entry {
	v := m.gate.cues(nil, f.relevance, gateScale)
	return m.words.grams(v, f.grams, gateGramScale, m.gate.size())
}

// judge gives the verdict that features allow, without quotes.
func (m *model) judge(pack *topic.Pack, f features) Verdict {
	t := pack.Thresholds
	gate := make([]float64, 2)
	m.relevant.predict(m.gateVector(f), 1, gate)
	v := Verdict{Relevance: gate[1], By: ByModel}
	if !f.anchored {
		// Whatever else the words say: the debate's subject is not named.
		v.Relevance = min(v.Relevance, float64(t.Relevant/2))
	}
	if v.Relevance < t.Relevant {
		return v
	}
	p := make([]float64, len(pack.Stances))
	m.stance.predict(m.stanceVector(f), m.temperature, p)
	best, others := 0, 0.0
	for i := range p {
		if p[i] > p[best] {
			best = i
		}
	}
	v.Relevant, v.Stance, v.Confidence = true, pack.Stances[best].Key, p[best]
	v.Probabilities = make(map[topic.StanceKey]float64, len(p))
	for i, s := range pack.Stances {
		v.Probabilities[s.Key] = p[i]
		if i == best {
			continue
		}
		if !s.Neutral {
			others += p[i]
		}
		if p[i] >= t.Also {
			v.Also = append(v.Also, s.Key)
		}
	}
	slices.SortStableFunc(v.Also, func(a, b topic.StanceKey) int {
		switch pa, pb := v.Probabilities[a], v.Probabilities[b]; {
		case pa > pb:
			return -1
		case pa < pb:
			return 1
		}
		return 0
	})
	switch {
	case v.Confidence >= t.Sure && (pack.Stances[best].Neutral || others <= t.Rival):
		v.Doubt = Sure
	case v.Confidence >= t.Leaning:
		v.Doubt = Leaning
	default:
		v.Doubt = Unsure
	}
	return v
}

// space is the features that a model knows, from the examples it was trained
// on, numbered by name.
type space struct {
	ids map[string]int
	idf []float64 // by id: the rarer an n-gram, the louder
}

// newSpace numbers the features that occur in so many examples at least.
func newSpace(examples []bag, least int, weighted bool) *space {
	count := map[string]int{}
	for _, b := range examples {
		for name := range b {
			count[name]++
		}
	}
	var names []string
	for name, n := range count {
		if n >= least {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	s := &space{ids: make(map[string]int, len(names)), idf: make([]float64, len(names))}
	for id, name := range names {
		s.ids[name], s.idf[id] = id, 1
		if weighted {
			s.idf[id] = log(float64(len(examples)+1)/float64(count[name])) + 0.3
		}
	}
	return s
}

func (s *space) size() int { return len(s.ids) }

// cues appends counts, pressed between 0 and scale; shares (#…) as they are.
func (s *space) cues(to []entry, b bag, scale float64) []entry {
	for name, x := range b {
		id, ok := s.ids[name]
		if !ok || x <= 0 {
			continue
		}
		if name[0] != '#' {
			x = x / (x + halfCue)
		}
		to = append(to, entry{id, float64(scale * x)})
	}
	slices.SortFunc(to, func(a, b entry) int { return a.id - b.id })
	return to
}

// grams appends n-grams, numbered from offset on and scaled to one length
// together, so that a long piece shouts no louder.
func (s *space) grams(to []entry, b bag, scale float64, offset int) []entry {
	from := len(to)
	for name := range b {
		if id, ok := s.ids[name]; ok {
			to = append(to, entry{offset + id, s.idf[id]})
		}
	}
	grams := to[from:]
	slices.SortFunc(grams, func(a, b entry) int { return a.id - b.id })
	square := 0.0
	for _, g := range grams {
		square += float64(g.value * g.value)
	}
	for i := range grams {
		grams[i].value = scale * grams[i].value / math.Sqrt(square)
	}
	return to
}
