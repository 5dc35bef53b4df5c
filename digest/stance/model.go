package stance

import (
	"slices"

	"standpoint/digest/topic"
)

// features are what the models see of a piece, by name.
type features struct {
	cues      bag      // what cues and frames say on the stance
	grams     []string // which words and pairs of words occur; some come twice
	relevance bag      // how dense the piece is in what the debate is about
	anchored  bool     // it names whom the debate is about
	sentences int      // of the text
}

// mostSentences is how many sentences speak for a piece: what a short one has
// in all, and what one needs of a long one, where the author's point comes among
// reports, digressions and the views of others.
const mostSentences = 24

func (d *document) features() features {
	f := features{cues: bag{}, relevance: bag{}, sentences: len(d.sentences)}
	chosen, n := d.chosen(mostSentences), 2*len(d.title.words)
	for _, s := range chosen {
		n += len(s.words)
	}
	g := newGrams(n)
	for _, s := range chosen {
		f.cues.lexical(s, "")
		g.sentence(s, textGram)
	}
	f.cues.perStretch(len(chosen))
	f.cues.voice(chosen)
	// A title says in eight words what the text says in eight hundred: it is
	// heard as part of the text, and in a voice of its own.
	f.cues.lexical(&d.title, "")
	f.cues.lexical(&d.title, "^")
	g.sentence(&d.title, textGram)
	g.sentence(&d.title, titleGram)
	f.grams = g.names()
	f.relevance.relevance(d)
	for _, name := range []string{"#^" + topic.Anchor, "#^near", "#all:" + topic.Anchor, "#all:near"} {
		f.anchored = f.anchored || f.relevance[name] > 0
	}
	return f
}

// model holds what was learned from examples.
type model struct {
	cueSpace, gramSpace, gateSpace *space
	gate                           *logistic // no, yes
	short, long                    expert
	kin                            [][]float64 // see kinship
}

// expert judges the stance of pieces of one length. Two regressions judge
// apart, one by cues and frames, one by words; their product is the verdict.
// They err on different pieces, so the product errs less than either, and where
// they differ there is reason to doubt.
type expert struct {
	cues, grams         *logistic // over the pack's stances
	cueShare, gramShare float64   // how much each regression's word counts
	temperatures        []float64 // for whole pieces; then for teasers and for titles alone, if it is asked on such
}

// A piece of up to shortPiece sentences is judged by the expert for short
// pieces, one of longPiece or more by the other, one between by both: a few
// sentences more must not turn a verdict.
const (
	shortPiece = 12
	longPiece  = 24
)

// teaserSentences is how many sentences a teaser has at most. The less text, the
// further is what it seems to say from what the piece says.
const teaserSentences = 3

// temperature returns how far a verdict on so many sentences is flattened.
func (e *expert) temperature(sentences int) float64 {
	form := 0
	switch {
	case sentences == 0:
		form = 2
	case sentences <= teaserSentences:
		form = 1
	}
	return e.temperatures[min(form, len(e.temperatures)-1)]
}

func (m *model) cueVector(f features) []entry { return m.cueSpace.counts(f.cues, cueScale) }

func (m *model) gramVector(f features) []entry { return m.gramSpace.grams(f.grams, gramScale) }

// gateVector takes the n-grams' vector as well, on a scale of its own.
func (m *model) gateVector(f features, grams []entry) []entry {
	v := slices.Grow(m.gateSpace.counts(f.relevance, gateScale), len(grams))
	for _, g := range grams {
		v = append(v, entry{m.gateSpace.size() + g.id, float64(g.value * gateGramShare)})
	}
	return v
}

// mix returns the logarithms of the stances' probabilities, up to a constant.
func (e *expert) mix(cues, grams []entry) []float64 {
	byCues, byGrams := make([]float64, e.cues.classes), make([]float64, e.grams.classes)
	e.cues.predict(cues, 1, byCues)
	e.grams.predict(grams, 1, byGrams)
	logs := make([]float64, len(byCues))
	for i := range logs {
		logs[i] = float64(e.cueShare*log(byCues[i]+1e-9)) + float64(e.gramShare*log(byGrams[i]+1e-9))
	}
	return logs
}

// mix joins what the two experts say of a piece of so many sentences.
func (m *model) mix(sentences int, cues, grams []entry) []float64 {
	share := min(1, max(0, float64(sentences-shortPiece)/(longPiece-shortPiece)))
	short, long := m.short.mix(cues, grams), m.long.mix(cues, grams)
	for i := range short {
		short[i] = float64((1-share)*short[i]/m.short.temperature(sentences)) + float64(share*long[i]/m.long.temperature(sentences))
	}
	return short
}

func argmax(p []float64) int {
	best := 0
	for i := range p {
		if p[i] > p[best] {
			best = i
		}
	}
	return best
}

// judge gives the verdict that features allow, without quotes.
func (m *model) judge(pack *topic.Pack, f features) Verdict {
	grams := m.gramVector(f)
	gate := make([]float64, 2)
	m.gate.predict(m.gateVector(f, grams), 1, gate)
	v := Verdict{Relevance: gate[1], By: ByModel}
	if !f.anchored {
		// Whatever the other words say: the debate's subject is not named.
		v.Relevance = min(v.Relevance, float64(pack.Thresholds.Relevant/2))
	}
	if v.Relevance < pack.Thresholds.Relevant {
		return v
	}
	v.Relevant = true
	p := m.mix(f.sentences, m.cueVector(f), grams)
	softmax(p, 1)
	unsay(pack, f, p)
	v.stances(pack, p, m.kin)
	if v.Doubt == Sure && f.denies(v.Stance) {
		v.Doubt = Leaning
	}
	return v
}

// unsaid is what is left of a stance's probability when the piece denies it.
const unsaid = 0.03

// unsay lowers the stances that a piece denies. The regressions count words, and
// "not" is one word among many; in cross-validation this costs nothing, and it
// turns most pieces that refuse what another asks for in the same words.
func unsay(pack *topic.Pack, f features, p []float64) {
	sum := 0.0
	for i, s := range pack.Stances {
		if !s.Neutral && f.denies(s.Key) {
			p[i] = float64(p[i] * unsaid)
		}
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
}

// denies says that what speaks for a stance is denied as often as said.
func (f features) denies(key topic.StanceKey) bool {
	against := f.cues[string(key)+"|neg"]
	return against > 0 && against >= f.cues[string(key)]
}

// acceptable returns the stance that a careful reader would most probably
// accept. Two stances that are near each other must not lose to a third that is
// likelier than either and contrary to both.
func acceptable(p []float64, kin [][]float64) int {
	accepted := make([]float64, len(p))
	for i := range p {
		for j := range p {
			accepted[j] += float64(p[i] * kin[i][j])
		}
	}
	return argmax(accepted)
}

// stances fills in what probabilities say.
func (v *Verdict) stances(pack *topic.Pack, p []float64, kin [][]float64) {
	best, others := argmax(p), 0.0
	if p[best] < pack.Thresholds.Leaning {
		best = acceptable(p, kin)
	}
	v.Stance, v.Confidence = pack.Stances[best].Key, p[best]
	v.Probabilities = make(map[topic.StanceKey]float64, len(p))
	for i, s := range pack.Stances {
		v.Probabilities[s.Key] = p[i]
		if i != best && !s.Neutral {
			others += p[i]
		}
		if i != best && p[i] >= pack.Thresholds.Also {
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
	v.Doubt = doubt(pack, best, p[best], others)
	if v.Doubt == Unsure && len(v.Also) == 0 {
		v.Also = append(v.Also, pack.Stances[second(p, best)].Key) // readers see both candidates
	}
}

// second returns the likeliest but the best.
func second(p []float64, best int) int {
	at := -1
	for i := range p {
		if i != best && (at < 0 || p[i] > p[at]) {
			at = i
		}
	}
	return at
}

// doubt says how far a verdict can be relied on. A camp is sure only when the
// other camps together are unlikely: to be put into a wrong one harms, to be
// taken for a report does not.
func doubt(pack *topic.Pack, best int, confidence, otherCamps float64) Doubt {
	t := pack.Thresholds
	switch {
	case confidence >= t.Sure && (pack.Stances[best].Neutral || otherCamps <= t.Rival):
		return Sure
	case confidence >= t.Leaning:
		return Leaning
	}
	return Unsure
}
