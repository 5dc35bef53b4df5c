package stance

// grams collects the names of a piece's n-grams, one behind the other: there are
// hundreds, and as strings of their own they would be half the work of judging.
type grams struct {
	text []byte
	ends []int // of the names in text
}

// newGrams makes room for the n-grams of so many words.
func newGrams(words int) *grams {
	return &grams{text: make([]byte, 0, 24*words), ends: make([]int, 0, 2*words)}
}

func (g *grams) add(prefix, first, second string) {
	g.text = append(append(g.text, prefix...), first...)
	if second != "" {
		g.text = append(append(g.text, ' '), second...)
	}
	g.ends = append(g.ends, len(g.text))
}

// sentence adds the stems of a sentence, one by one and in pairs. In a title,
// where each word weighs much, "not troops" must not be heard as "troops"; in a
// text this made no difference.
func (g *grams) sentence(s *sentence, prefix string) {
	last := ""
	for i, w := range s.words {
		stem := w.Stem
		if s.negated[i] && s.role == title {
			stem = "not_" + stem
		}
		g.add(prefix, stem, "")
		if last != "" {
			g.add(prefix, last, stem)
		}
		last = stem
	}
}

// names returns the n-grams in the order in which they came; some come twice.
func (g *grams) names() []string {
	text, names, start := string(g.text), make([]string, len(g.ends)), 0
	for i, end := range g.ends {
		names[i], start = text[start:end], end
	}
	return names
}
