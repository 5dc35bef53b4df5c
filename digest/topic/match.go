package topic

import "slices"

// Cue is a phrase that tells something about a text.
type Cue struct {
	Group  string
	Weight float64 // above 0; how much one occurrence counts
	Phrase string  // as written in the cue file
}

// Hit is one place where a cue was found: words From up to, not including, To.
type Hit struct {
	Cue      *Cue
	From, To int
}

// Matcher finds all its cues in one pass over the words of a text: a trie over
// stems in which an edge may also leap over a few words. The zero Matcher finds
// nothing. It is safe for use by several goroutines.
type Matcher struct {
	nodes []node
}

type node struct {
	next map[string]int // stem → node
	gaps []gap
	cues []*Cue // that end here
}

// gap leads to a node after leaping over at most max words.
type gap struct {
	max  int
	node int
}

// anyGap is the pattern element for up to max words; otherwise an element is a
// stem.
type element struct {
	stem string
	gap  int // above 0: leap over up to so many words
}

func newMatcher() *Matcher { return &Matcher{nodes: make([]node, 1)} }

// add puts one pattern into the trie. A pattern neither starts nor ends with a
// gap.
func (m *Matcher) add(pattern []element, cue *Cue) {
	at := 0
	for _, e := range pattern {
		at = m.step(at, e)
	}
	m.nodes[at].cues = append(m.nodes[at].cues, cue)
}

func (m *Matcher) step(at int, e element) int {
	if e.gap > 0 {
		for _, g := range m.nodes[at].gaps {
			if g.max == e.gap {
				return g.node
			}
		}
		m.nodes = append(m.nodes, node{})
		m.nodes[at].gaps = append(m.nodes[at].gaps, gap{max: e.gap, node: len(m.nodes) - 1})
		return len(m.nodes) - 1
	}
	if to, ok := m.nodes[at].next[e.stem]; ok {
		return to
	}
	m.nodes = append(m.nodes, node{})
	if m.nodes[at].next == nil {
		m.nodes[at].next = map[string]int{}
	}
	m.nodes[at].next[e.stem] = len(m.nodes) - 1
	return len(m.nodes) - 1
}

// Match returns the cues found among the words, ordered by place. Within a
// group hits do not overlap: of two, the earlier wins, and the longer of two
// that start together.
func (m *Matcher) Match(words []Word) []Hit {
	if len(m.nodes) == 0 {
		return nil
	}
	var hits []Hit
	for i := range words {
		if at, ok := m.nodes[0].next[words[i].Stem]; ok {
			hits = m.walk(hits, words, at, i, i+1)
		}
	}
	slices.SortStableFunc(hits, func(a, b Hit) int {
		if a.From != b.From {
			return a.From - b.From
		}
		return b.To - a.To
	})
	return apart(hits)
}

// walk collects the cues that start at word from and whose first to-from words
// lead to node at. Its depth is bounded by the longest pattern.
func (m *Matcher) walk(hits []Hit, words []Word, at, from, to int) []Hit {
	n := &m.nodes[at]
	for _, c := range n.cues {
		hits = append(hits, Hit{Cue: c, From: from, To: to})
	}
	if to >= len(words) {
		return hits
	}
	if next, ok := n.next[words[to].Stem]; ok {
		hits = m.walk(hits, words, next, from, to+1)
	}
	for _, g := range n.gaps {
		for leap := 0; leap <= g.max && to+leap < len(words); leap++ {
			if next, ok := m.nodes[g.node].next[words[to+leap].Stem]; ok {
				hits = m.walk(hits, words, next, from, to+leap+1)
			}
		}
	}
	return hits
}

// apart drops hits that overlap an earlier one of their group.
func apart(hits []Hit) []Hit {
	kept := hits[:0]
	for _, h := range hits {
		overlaps := false
		for i := len(kept) - 1; i >= 0 && i >= len(kept)-12; i-- {
			if k := kept[i]; k.Cue.Group == h.Cue.Group && k.To > h.From {
				overlaps = true
				break
			}
		}
		if !overlaps {
			kept = append(kept, h)
		}
	}
	return kept
}
