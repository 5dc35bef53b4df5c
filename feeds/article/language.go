package article

import (
	"strings"
	"unicode/utf8"

	"github.com/abadojack/whatlanggo"
)

// Runes of a text by which its language is guessed: fewer say too little, more
// say nothing new.
const (
	guessFrom = 300
	guessUpTo = 3000
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
