package render

import (
	"strings"

	"standpoint/digest"
)

// heed makes of a letter's view what its reader asked for: pieces that were not
// asked for have one line each, in their order under their own stance. What stands
// above the pieces is everybody's.
func (v *letterView) heed(e digest.Edition, w digest.Wish) {
	if w.Shape(e) == "" {
		return
	}
	unasked := map[int64]bool{}
	for _, s := range e.Sections {
		for _, en := range s.Entries {
			unasked[en.Item] = !w.Wants(en)
		}
	}
	for _, sections := range [][]sectionView{v.Sections, v.Unsorted} {
		for _, s := range sections {
			for i := range s.Entries {
				s.Entries[i].line = unasked[s.Entries[i].item]
			}
		}
	}
	choice := "Your choice: pieces that you did not ask for have one line each."
	if w.Short {
		choice = "Your choice: the short letter, with one line for each piece."
	}
	how := " To change it, reply to this letter."
	if strings.HasPrefix(v.Leave.URL, "https://") {
		how = " To change it, open the link for leaving; your choices are on its page, too."
	}
	html, text := paragraphs(choice + how)
	v.Choice, v.ChoiceText = html[0], text[0]
}
