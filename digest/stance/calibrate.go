package stance

import (
	"slices"
	"sync"

	"standpoint/digest/topic"
)

// hire trains an expert and calibrates it for pieces of several forms: on those
// of each form that were kept from training, part by part.
func (m *model) hire(pack *topic.Pack, novice expert, lessons []lesson, forms ...[]lesson) expert {
	var e expert
	inner := make([]expert, innerFolds)
	var wait sync.WaitGroup
	wait.Go(func() { e = m.teach(pack, novice, lessons) })
	for fold := range inner {
		wait.Go(func() {
			hidden := measured(lessons, fold)
			inner[fold] = m.teach(pack, novice, slices.DeleteFunc(slices.Clone(lessons), func(l lesson) bool { return hidden[l.Group] }))
		})
	}
	wait.Wait()
	for _, form := range forms {
		var outcomes []outcome
		for _, l := range form {
			if of := inner[innerFold(l.Group)]; l.Relevant && !l.Own && of.cues != nil {
				right := slices.IndexFunc(pack.Stances, func(s topic.Stance) bool { return s.Key == l.Primary })
				outcomes = append(outcomes, outcome{of.mix(l.cues, l.grams), right})
			}
		}
		e.temperatures = append(e.temperatures, calibrate(outcomes))
	}
	return e
}

// briefly makes lessons of the beginnings of what is measured: so many sentences.
func (m *model) briefly(pack *topic.Pack, pieces []piece, sentences int) []lesson {
	of := slices.DeleteFunc(slices.Clone(pieces), func(p piece) bool { return p.Own || !p.Relevant })
	return m.lessons(pack, len(of), func(i int) piece {
		p := of[i]
		d := document{title: p.read.title, sentences: slices.Clone(p.read.sentences[:min(sentences, len(p.read.sentences))])}
		d.assign()
		p.read, p.features = d, d.features()
		return p
	})
}

// measured returns the groups that a fold of the calibration is measured on.
func measured(lessons []lesson, fold int) map[int]bool {
	groups := map[int]bool{}
	for _, l := range lessons {
		if !l.Own && innerFold(l.Group) == fold {
			groups[l.Group] = true
		}
	}
	return groups
}

// innerFold is the fold of the calibration that a group belongs to, across the
// folds of foldOf.
func innerFold(group int) int { return group / 20 % innerFolds }

// outcome is what the models said of a piece they had not seen: the logarithms
// of the stances' probabilities, and the right one.
type outcome struct {
	logs  []float64
	right int
}

// calibrate returns the temperature at which the right stances were least
// surprising (Guo et al. 2017), between 1/2 and 4; 1 without outcomes.
func calibrate(outcomes []outcome) float64 {
	best, least := 1.0, 0.0
	for i := range 36 {
		temperature := 0.5 + float64(0.1*float64(i))
		sum := 0.0
		for _, o := range outcomes {
			p := slices.Clone(o.logs)
			softmax(p, temperature)
			sum -= log(p[o.right] + 1e-9)
		}
		if i == 0 || sum < least {
			best, least = temperature, sum
		}
	}
	if len(outcomes) == 0 {
		return 1
	}
	return best
}
