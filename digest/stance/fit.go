package stance

import (
	"fmt"
	"slices"
	"sync"

	"standpoint/digest/topic"
)

// The settings of the regressions, chosen by cross-validation. They are flat:
// half or twice of each changes little.
const (
	cueScale      = 1.0 // how loud a cue is at most
	cueDecay      = 2.0 // how strongly weights of cues are pulled to 0
	halfCue       = 2.0 // the count at which a cue reaches half its scale
	gramScale     = 5.0 // length of the vector of n-grams
	gramDecay     = 0.7
	leastGrams    = 3 // in how many examples an n-gram must occur …
	manyPieces    = 2000
	leastOfMany   = 5 // … and in how many of many
	gateScale     = 2.0
	gateGramShare = 0.8 // n-grams on the gate, against those on the stance
	gateDecay     = 0.3
	ownWeight     = 0.8 // how much a made-up example counts beside a real one
	secondShare   = 0.2 // the second reader's part where the two differ
	steps         = 15  // of the minimiser
	innerFolds    = 2   // of the calibration
)

// What the two regressions' words count in the verdict on short pieces, and on
// long ones, where cues hold better than single words, of which there are many.
const (
	shortCueShare, shortGramShare = 0.45, 1.1
	longCueShare, longGramShare   = 0.7, 0.8
)

// fit trains the model on pieces and on their long twins. The spaces are
// shared: they know how often a word occurs, and nothing of labels.
func fit(pack *topic.Pack, pieces []piece) (*model, error) {
	least := leastGrams
	if len(pieces) >= manyPieces {
		least = leastOfMany
	}
	m := &model{
		cueSpace:  newSpace(names(pieces, func(f features) []string { return f.cues.names() }), 1, false),
		gramSpace: newSpace(names(pieces, func(f features) []string { return f.grams }), least, true),
		gateSpace: newSpace(names(pieces, func(f features) []string { return f.relevance.names() }), 1, false),
		kin:       kinship(pack, pieces),
	}
	asTheyAre := m.lessons(pack, len(pieces), func(i int) piece { return pieces[i] })
	m.gate = m.trainGate(asTheyAre, func(i int) features { return pieces[i].features })
	m.short = m.hire(pack, expert{cueShare: shortCueShare, gramShare: shortGramShare}, asTheyAre,
		asTheyAre, m.briefly(pack, pieces, teaserSentences), m.briefly(pack, pieces, 0))
	twins := twinsOf(pack, pieces)
	asTwins := m.lessons(pack, twins.len(), twins.at)
	m.long = m.hire(pack, expert{cueShare: longCueShare, gramShare: longGramShare}, slices.Concat(asTheyAre, asTwins), asTwins)
	if m.gate == nil || m.short.cues == nil {
		return nil, fmt.Errorf("train on %s: want examples that are relevant and some that are not", pack.Key)
	}
	return m, nil
}

// lesson is a piece as the regressions see it.
type lesson struct {
	topic.Example
	cues, grams []entry
	target      []float64 // over the stances
	weight      float64
}

// lessons makes lessons of n pieces. What was read of a piece is let go as soon
// as its lesson is made: there are thousands, and many words in each.
func (m *model) lessons(pack *topic.Pack, n int, at func(int) piece) []lesson {
	lessons := make([]lesson, n)
	each(n, func(i int) {
		p := at(i)
		l := lesson{Example: p.Example, cues: m.cueVector(p.features), grams: m.gramVector(p.features), weight: p.weight}
		if p.Relevant {
			l.target = wish(pack, p.Example)
		}
		lessons[i] = l
	})
	return lessons
}

// each calls work with every number below n, on as many goroutines as help.
// What work does must not depend on the order.
func each(n int, work func(int)) {
	const workers = 4
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			for i := w; i < n; i += workers {
				work(i)
			}
		})
	}
	wait.Wait()
}

// teach trains an expert, without calibration. Its regressions are nil when no
// lesson is relevant.
func (m *model) teach(pack *topic.Pack, e expert, lessons []lesson) expert {
	var cues, grams []row
	for _, l := range lessons {
		if l.Relevant {
			cues = append(cues, row{l.cues, l.target, l.weight})
			grams = append(grams, row{l.grams, l.target, l.weight})
		}
	}
	if len(cues) > 0 {
		e.cues = train(cues, m.cueSpace.size(), len(pack.Stances), cueDecay, steps)
		e.grams = train(grams, m.gramSpace.size(), len(pack.Stances), gramDecay, steps)
	}
	return e
}

// trainGate returns nil when the lessons are all relevant, or none.
func (m *model) trainGate(lessons []lesson, of func(int) features) *logistic {
	rows := make([]row, len(lessons))
	relevant := 0
	for i, l := range lessons {
		target := []float64{1, 0}
		if l.Relevant {
			target = []float64{0, 1}
			relevant++
		}
		rows[i] = row{m.gateVector(of(i), l.grams), target, l.weight}
	}
	if relevant == 0 || relevant == len(rows) {
		return nil
	}
	return train(rows, m.gateSpace.size()+m.gramSpace.size(), 2, gateDecay, steps)
}

// kinship returns for each pair of stances how often readers who gave a piece
// the first would have accepted the second, 0 to 1. That no side is taken can
// often be defended and tells nothing of the sides, so it is kin to none.
func kinship(pack *topic.Pack, pieces []piece) [][]float64 {
	kin := make([][]float64, len(pack.Stances))
	for i, s := range pack.Stances {
		kin[i] = make([]float64, len(pack.Stances))
		of := 0.0
		for _, p := range pieces {
			if p.Own || !p.Relevant || p.Primary != s.Key {
				continue
			}
			of++
			for j, o := range pack.Stances {
				if !s.Neutral && !o.Neutral && slices.Contains(p.Accept, o.Key) {
					kin[i][j]++
				}
			}
		}
		for j := range kin[i] {
			kin[i][j] /= max(of, 1)
		}
		kin[i][i] = 1
	}
	return kin
}

// part splits pieces into those that a fold's model may see and those that it
// is measured on. Made-up examples are never measured on; those that were made
// after a measured piece carry its group and are hidden with it.
func part(pieces []piece, folds, fold int) (seen, unseen []piece) {
	hidden := map[int]bool{}
	for _, p := range pieces {
		if !p.Own && foldOf(p.Example, folds) == fold {
			hidden[p.Group] = true
			unseen = append(unseen, p)
		}
	}
	for _, p := range pieces {
		if !hidden[p.Group] {
			seen = append(seen, p)
		}
	}
	return seen, unseen
}

// foldOf keeps a group's examples together. Groups are numbered at random; the
// division makes folds independent of HeldOut, which goes by the last digit.
func foldOf(e topic.Example, folds int) int { return e.Group / 5 % folds }

func names(pieces []piece, of func(features) []string) [][]string {
	names := make([][]string, len(pieces))
	for i, p := range pieces {
		names[i] = of(p.features)
	}
	return names
}

// wish returns the probabilities that a label asks for. Where the readers
// differed, the second one's choice has its part.
func wish(pack *topic.Pack, e topic.Example) []float64 {
	second := 0.0
	if !e.Firm && len(e.Accept) > 1 {
		second = secondShare
	}
	w := make([]float64, len(pack.Stances))
	for i, s := range pack.Stances {
		switch {
		case s.Key == e.Primary:
			w[i] = 1 - second
		case slices.Contains(e.Accept, s.Key):
			w[i] = second / float64(len(e.Accept)-1)
		}
	}
	return w
}
