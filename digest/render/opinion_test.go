package render

import (
	"strings"
	"testing"

	"standpoint/digest/stance"
)

// TestSecondOpinionIsSaid: a reader of either part sees that a language model had
// a say in a label, and of no other label.
func TestSecondOpinionIsSaid(t *testing.T) {
	for by, want := range map[stance.By]int{stance.ByLLM: 1, stance.ByModel: 0, stance.ByOperator: 0} {
		e := full(t)
		e.Sections[0].Entries[0].By, e.Sections[0].Entries[0].Doubt = by, stance.Leaning
		letter := render(t, e)
		for part, text := range map[string]string{"HTML": letter.HTML, "text": letter.Text} {
			if n := strings.Count(strings.Join(strings.Fields(text), " "), "second opinion by a language model"); n != want {
				t.Errorf("by %s, %s: said %d times, want %d", by, part, n, want)
			}
		}
	}
}
