package stance

import (
	"math"
	"slices"
	"strings"
)

// space is the features that a model knows, from the examples it was trained
// on, numbered by name.
type space struct {
	ids map[string]int
	idf []float64 // by id: the rarer an n-gram, the louder; 1 without weighting
}

// The prefixes of n-grams' names: those of a title are features of their own.
const (
	titleGram = "t:"
	textGram  = "w:"
)

// newSpace numbers the features that occur in so many examples at least;
// examples holds the names of each one's.
func newSpace(examples [][]string, least int, weighted bool) *space {
	count, last := map[string]int{}, map[string]int{} // last: the example counted last, from 1 on
	for i, names := range examples {
		for _, name := range names {
			if last[name] != i+1 {
				last[name] = i + 1
				count[name]++
			}
		}
	}
	var names []string
	for name, n := range count {
		if n >= least {
			names = append(names, strings.Clone(name)) // not to keep the example's text alive
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

// counts returns a bag's entries, pressed between 0 and scale; shares, whose
// names start with #, are scaled only.
func (s *space) counts(b bag, scale float64) []entry {
	entries := make([]entry, 0, len(b))
	for name, x := range b {
		id, ok := s.ids[name]
		if !ok || x <= 0 {
			continue
		}
		if name[0] != '#' {
			x = x / (x + halfCue)
		}
		entries = append(entries, entry{id, float64(scale * x)})
	}
	sortEntries(entries)
	return entries
}

// grams returns which of the n-grams there are, each once, scaled to one length
// together, so that a long piece shouts no louder.
func (s *space) grams(names []string, scale float64) []entry {
	ids := make([]int, 0, len(names))
	for _, name := range names {
		if id, ok := s.ids[name]; ok {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	entries := make([]entry, len(ids))
	for i, id := range ids {
		entries[i] = entry{id, s.idf[id]}
	}
	square := 0.0
	for _, e := range entries {
		square += float64(e.value * e.value)
	}
	for i := range entries {
		entries[i].value = scale * entries[i].value / math.Sqrt(square)
	}
	return entries
}

// sortEntries orders by id: sums must not depend on a map's order.
func sortEntries(entries []entry) {
	slices.SortFunc(entries, func(a, b entry) int { return a.id - b.id })
}
