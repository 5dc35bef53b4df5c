package stance

import (
	"slices"
	"testing"
)

// TestContrary finds the sentence that does not fit the verdict.
func TestContrary(t *testing.T) {
	c := classifier(t)
	const against = "In the end Ukraine should nevertheless be admitted to NATO, and the alliance must ratify its accession."
	text := "Nobody is going to fight for Ukraine. Its own army is its guarantee, so arm it: missiles, drones, artillery, air defence, and money for its defence industry for twenty years. It must be able to defend itself. Long-term arms supplies are the best protection there is. " + against
	v := c.Classify("Give them the tools", text)
	if v.Stance != "arm" || v.Contrary == nil || v.Contrary.Text != against {
		t.Errorf("%s, contrary %v; want arm, and %q", v.Stance, v.Contrary, against)
	}
	checkQuotes(t, text, v)
	for _, other := range []string{
		"The harvest was good, and the trains to Lviv were on time for once.",
		"Should Ukraine be admitted to NATO, as so many people demand these days?",
		"Critics argue that Ukraine should be admitted to NATO at once, whatever Moscow says.",
	} {
		text := "Nobody is going to fight for Ukraine. Its own army is its guarantee, so arm it: missiles, drones, artillery and air defence. It must be able to defend itself. " + other
		if v := c.Classify("Give them the tools", text); v.Contrary != nil && v.Contrary.Text == other {
			t.Errorf("%q is taken for the author's word to the contrary", other)
		}
	}
}

// TestContraryIsNoEvidence holds over all pieces that there are.
func TestContraryIsNoEvidence(t *testing.T) {
	skipComputing(t)
	found := 0
	for _, p := range everyPiece(t) {
		v := p.verdict
		if v.Contrary == nil {
			continue
		}
		found++
		if slices.Contains(v.Evidence, *v.Contrary) {
			t.Errorf("%s: %q is evidence, too", p.id, v.Contrary.Text)
		}
		if !v.Relevant {
			t.Errorf("%s is not relevant", p.id)
		}
	}
	if found < 10 {
		t.Errorf("%d pieces have a sentence to the contrary", found)
	}
}
