package render

import (
	"strings"

	"standpoint/digest"
)

// heed makes of a letter's view what its reader asked for: pieces that were not
// asked for have one line each, in their order under their own stance. What stands
// above the pieces is everybody's.
func (v *letterView) heed(e digest.Edition, w digest.Wish) {
	if w.Whole(e) {
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
	choice, how := "choice_some", "choice_reply"
	if w.Short {
		choice = "choice_short"
	}
	if strings.HasPrefix(v.Leave.URL, "https://") {
		how = "choice_web"
	}
	html, text := paragraphs(sentence(v.speak.say(choice, nil), v.speak.say(how, nil)))
	v.Choice, v.ChoiceText = html[0], text[0]
}
