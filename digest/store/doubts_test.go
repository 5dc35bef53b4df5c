package store_test

import (
	"testing"

	"standpoint/digest/store"
)

// A refusal that is written down after another letter has settled the doubt is in
// doubt no more.
func TestDoubtThatIsSettledAlready(t *testing.T) {
	t.Parallel()
	for name, believed := range map[string]bool{"settled": true, "open": false} {
		t.Run(name, func(t *testing.T) {
			db := frozen(t, 2)
			s := store.Settlement{Delivery: claim(t, db, hours(2)), State: store.Refused, Reply: "550 5.1.1 no such user", Doubt: store.DoubtAddress}
			if believed {
				must(t, db.Believe(t.Context(), []store.Settlement{s}, hours(2)))
			}
			must(t, db.Settle(t.Context(), s, hours(2)))
			doubts, err := db.Doubted(t.Context(), 1)
			if err != nil || (len(doubts) == 0) != believed {
				t.Errorf("in doubt: %v, %v", doubts, err)
			}
		})
	}
}
