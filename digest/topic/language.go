package topic

import (
	"slices"
	"strings"
)

// usualLanguage is that of packs that name none: words are stemmed and frames
// are written for English.
const usualLanguage = "en"

// surelyTells is how many bytes tell a language when they are in the pack's own;
// all are looked at before a piece is left out.
const surelyTells = 3000

// OtherLanguage returns the language of a piece, as a primary tag of BCP 47, if
// it is not the pack's: such a piece is not judged. It is empty for pieces in the
// pack's language, for mixed ones, and where title and text are too short to
// tell.
func (p *Pack) OtherLanguage(title, text string) string {
	if p.languages.Of(title+"\n"+text[:min(len(text), surelyTells)]) == p.Language {
		return ""
	}
	if tag := p.languages.Of(title + "\n" + text); tag != p.Language {
		return tag
	}
	return ""
}

// Prose says whether a text reads as somebody wrote it. Confidence was learned
// from such texts and means nothing for others.
func (p *Pack) Prose(text string) bool { return p.languages.Prose(text) }

func (p *Pack) checkLanguage(c *complaints) {
	if tags := p.languages.Tags(); !slices.Contains(tags, p.Language) {
		c.add("language:", 0, "language %q: want one of %s", p.Language, strings.Join(tags, ", "))
	}
}
