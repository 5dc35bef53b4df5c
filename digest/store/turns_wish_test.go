package store_test

import (
	"slices"
	"testing"

	"standpoint/digest"
	"standpoint/digest/store"
	"standpoint/digest/topic"
)

// A delivery follows what its reader wishes when it is claimed; a wish that cannot
// be read keeps no letter back.
func TestClaimKnowsTheWish(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db := open(t, dir)
	must(t, db.SyncSubscribers(t.Context(), listed(store.FromConfig, "a@a.example", "b@b.example", "c@c.example"), hours(0)))
	_, err := db.Freeze(t.Context(), edition(1, hours(0), hours(1)), nil, hours(1))
	must(t, err)
	wish := digest.Wish{Stances: []topic.StanceKey{"arm", "bind"}, Outlets: []string{"An Institute"}, Language: "de"}
	must(t, db.Choose(t.Context(), 1, "", wish))
	if n, err := raw(t, dir).Exec(`UPDATE subscribers SET wish = '{"short":' WHERE id = 2`); err != nil {
		t.Fatal(n, err)
	}
	for _, want := range []digest.Wish{wish, {}, {}} {
		d, err := db.Claim(t.Context(), store.Claim{Edition: 1}, hours(2))
		must(t, err)
		if d.Wish.Short != want.Short || !slices.Equal(d.Wish.Stances, want.Stances) || !slices.Equal(d.Wish.Outlets, want.Outlets) || d.Wish.Language != want.Language {
			t.Errorf("subscriber %d: %+v, want %+v", d.Subscriber, d.Wish, want)
		}
	}
}
