package digest_test

import (
	"testing"

	"standpoint/digest"
	"standpoint/digest/topic"
)

// Wishes of which an edition makes the same letter have one shape, and the full
// letter has none.
func TestShapeOfWishes(t *testing.T) {
	e := digest.Edition{Sections: []digest.Section{
		{Stance: "bind", Entries: []digest.Entry{{Item: 1, Stance: "bind", Outlet: "A"}, {Item: 2, Stance: "bind", Outlet: "B"}}},
		{Stance: "arm", Entries: []digest.Entry{{Item: 3, Stance: "arm", Outlet: "A"}}},
		{Stance: topic.Unsure, Entries: []digest.Entry{{Item: 4, Stance: "arm", Outlet: "C"}}},
	}}
	for _, c := range []struct {
		wish digest.Wish
		want string
	}{
		{digest.Wish{}, ""},
		{digest.Wish{Short: true}, "short"},
		{digest.Wish{Short: true, Stances: []topic.StanceKey{"bind", "arm"}}, "short"},
		{digest.Wish{Stances: []topic.StanceKey{"bind"}}, "++--"},
		{digest.Wish{Outlets: []string{"B"}, Stances: []topic.StanceKey{"bind", "settle"}}, "++--"},
		{digest.Wish{Outlets: []string{"A"}}, "+-+-"},
		{digest.Wish{Stances: []topic.StanceKey{"arm"}}, "--++"},
		{digest.Wish{Outlets: []string{"Nobody's"}}, "----"},
		{digest.Wish{Stances: []topic.StanceKey{"bind", "arm"}}, ""},
		{digest.Wish{Outlets: []string{"A", "B", "C"}}, ""},
	} {
		if got := c.wish.Shape(e); got != c.want {
			t.Errorf("%+v: %q, want %q", c.wish, got, c.want)
		}
	}
	e.Note = true
	if got := (digest.Wish{Short: true}).Shape(e); got != "" {
		t.Errorf("a note, which has one line for each piece, in another shape: %q", got)
	}
	if got := (digest.Wish{Short: true}).Shape(digest.Edition{}); got != "" {
		t.Errorf("an empty edition in another shape: %q", got)
	}
}
