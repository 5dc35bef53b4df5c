package main

import (
	"testing"
	"time"

	"standpoint/digest/store"
)

// What was corrected as a copy is undone as one, though no edition has the two any
// more and their addresses say nothing of each other.
func TestCorrectableWithItsCopies(t *testing.T) {
	t.Parallel()
	now := nextMonday().Add(-time.Hour)
	o, _, _, _ := drafting(t, &now, "required")
	e, err := o.worker.Store.Edition(t.Context(), 1)
	check(t, err)
	var rulings []store.Ruling
	var address string
	for _, s := range e.Sections {
		for _, en := range s.Entries {
			r := store.Ruling{Correction: store.Correction{Item: en.Item, Who: "me", At: now, Why: "another war"}}
			if len(rulings) > 0 {
				r.Lead = rulings[0].Item
			} else {
				address = en.URL
			}
			rulings = append(rulings, r)
		}
	}
	check(t, o.worker.Store.Correct(t.Context(), rulings))
	found, err := o.correctable(t.Context(), address)
	check(t, err)
	if len(found) != len(rulings) || len(found) < 2 {
		t.Errorf("%d of %d", len(found), len(rulings))
	}
}
