package topic

import "strings"

// Screening is what title and teaser alone say about a piece's relevance.
type Screening string

// Out: surely not about the topic, no page needs to be fetched. In: about it by
// the look of it. Maybe: the text decides.
const (
	Out   Screening = "out"
	Maybe Screening = "maybe"
	In    Screening = "in"
)

const (
	// screenWords is how much of title and teaser is looked at.
	screenWords = 400
	// wholeTeaser is the number of words from which a teaser that is not cut
	// and names nothing of the debate speaks against a piece.
	wholeTeaser = 12
	// plainlyOther is the weight of other matters, two cues or so, from which
	// hints no longer keep a piece.
	plainlyOther = 3
)

// Screen judges a piece by title and teaser. It errs towards Maybe: a page
// fetched in vain costs little, a piece thrown away is never seen again.
func (p *Pack) Screen(title, teaser string) Screening {
	var count struct{ anchor, matter, hint, other float64 }
	var room [screenWords]Word // on the stack: every item of every feed comes by
	words := p.known.append(room[:0], head(title, 600), screenWords)
	titled := len(words)
	words = p.known.append(words, head(teaser, 4000), screenWords)
	for _, h := range p.Cues().Match(words) {
		switch h.Cue.Group {
		case Anchor:
			count.anchor += h.Cue.Weight
		case Matter:
			count.matter += h.Cue.Weight
		case Hint:
			count.hint += h.Cue.Weight
		case Other:
			count.other += h.Cue.Weight
		}
	}
	told := len(words) - titled
	switch {
	case count.anchor > 0 && count.matter > 0 && count.other == 0:
		return In
	case count.anchor == 0 && count.other >= plainlyOther && count.other > count.matter:
		return Out
	case count.matter > 0, count.anchor > 0 && count.hint > 0, count.anchor >= 2 && told == 0:
		return Maybe
	case count.other >= plainlyOther && count.other > count.anchor+count.hint:
		return Out
	case count.anchor+count.hint > 0:
		return Maybe
	case told >= wholeTeaser && !cut(teaser):
		return Out
	}
	return Maybe
}

// cut says whether a teaser breaks off before the piece's sense may have come.
func cut(teaser string) bool {
	t := strings.TrimRight(teaser, " \n\t")
	t = strings.ToLower(t[max(0, len(t)-8):]) // no ending is longer
	for _, end := range []string{"…", "...", "[…]", "[...]", "…]", "more", "»"} {
		if strings.HasSuffix(t, end) {
			return true
		}
	}
	return false
}

// head returns the first n bytes of a text, fewer rather than half a rune.
func head(text string, n int) string {
	if len(text) <= n {
		return text
	}
	return strings.ToValidUTF8(text[:n], "")
}
