package digest

import (
	"slices"

	"standpoint/digest/topic"
)

// Wish is what a reader asked the letter to be like. The zero Wish is the full
// letter. Whatever a wish says, every piece of the edition is in the letter: a
// wish decides which ones are shown in full, never which ones a reader hears of.
type Wish struct {
	// Short shows every piece in one line.
	Short bool `json:"short,omitempty"`
	// Stances and Outlets are what the reader wants in full; a piece of either is.
	// Both empty: no preference.
	Stances []topic.StanceKey `json:"stances,omitempty"`
	Outlets []string          `json:"outlets,omitempty"` // names, as the sources have them
}

// None says that the reader asked for nothing special.
func (w Wish) None() bool { return !w.Short && len(w.Stances) == 0 && len(w.Outlets) == 0 }

// Shape names the letter that the wish makes of an edition: wishes of one shape
// make the same letter. It is empty where that is the full one.
func (w Wish) Shape(e Edition) string {
	if w.None() || e.Note {
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
