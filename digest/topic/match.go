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
	ids   map[string]int // stem → number; the stems of all cues
	roots []int          // stem number → node, 0 where no cue begins with it
	nodes []node
}

type node struct {
	next []edge // by stem
	gaps []gap
	cues []*Cue // that end here
}

// edge leads to a node over a word with the stem.
type edge struct{ stem, node int }

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

func newMatcher() *Matcher { return &Matcher{ids: map[string]int{}, nodes: make([]node, 1)} }

// has says whether any cue stands in the group.
func (m *Matcher) has(group string) bool {
	return slices.ContainsFunc(m.nodes, func(n node) bool {
		return slices.ContainsFunc(n.cues, func(c *Cue) bool { return c.Group == group })
	})
}

// step returns the node behind an element, and makes it where it is missing.
func (m *Matcher) step(at int, e element) int {
	fresh := len(m.nodes)
	if fresh == cap(m.nodes) {
		m.nodes = slices.Grow(m.nodes, fresh) // append would copy thousands of nodes again and again
	}
	if e.gap > 0 {
		for _, g := range m.nodes[at].gaps {
			if g.max == e.gap {
				return g.node
			}
		}
		m.nodes[at].gaps = append(m.nodes[at].gaps, gap{max: e.gap, node: fresh})
		m.nodes = append(m.nodes, node{})
		return fresh
	}
	id, ok := m.ids[e.stem]
	if !ok {
		id = len(m.ids)
		m.ids[e.stem], m.roots = id, append(m.roots, 0)
	}
	next := &m.nodes[at].next
	i, ok := slices.BinarySearchFunc(*next, id, func(e edge, id int) int { return e.stem - id })
	if ok {
		return (*next)[i].node
	}
	*next = slices.Insert(*next, i, edge{id, fresh})
	m.nodes = append(m.nodes, node{})
	if at == 0 {
		m.roots[id] = fresh
	}
	return fresh
}

// after returns the node behind a stem; 0 where no cue goes on so.
func (n *node) after(id int) int {
	for _, e := range n.next { // few, and in order
		if e.stem >= id {
			if e.stem == id {
				return e.node
			}
			break
		}
	}
	return 0
}

// Match returns the cues found among the words, ordered by place. Within a
// group hits do not overlap: of two, the earlier wins, and the longer of two
// that start together.
func (m *Matcher) Match(words []Word) []Hit {
	if len(m.nodes) == 0 {
		return nil
	}
	var room [512]int
	ids := room[:0]
	for i := range words {
		id, ok := m.ids[words[i].Stem]
		if !ok {
			id = -1 // a word of no cue
		}
		ids = append(ids, id)
	}
	var hits []Hit
	for i, id := range ids {
		if id >= 0 && m.roots[id] != 0 {
			hits = m.walk(hits, ids, m.roots[id], i, i+1)
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
// lead to node at. Its depth is bounded by the longest pattern. No edge has the
// number of a word of no cue.
func (m *Matcher) walk(hits []Hit, ids []int, at, from, to int) []Hit {
	n := &m.nodes[at]
	for _, c := range n.cues {
		hits = append(hits, Hit{Cue: c, From: from, To: to})
	}
	if to >= len(ids) {
		return hits
	}
	if next := n.after(ids[to]); next != 0 {
		hits = m.walk(hits, ids, next, from, to+1)
	}
	for _, g := range n.gaps {
		for leap := 0; leap <= g.max && to+leap < len(ids); leap++ {
			if next := m.nodes[g.node].after(ids[to+leap]); next != 0 {
				hits = m.walk(hits, ids, next, from, to+leap+1)
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
