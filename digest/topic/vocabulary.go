package topic

import (
	"math"
	"strings"
	"sync"
)

// mostStems is how many words a vocabulary remembers: a language's usual ones
// and all names of a debate, in some 3 MB.
const mostStems = 1 << 15

// Vocabulary remembers stems, word → stem, since stemming is by far the dearest
// step in reading a text. It learns as it reads and is safe for concurrent use.
// A nil Vocabulary remembers none and serves as well.
type Vocabulary struct {
	mu    sync.RWMutex
	stems map[string]string
}

// NewVocabulary returns an empty vocabulary.
func NewVocabulary() *Vocabulary { return &Vocabulary{stems: map[string]string{}} }

// Words splits a text into words: runs of letters and digits, with apostrophes
// inside. Hyphens separate, so "cease-fire" is two words.
func (v *Vocabulary) Words(text string) []Word {
	return v.append(make([]Word, 0, len(text)/6+1), text, math.MaxInt)
}

// append appends the words of a text, until there are most.
func (v *Vocabulary) append(words []Word, text string, most int) []Word {
	first := len(words)
	words = appendWords(words, text, most)
	fresh := words[first:]
	if unknown := v.recall(fresh); len(unknown) > 0 {
		for _, i := range unknown {
			fresh[i].Stem = stem(fresh[i].Text)
		}
		v.learn(fresh, unknown)
	}
	return words
}

// recall fills in the stems that are known and returns which words are not.
func (v *Vocabulary) recall(words []Word) (unknown []int) {
	if v != nil {
		v.mu.RLock()
		defer v.mu.RUnlock()
	}
	for i := range words {
		if v != nil {
			words[i].Stem = v.stems[words[i].Text]
		}
		if words[i].Stem == "" {
			unknown = append(unknown, i)
		}
	}
	return unknown
}

// learn remembers the words at the indices, in copies: a word must not keep the
// text alive that it was first seen in.
func (v *Vocabulary) learn(words []Word, at []int) {
	if v == nil {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, i := range at {
		if len(v.stems) >= mostStems {
			return
		}
		text := strings.Clone(words[i].Text)
		if words[i].Stem == text {
			v.stems[text] = text
		} else {
			v.stems[text] = strings.Clone(words[i].Stem)
		}
	}
}
