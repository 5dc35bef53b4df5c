// Package language tells in which language a text is written. It would rather
// say nothing than call an English title foreign: what is short, or mixed, has
// no language here. It is the one owner of the library that knows the rarer
// languages.
package language

import (
	_ "embed"
	"math/bits"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/abadojack/whatlanggo"
)

//go:embed words.txt
var wordLists string

const (
	leastLetters = 40      // fewer say nothing
	longEnough   = 300     // letters from which the library can be relied on
	stretch      = 2 << 10 // bytes that are read at the start, the middle and the end of a long text
	leastHits    = 3       // small words that a language needs
	leastShare   = 6       // one word of so many is a small one, in any language
	lead         = 2       // how many times more small words than English a language needs
)

// Detector knows the languages. It does not change and is safe for concurrent
// use.
type Detector struct {
	tags    []string          // the first is English
	words   map[string]uint64 // which languages have a word, a bit for each of tags
	letters map[rune]int      // whose letter it is, an index into tags
}

// New reads the lists of words, which takes less than a millisecond.
func New() *Detector {
	d := &Detector{words: map[string]uint64{}, letters: map[rune]int{}}
	for line := range strings.Lines(wordLists) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		for _, w := range words[1:] {
			letters, ok := strings.CutPrefix(w, "+")
			if !ok {
				d.words[w] |= 1 << len(d.tags)
				continue
			}
			for _, r := range letters {
				d.letters[r] = len(d.tags)
			}
		}
		d.tags = append(d.tags, words[0])
	}
	return d
}

// Tags returns the languages that are known by their small words.
func (d *Detector) Tags() []string { return slices.Clone(d.tags) }

// Of returns the language of a text as a primary tag of BCP 47, such as "de",
// and "" when it cannot be told: the text is short, or mixed. Of a long text
// the start, the middle and the end are read.
func (d *Detector) Of(text string) string {
	text = sample(text)
	c := d.count(text)
	if c.latin+c.other < leastLetters {
		return ""
	}
	best := 0
	for i, n := range c.hits {
		if n > c.hits[best] {
			best = i
		}
	}
	enough := c.hits[best] >= leastHits && c.hits[best]*leastShare >= c.words
	if c.other > c.latin { // no English, whatever the words are
		if enough && best > 0 {
			return d.tags[best]
		}
		return tag(whatlanggo.Detect(text).Lang)
	}
	switch {
	case enough && best == 0:
		return d.tags[0]
	case enough && c.hits[best] > lead*c.hits[0]:
		return d.tags[best]
	case c.latin < longEnough || c.hits[0]*2*leastShare > c.words:
		return ""
	}
	if info := whatlanggo.Detect(text); info.IsReliable() {
		return tag(info.Lang)
	}
	return ""
}

func tag(l whatlanggo.Lang) string {
	if short := l.Iso6391(); short != "" {
		return short
	}
	return l.Iso6393()
}

// sample returns the stretches of a text that are read.
func sample(text string) string {
	if len(text) <= 3*stretch {
		return text
	}
	middle := (len(text) - stretch) / 2
	return strings.ToValidUTF8(text[:stretch]+" "+text[middle:middle+stretch]+" "+text[len(text)-stretch:], "")
}

// counts are what a text is made of.
type counts struct {
	latin, other int   // letters in Latin script and in others; one of Chinese, Japanese or Korean counts as three
	words        int   // all
	hits         []int // small words of each language, and letters that only it has
}

func (d *Detector) count(text string) counts {
	c := counts{hits: make([]int, len(d.tags))}
	start := -1
	for i, r := range text {
		switch {
		case !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r):
			if start >= 0 {
				d.word(&c, text[start:i])
			}
			start = -1
			continue
		case r < utf8.RuneSelf || unicode.Is(unicode.Latin, r):
			c.latin++
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
			c.other += 3
		default:
			c.other++
			if i, ok := d.letters[r]; ok {
				c.hits[i]++
			}
		}
		if start < 0 {
			start = i
		}
	}
	if start >= 0 {
		d.word(&c, text[start:])
	}
	return c
}

// longestSmall is the length in bytes of the longest word of the lists, about.
const longestSmall = 24

func (d *Detector) word(c *counts, word string) {
	c.words++
	if len(word) > longestSmall {
		return
	}
	mask := d.words[word]
	if mask == 0 {
		mask = d.words[strings.ToLower(word)]
	}
	for ; mask != 0; mask &= mask - 1 {
		c.hits[bits.TrailingZeros64(mask)]++
	}
}
