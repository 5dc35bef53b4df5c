package render

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The lengths at which a letter cuts what feeds give, in characters. They are
// far above honest texts: only a broken or hostile feed meets them.
const (
	maxTitle   = 180
	maxName    = 80
	maxSummary = 420
	maxQuote   = 360
)

// clean makes one line of a text from a feed: no line breaks, no control
// characters, no broken UTF-8, and none of the characters that turn the
// direction of what follows (U+202A to U+202E, U+2066 to U+2069), with which a
// title could rewrite the letter around it. It cuts after limit characters.
func clean(s string, limit int) string {
	// A title of megabytes is cut before the work, not after it.
	if most := limit * 16; len(s) > most {
		s = s[:most]
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case r > ' ' && r < 0x7f: // most of them: kept without a further look
			return r
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), r == utf8.RuneError, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x200b, r == 0xfeff:
			return -1
		}
		return r
	}, s)
	return cut(strings.Join(strings.Fields(s), " "), limit)
}

// cut shortens a text to at most limit characters, at the last space if one is
// near, and says so with an ellipsis.
func cut(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	r := []rune(s)[:limit-1]
	// Half a letter or half an emoji would be another one.
	for len(r) > 1 && joins([]rune(s)[len(r)]) || len(r) > 1 && r[len(r)-1] == 0x200d {
		r = r[:len(r)-1]
	}
	out := string(r)
	if i := strings.LastIndexByte(out, ' '); i > len(out)/2 {
		out = out[:i]
	}
	return strings.TrimRight(out, " ,;:–—-") + "…"
}

// sentences shortens a text to whole sentences of at most limit characters; where
// not even the first is so short, it is cut.
func sentences(s string, limit int) string {
	if limit <= 0 {
		return ""
	}
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	out := cut(s, limit)
	last := 0
	for _, end := range []string{". ", "? ", "! ", ".” ", "?” "} {
		if i := strings.LastIndex(out, end); i >= 0 {
			last = max(last, i+len(end)-1)
		}
	}
	if last > len(out)/3 {
		return out[:last]
	}
	return out
}

// joins reports whether a character belongs to the one before it.
func joins(r rune) bool {
	return r >= 0x300 && (r == 0x200d || unicode.Is(unicode.M, r) || r >= 0x1f3fb && r <= 0x1f3ff)
}

// rightToLeft reports whether a text begins in a script that runs from right to
// left: its first letter decides, as in rule P2 of Unicode's annex 9.
func rightToLeft(s string) bool {
	for _, r := range s {
		if unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko) {
			return true
		}
		if unicode.IsLetter(r) {
			return false
		}
	}
	return false
}

// isolate keeps a right-to-left name from reordering the line around it.
func isolate(s string) string {
	if rightToLeft(s) {
		return "\u2068" + s + "\u2069" // first strong isolate, pop
	}
	return s
}

// lowerFirst lowers a text's first letter, unless its first word shows by a
// second capital that it is a name.
func lowerFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	next, _ := utf8.DecodeRuneInString(s[n:])
	if unicode.IsUpper(next) {
		return s
	}
	return string(unicode.ToLower(r)) + s[n:]
}
