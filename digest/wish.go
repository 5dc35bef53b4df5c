package digest

import (
	"slices"

	"standpoint/digest/topic"
)

// English is the language of letters whose readers chose none.
const English = "en"

// Wish is what a reader asked the letter to be like. The zero Wish is the full
// letter in English. Whatever a wish says, every piece of the edition is in the letter: a
// wish decides which ones are shown in full, never which ones a reader hears of.
type Wish struct {
	// Short shows every piece in one line.
	Short bool `json:"short,omitempty"`
	// Stances and Outlets are what the reader wants in full; a piece of either is.
	// Both empty: no preference.
	Stances []topic.StanceKey `json:"stances,omitempty"`
	Outlets []string          `json:"outlets,omitempty"` // names, as the sources have them
	// Language is that of the letter's own words, a tag of BCP 47; empty: English
	Language string `json:"-"`
}

// Full says that the reader chose nothing of what is shown in full.
func (w Wish) Full() bool { return !w.Short && len(w.Stances) == 0 && len(w.Outlets) == 0 }

// Shape names the letter that the wish makes of an edition: wishes of one shape
// make the same letter. It is empty where that is the full one in English.
func (w Wish) Shape(e Edition) string {
	if w.Language == "" || w.Language == English {
		return w.shape(e)
	}
	return w.Language + " " + w.shape(e)
}

// Whole says that the wish shows an edition as it is.
func (w Wish) Whole(e Edition) bool { return w.shape(e) == "" }

func (w Wish) shape(e Edition) string {
	if w.Full() || e.Note {
		return ""
	}
	var shape []byte
	for _, s := range e.Sections {
		for _, en := range s.Entries {
			if w.Wants(en) {
				shape = append(shape, '+')
			} else {
				shape = append(shape, '-')
			}
		}
	}
	switch {
	case !slices.Contains(shape, '-'):
		return ""
	case w.Short:
		return "short"
	}
	return string(shape)
}

// Wants says whether a piece is one that the reader wants in full.
func (w Wish) Wants(e Entry) bool {
	if w.Short {
		return false
	}
	return len(w.Stances) == 0 && len(w.Outlets) == 0 || slices.Contains(w.Stances, e.Stance) || slices.Contains(w.Outlets, e.Outlet)
}
