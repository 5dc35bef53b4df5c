package main

import (
	"unicode"

	"standpoint/digest/topic"
)

// phraseWords is how many words make a phrase: two authors seldom share one.
const phraseWords = 6

// phraseBook knows the phrases of a pack's examples by their hashes. Words are
// only put in lower case: stems would cost a second at each start and tell no
// more, since who copies a piece copies its words' endings.
type phraseBook map[uint64]struct{}

func newPhraseBook(examples []topic.Example) phraseBook {
	bytes := 0
	for _, x := range examples {
		bytes += len(x.Text)
	}
	book := make(phraseBook, bytes/5) // a little more than there are words
	for _, x := range examples {
		eachPhrase(x.Title, x.Text, func(hash uint64) { book[hash] = struct{}{} })
	}
	return book
}

// has says whether a piece stands among the examples, be it with a few words
// changed: half of its phrases do.
func (b phraseBook) has(x topic.Example) bool {
	all, known := 0, 0
	eachPhrase(x.Title, x.Text, func(hash uint64) {
		all++
		if _, ok := b[hash]; ok {
			known++
		}
	})
	return known*2 >= all
}

// What FNV-1a, 64 bits, begins with and multiplies by.
const (
	fnvBasis = 14695981039346656037
	fnvPrime = 1099511628211
)

// eachPhrase gives the hash of each run of phraseWords words in a piece, or of
// the whole of a shorter one. A word is hashed once, and the title's last words
// and the text's first ones make phrases, too.
func eachPhrase(title, text string, yield func(hash uint64)) {
	var last [phraseWords]uint64
	words := 0
	run := func() {
		h := uint64(0)
		for _, word := range last {
			h = (h ^ word) * fnvPrime
			h ^= h >> 32
		}
		yield(h)
	}
	eachWordHash([2]string{title, text}, func(word uint64) {
		copy(last[:], last[1:])
		last[phraseWords-1] = word
		if words++; words >= phraseWords {
			run()
		}
	})
	if words < phraseWords {
		run()
	}
}

// eachWordHash gives the hash of each run of letters and digits, in lower case.
func eachWordHash(texts [2]string, yield func(hash uint64)) {
	for _, text := range texts {
		h, inside := uint64(fnvBasis), false
		for _, r := range text {
			switch {
			case 'A' <= r && r <= 'Z':
				r += 'a' - 'A'
			case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
			case unicode.IsLetter(r) || unicode.IsDigit(r):
				r = unicode.ToLower(r)
			default:
				if inside {
					yield(h)
				}
				h, inside = fnvBasis, false
				continue
			}
			h, inside = (h^uint64(r))*fnvPrime, true
		}
		if inside {
			yield(h)
		}
	}
}
