package language

import (
	"strings"
	"unicode"
)

const (
	proseWords    = 30  // fewer cannot be told from a title or a caption
	smallShare    = 8   // in prose one word of so many is a small one; in English one of three is
	longestMean   = 15  // letters of a word on average; in no language it is more
	freshWords    = 100 // from which repetition is told
	freshUpTo     = 400 // words in which it is looked for
	leastFreshPct = 30  // of words, how many are not repetitions; authors have 50
)

// Prose says whether a text reads as somebody wrote it, and not as a list of
// words or one sentence over and over. A short text does.
func (d *Detector) Prose(text string) bool {
	text = sample(text)
	c := d.count(text)
	if c.latin >= longEnough && c.latin > longestMean*c.words {
		return false
	}
	if c.words < proseWords || c.other > c.latin {
		return true
	}
	most := 0
	for _, n := range c.hits {
		most = max(most, n)
	}
	return most*smallShare >= c.words && fresh(text)
}

// fresh says whether a text goes on using other words.
func fresh(text string) bool {
	words, n := map[string]bool{}, 0
	for w := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		words[strings.ToLower(w)] = true
		if n++; n == freshUpTo {
			break
		}
	}
	return n < freshWords || 100*len(words) >= leastFreshPct*n
}
