package digest

import (
	"cmp"
	"slices"

	"standpoint/digest/stance"
	"standpoint/digest/topic"
)

// StartRule says in readers' words how the pieces of Edition.Start are chosen.
const StartRule = "“Start here” names one piece of each camp that has any, and one rule chooses for all camps: " +
	"a piece that could be read whole goes before one that is known by its title, its teaser or the part before a paywall; " +
	"then a piece whose label is sure goes before one that leans; then the newest goes first; then the title decides, by the alphabet. " +
	"Pieces that take no side and pieces that are not sorted are not chosen from. " +
	"The camp that is named first is the next one in each edition, so that none is always first."

// start picks a piece of each camp that has any, by StartRule.
func start(e Edition) []int64 {
	var out []int64
	for _, camp := range turn(e, 0) {
		if len(camp.Entries) > 0 {
			out = append(out, slices.MinFunc(camp.Entries, firstToRead).Item)
		}
	}
	return out
}

// turn returns the camps' sections in the order in which they come in this
// edition: each edition begins one camp later, so that each camp is as often
// first. Places shifts the beginning further.
func turn(e Edition, places int) []Section {
	camps := slices.DeleteFunc(slices.Clone(e.Sections), func(s Section) bool { return s.Neutral || s.Stance == topic.Unsure })
	if len(camps) == 0 {
		return nil
	}
	first := (max(e.Number-1, 0) + places) % len(camps)
	return slices.Concat(camps[first:], camps[:first])
}

// firstToRead orders entries by StartRule. The piece's number keeps the order of
// two with one title from depending on chance.
func firstToRead(a, b Entry) int {
	return cmp.Or(
		cmp.Compare(inPart(a), inPart(b)),
		cmp.Compare(leans(a), leans(b)),
		b.Published.Compare(a.Published),
		cmp.Compare(a.Title, b.Title),
		cmp.Compare(a.Item, b.Item),
	)
}

// inPart is 1 for a piece that was not judged from its whole text.
func inPart(e Entry) int {
	if e.Basis == stance.BasisPage || e.Basis == stance.BasisFeed {
		return 0
	}
	return 1
}

func leans(e Entry) int {
	if e.Doubt == stance.Sure {
		return 0
	}
	return 1
}
