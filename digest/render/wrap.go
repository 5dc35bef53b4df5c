package render

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// columns is the width of the text part (S25 allows 76).
const columns = 72

// nbsp is a space at which no line breaks.
const nbsp = "\u00a0"

// wrap breaks a text into lines of at most columns, indent included. A word
// that fits no line is broken; no-break spaces hold and come out as plain ones.
// URLs never come here.
func wrap(s, first, indent string) string {
	if s == "" {
		return ""
	}
	var b strings.Builder
	b.WriteString(first)
	used, fresh := width(first), true
	for word := range strings.SplitSeq(s, " ") {
		n := width(word)
		switch {
		case fresh:
		case used+1+n > columns:
			b.WriteString("\n" + indent)
			used = width(indent)
		default:
			b.WriteByte(' ')
			used++
		}
		for used+n > columns {
			head := fit(word, columns-used)
			b.WriteString(word[:head] + "\n" + indent)
			word = word[head:]
			used, n = width(indent), width(word)
		}
		b.WriteString(word)
		used += n
		fresh = false
	}
	return strings.ReplaceAll(b.String(), nbsp, " ")
}

// fold breaks a text's line for the HTML part, where a line break is a space, to
// keep the source's lines short (S22). Words stay whole.
func fold(s string) string {
	var b strings.Builder
	used := 0
	for word := range strings.SplitSeq(s, " ") {
		switch {
		case b.Len() == 0:
		case used > 2*columns:
			b.WriteByte('\n')
			used = 0
		default:
			b.WriteByte(' ')
		}
		b.WriteString(word)
		used += 1 + len(word)
	}
	return b.String()
}

// fit says how many bytes of a word fill at most room columns; at least one
// character, so that wrapping always ends.
func fit(word string, room int) int {
	n := 0
	for i, r := range word {
		n += runeWidth(r)
		if n > room && i > 0 {
			return i
		}
	}
	return len(word)
}

// width counts the columns of a text.
func width(s string) int {
	n := 0
	for _, r := range s {
		n += runeWidth(r)
	}
	return n
}

// runeWidth is 2 for East Asian characters and emoji, 0 for what combines with
// the character before it: near enough to Unicode's annex 11 for wrapping.
func runeWidth(r rune) int {
	switch {
	case r < 0x300: // no letter before the combining ones is wide
		return 1
	case joins(r), r == 0x200b, r == 0x2068, r == 0x2069:
		return 0
	case r >= 0x1f300 && r <= 0x1faff, unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
		return 2
	}
	return 1
}

// pad fills a text with spaces up to n columns.
func pad(s string, n int) string {
	return s + strings.Repeat(" ", max(0, n-width(s)))
}

// padLeft is pad from the other side.
func padLeft(s string, n int) string {
	return strings.Repeat(" ", max(0, n-utf8.RuneCountInString(s))) + s
}
