package feeds

import (
	"slices"
	"strings"
	"unicode"
)

// titles says how the titles of two pieces stand to each other.
type titles int

const (
	otherTitle  titles = iota
	likeTitle          // a word or a label apart
	equalTitle         // word for word
	instalments        // alike but for a number or a date: parts of a series
)

func compareTitles(a, b []string) titles {
	if len(a) == 0 || len(b) == 0 {
		return otherTitle
	}
	if slices.Equal(a, b) {
		return equalTitle
	}
	restA, numbersA := unnumbered(a)
	restB, numbersB := unnumbered(b)
	switch alike := areAlike(restA, restB); {
	case alike && len(numbersA) > 0 && len(numbersB) > 0 && !slices.Equal(numbersA, numbersB):
		return instalments
	case alike:
		return likeTitle
	}
	return otherTitle
}

// areAlike says whether four words in five are common, or one title is the other
// with a label before or after it ("Opinion: …", "… | Outlet").
func areAlike(a, b []string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if slices.Equal(a, b) {
		return true
	}
	left := slices.Clone(b)
	for _, w := range a {
		if i := slices.Index(left, w); i >= 0 {
			left = slices.Delete(left, i, i+1)
		}
	}
	if common := len(b) - len(left); common >= 4 && 5*common >= 4*len(b) {
		return true
	}
	if len(a) < 4 || 10*len(a) < 6*len(b) {
		return false
	}
	return slices.Equal(a, b[:len(a)]) || slices.Equal(a, b[len(b)-len(a):])
}

// unnumbered parts the words of a title from its numbers: words with a digit,
// and small Roman numerals.
func unnumbered(title []string) (words, numbers []string) {
	for _, w := range title {
		if strings.ContainsFunc(w, unicode.IsDigit) || strings.Trim(w, "ivx") == "" {
			numbers = append(numbers, w)
		} else {
			words = append(words, w)
		}
	}
	return words, numbers
}
