package article

import (
	"strings"
	"unicode/utf8"

	"github.com/abadojack/whatlanggo"
)

// Lengths of the text by which a language is guessed: fewer runes say too
// little, more bytes say nothing new.
const (
	guessFrom = 300
	guessUpTo = 800
)

// guessLanguage is the ISO 639-1 code of a text's language, empty when the text
// is short or the guess unsure.
func guessLanguage(text string) string {
	if utf8.RuneCountInString(text) < guessFrom {
		return ""
	}
	if len(text) > guessUpTo {
		text = strings.ToValidUTF8(text[:guessUpTo], "")
	}
	info := whatlanggo.Detect(text)
	if !info.IsReliable() {
		return ""
	}
	return info.Lang.Iso6391()
}
