package feeds

import (
	"slices"
	"time"
	"unicode"
)

const (
	runWords = 3     // words of a shingle: fewer meet by chance, more die of one edit
	maxWords = 4_000 // of a text that are compared; so memory has a bound and a book costs no more than an essay
)

// Fingerprint is what of a piece is compared with other pieces: the words of its
// title and the 3-word shingles of its text (Broder 1997, On the resemblance and
// containment of documents), in their order. It is the same on every machine, and
// holds 8 bytes for each of the first 4,000 words.
type Fingerprint struct {
	outlet    string
	published time.Time
	title     []string
	runs      []uint64 // hash of each three words that follow each other
	words     int      // of the text, at most maxWords
}

// NewFingerprint reads a piece. The outlet is the source's name; published is
// when the piece came out, zero when unknown.
func NewFingerprint(outlet, title, text string, published time.Time) *Fingerprint {
	f := &Fingerprint{outlet: outlet, published: published}
	eachWord(title, func(word []byte) bool {
		f.title = append(f.title, string(word))
		return true
	})
	var last [runWords]uint64
	runs := make([]uint64, 0, min(len(text)/6, maxWords))
	eachWord(text, func(word []byte) bool {
		copy(last[:], last[1:])
		last[runWords-1] = hashWord(word)
		if f.words++; f.words >= runWords {
			runs = append(runs, hashRun(last))
		}
		return f.words < maxWords
	})
	if f.words > 0 && len(runs) == 0 {
		runs = append(runs, hashRun(last))
	}
	f.runs = slices.Clip(runs)
	if cap(runs) > 2*len(runs) {
		f.runs = slices.Clone(f.runs)
	}
	return f
}

// eachWord gives the words of s in lower case until yield is false: letters and
// digits of any script. Marks, apostrophes and invisible joiners neither count
// nor part a word, so that "don’t" is "don't". Scripts that put no space between
// words give each letter as a word. The word is only good until the next one.
func eachWord(s string, yield func([]byte) bool) {
	word := make([]byte, 0, 32)
	flush := func() bool {
		if len(word) == 0 {
			return true
		}
		ok := yield(word)
		word = word[:0]
		return ok
	}
	for _, r := range s {
		switch {
		case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
			word = append(word, byte(r))
		case 'A' <= r && r <= 'Z':
			word = append(word, byte(r)+'a'-'A')
		case r == ' ' || r == '.' || r == ',' || r == '\n':
			if !flush() {
				return
			}
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar):
			if !flush() {
				return
			}
			word = appendLetter(word, r)
			if !flush() {
				return
			}
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			word = appendLetter(word, unicode.ToLower(r))
		case r == '\'' || r == '’' || r == 'ʼ' || unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		default:
			if !flush() {
				return
			}
		}
	}
	flush()
}

func appendLetter(word []byte, r rune) []byte { return append(word, string(r)...) }

// hashWord is FNV-1a, 64 bits.
func hashWord[T string | []byte](word T) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(word) {
		h = (h ^ uint64(word[i])) * 1099511628211
	}
	return h
}

// hashRun mixes the words' hashes in their order, well enough for each bit to
// serve as a sample (the last steps are those of MurmurHash3's 64-bit finaliser).
func hashRun(words [runWords]uint64) uint64 {
	h := uint64(0)
	for _, w := range words {
		h = (h ^ w) * 0x9e3779b97f4a7c15
		h ^= h >> 32
	}
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}
