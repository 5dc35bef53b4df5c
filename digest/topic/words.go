package topic

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kljensen/snowball/english"
)

// Word is one word of a text.
type Word struct {
	Text       string // lower case, apostrophes straight
	Stem       string // English stem of Text
	Start, End int    // byte offsets into the text
	Break      bool   // punctuation that ends a clause (, ; : – …) follows
}

// longestWord is the number of bytes from which a run of letters is no word of
// a language: it is cut there, so that the stemmer never sees a megabyte.
const longestWord = 48

// Words splits a text into words without a vocabulary.
func Words(text string) []Word { return (*Vocabulary)(nil).Words(text) }

// appendWords appends the words of a text, until there are most: runs of letters
// and digits, with apostrophes inside. Hyphens separate, so "cease-fire" is two
// words. Stems are left empty. Whether a clause ends after the last of most
// words is not looked at.
func appendWords(words []Word, text string, most int) []Word {
	first, start := len(words), -1
	for i := 0; i < len(text) && len(words) < most; {
		if start >= 0 { // nearly all steps are from letter to letter
			for i < len(text) && i-start < longestWord && isWordByte(text[i]) {
				i++
			}
			if i == len(text) {
				break
			}
		}
		r, n := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(text[i:])
		}
		inside := isWordRune(r) || (start >= 0 && isApostrophe(r) && letterAt(text, i+n))
		if inside && start < 0 {
			start = i
		}
		if start >= 0 && (!inside || i-start >= longestWord) {
			words = append(words, word(text, start, i))
			start = -1
			if inside {
				start = i
			}
		}
		if len(words) > first && start < 0 && endsClause(r) {
			words[len(words)-1].Break = true
		}
		i += n
	}
	if start >= 0 && len(words) < most {
		words = append(words, word(text, start, len(text)))
	}
	return words
}

func word(text string, start, end int) Word {
	t := strings.ToLower(text[start:end])
	if strings.IndexByte(t, "’"[0]) >= 0 {
		t = strings.ReplaceAll(t, "’", "'")
	}
	return Word{Text: t, Start: start, End: end}
}

// stem leaves words alone that the English stemmer was not made for.
func stem(word string) string {
	if len(word) <= 2 {
		return word
	}
	for i := range len(word) {
		if c := word[i]; (c < 'a' || c > 'z') && c != '\'' {
			return word
		}
	}
	return english.Stem(word, true)
}

// isWordByte is for the letters and digits of ASCII.
func isWordByte(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' }

// isWordRune is for letters and digits.
func isWordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return isWordByte(byte(r))
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

func isApostrophe(r rune) bool { return r == '\'' || r == '’' }

func letterAt(text string, i int) bool {
	if i >= len(text) {
		return false
	}
	r, _ := utf8.DecodeRuneInString(text[i:])
	return unicode.IsLetter(r)
}

func endsClause(r rune) bool {
	switch r {
	case ',', ';', ':', '–', '—', '.', '!', '?', '(', ')':
		return true
	}
	return false
}
