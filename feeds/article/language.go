package article

import "standpoint/feeds/language"

// guessLanguage is the language of a text whose page names none, as a primary
// tag of BCP 47; empty when it cannot be told.
func guessLanguage(text string) string { return language.New().Of(text) }
