package feeds

import (
	"strings"
	"unicode"
)

// mostEdited is the share of words up to which a change is an edit: a name
// corrected, a paragraph added to a long piece.
const mostEdited = 0.2

// Reworded reports whether a text says something else than it did before: more
// than a fifth of the words of the longer one are not in the other. The order of
// words, case and punctuation do not count.
func Reworded(before, after string) bool {
	count := map[string]int{}
	old, now, shared := 0, 0, 0
	for w := range plainWords(before) {
		count[w]++
		old++
	}
	for w := range plainWords(after) {
		now++
		if count[w] > 0 {
			count[w]--
			shared++
		}
	}
	return float64(max(old, now)-shared) > mostEdited*float64(max(old, now))
}

// plainWords yields the words of a text in lower case.
func plainWords(text string) func(func(string) bool) {
	return strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}
