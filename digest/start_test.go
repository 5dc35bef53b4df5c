package digest_test

import (
	"slices"
	"testing"

	"standpoint/digest"
	"standpoint/digest/stance"
)

func TestStartFollowsItsRule(t *testing.T) {
	for _, each := range []struct {
		name   string
		change func(first, second *digest.Candidate) // so that the second is chosen
	}{
		{"the whole text before a teaser", func(a, _ *digest.Candidate) { a.Basis = stance.BasisTeaser }},
		{"the whole text before a title", func(a, b *digest.Candidate) { a.Basis, b.Basis = stance.BasisTitle, stance.BasisFeed }},
		{"the whole text, though it leans and is older", func(a, b *digest.Candidate) { a.Basis, b.Verdict.Doubt = stance.BasisPaywall, stance.Leaning }},
		{"the sure one, though it is older", func(a, _ *digest.Candidate) { a.Verdict.Doubt = stance.Leaning }},
		{"the newer", func(a, b *digest.Candidate) { b.Published = a.Published.AddDate(0, 0, 1) }},
		{"the dated", func(a, b *digest.Candidate) { a.Published = a.Published.AddDate(-9000, 0, 0) }},
		{"the title", func(a, b *digest.Candidate) { b.Published, a.Title, b.Title = a.Published, "B", "A" }},
	} {
		t.Run(each.name, func(t *testing.T) {
			a, b := piece(1, "arm", stance.Sure), piece(2, "arm", stance.Sure) // the first is newer by an hour
			each.change(&a, &b)
			if e := compose(t, a, b); !slices.Equal(e.Start, []int64{2}) {
				t.Errorf("starts with %v", e.Start)
			}
		})
	}
}

// A camp that has only teasers is not left out for that.
func TestStartNamesEachCampWithPieces(t *testing.T) {
	teaser := piece(4, "settle", stance.Leaning)
	teaser.Basis = stance.BasisTeaser
	candidates := []digest.Candidate{
		piece(1, "bind", stance.Sure), piece(2, "deploy", stance.Sure), piece(3, "arm", stance.Sure), teaser,
		piece(5, "survey", stance.Sure), piece(6, "bind", stance.Unsure),
	}
	for number, want := range map[int][]int64{1: {1, 2, 3, 4}, 2: {2, 3, 4, 1}, 3: {3, 4, 1, 2}, 4: {4, 1, 2, 3}, 5: {1, 2, 3, 4}, 0: {1, 2, 3, 4}} {
		e, _ := digest.Compose(pack(t), draftOf(number), candidates)
		if !slices.Equal(e.Start, want) {
			t.Errorf("edition %d starts with %v, want %v", number, e.Start, want)
		}
		e, _ = digest.Compose(pack(t), draftOf(number), candidates[4:])
		if e.Start != nil {
			t.Errorf("edition %d without a camp starts with %v", number, e.Start)
		}
	}
}
