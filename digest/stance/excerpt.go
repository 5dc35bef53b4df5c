package stance

import (
	"cmp"
	"slices"
)

// mostExcerpts bounds what Excerpts returns, whatever the number of stances.
const mostExcerpts = 24

// Excerpts returns the sentences of a text by which somebody else can judge
// where its author stands: its lede, its conclusion, and of every stance the
// sentences that speak for it most, so that none is favoured by the choice. They
// are verbatim, in the order of the text, up to 24, each once.
func (c *Classifier) Excerpts(title, text string) []Quote {
	d := c.reader.read(title, text)
	read := head(text)
	var picked []Quote
	for i := range d.sentences {
		if s := &d.sentences[i]; (s.role == lede || s.role == conclusion) && !s.junk() {
			picked = append(picked, d.quote(i, read))
		}
	}
	strongest := make([][]Quote, len(c.pack.Stances))
	for i, s := range c.pack.Stances {
		strongest[i] = c.evidence(&d, read, s.Key)
	}
	for n := range mostEvidence { // the first of each before the second of any
		for _, quotes := range strongest {
			if n < len(quotes) {
				picked = append(picked, quotes[n])
			}
		}
	}
	var out []Quote
	for _, q := range picked {
		if len(out) < mostExcerpts && !slices.Contains(out, q) {
			out = append(out, q)
		}
	}
	slices.SortFunc(out, func(a, b Quote) int { return cmp.Compare(a.Start, b.Start) })
	return out
}
