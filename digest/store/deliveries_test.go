package store_test

import (
	"errors"
	"maps"
	"sync"
	"testing"
	"time"

	"standpoint/digest/store"
)

type counts = map[store.DeliveryState]int

func wantCount(t testing.TB, db *store.DB, want counts) {
	t.Helper()
	got, err := db.Deliveries(t.Context(), 1)
	must(t, err)
	if !maps.Equal(got, want) {
		t.Errorf("deliveries: %v, want %v", got, want)
	}
}

func claim(t testing.TB, db *store.DB, at time.Time) store.Delivery {
	t.Helper()
	d, err := db.Claim(t.Context(), store.Claim{Edition: 1}, at)
	must(t, err)
	return d
}

func settle(t testing.TB, db *store.DB, d store.Delivery, state store.DeliveryState, at, due time.Time) {
	t.Helper()
	must(t, db.Settle(t.Context(), store.Settlement{Delivery: d, State: state, Reply: "reply", Due: due}, at))
}

func wantNone(t testing.TB, db *store.DB, at time.Time) {
	t.Helper()
	if d, err := db.Claim(t.Context(), store.Claim{Edition: 1}, at); !errors.Is(err, store.ErrNoDelivery) {
		t.Errorf("claimed %+v, %v; want none", d, err)
	}
}

func finished(t testing.TB, db *store.DB, resend bool) bool {
	t.Helper()
	ok, err := db.Finish(t.Context(), 1, resend, hours(9))
	must(t, err)
	open, err := db.Unfinished(t.Context())
	must(t, err)
	if ok != (len(open) == 0) {
		t.Errorf("finished %v, unfinished editions %v", ok, open)
	}
	return ok
}

func TestDeliveriesAreClaimedOnce(t *testing.T) {
	t.Parallel()
	db := frozen(t, 3)
	seen := map[string]bool{}
	for range 3 {
		d := claim(t, db, hours(2))
		if seen[d.Address] || d.Attempts != 1 || d.Edition != 1 {
			t.Errorf("claimed %+v", d)
		}
		seen[d.Address] = true
	}
	wantNone(t, db, hours(2))
	wantCount(t, db, counts{store.HandingOver: 3})
	if finished(t, db, true) {
		t.Error("finished with letters on their way")
	}
	if _, err := db.Claim(t.Context(), store.Claim{Edition: 9}, hours(2)); !errors.Is(err, store.ErrNoDelivery) {
		t.Errorf("of an edition that is none: %v", err)
	}
}

func TestDeliveriesEnd(t *testing.T) {
	t.Parallel()
	db := frozen(t, 3)
	first := claim(t, db, hours(2))
	settle(t, db, first, store.Accepted, hours(2), time.Time{})
	if err := db.Settle(t.Context(), store.Settlement{Delivery: first, State: store.Refused}, hours(2)); err == nil {
		t.Error("an accepted letter was refused afterwards")
	}
	settle(t, db, claim(t, db, hours(2)), store.Refused, hours(2), time.Time{})
	third := claim(t, db, hours(2))
	settle(t, db, third, store.Deferred, hours(2), hours(3))
	must(t, db.Replan(t.Context(), 1, hours(3).Add(-time.Second)))
	wantNone(t, db, hours(3))
	if due, err := db.NextDue(t.Context(), 1, true); err != nil || !due.Equal(hours(3)) {
		t.Errorf("next due %v, %v", due, err)
	}
	if finished(t, db, true) {
		t.Error("finished with a deferred letter")
	}
	must(t, db.Replan(t.Context(), 1, hours(3)))
	again := claim(t, db, hours(3))
	if again.Subscriber != third.Subscriber || again.Attempts != 2 {
		t.Errorf("claimed %+v after %+v", again, third)
	}
	settle(t, db, again, store.Accepted, hours(3), time.Time{})
	wantCount(t, db, counts{store.Accepted: 2, store.Refused: 1})
	if due, err := db.NextDue(t.Context(), 1, true); err != nil || !due.IsZero() {
		t.Errorf("next due %v, %v", due, err)
	}
	if !finished(t, db, true) {
		t.Error("not finished")
	}
}

func TestReturnedAsIfNotClaimed(t *testing.T) {
	t.Parallel()
	db := frozen(t, 1)
	must(t, db.Return(t.Context(), claim(t, db, hours(2)), hours(2)))
	wantCount(t, db, counts{store.Planned: 1})
	d := claim(t, db, hours(2))
	if d.Attempts != 1 {
		t.Errorf("attempts %d", d.Attempts)
	}
	settle(t, db, d, store.Accepted, hours(2), time.Time{})
	must(t, db.Return(t.Context(), d, hours(2)))
	wantCount(t, db, counts{store.Accepted: 1})
}

func TestRecover(t *testing.T) {
	t.Parallel()
	for _, resend := range []bool{true, false} {
		db := frozen(t, 2)
		settle(t, db, claim(t, db, hours(2)), store.Accepted, hours(2), time.Time{})
		d := claim(t, db, hours(2)) // and the process dies
		left, err := db.Recover(t.Context(), 1, resend, hours(3))
		if err != nil || len(left) != 1 || left[0] != d.Subscriber {
			t.Errorf("left behind %v, %v; want %d", left, err, d.Subscriber)
		}
		if !resend {
			wantCount(t, db, counts{store.Accepted: 1, store.Unknown: 1})
			wantNone(t, db, hours(3))
			if !finished(t, db, false) {
				t.Error("an unknown letter that is only to be reported keeps the edition open")
			}
			continue
		}
		if d := claim(t, db, hours(3)); d.Attempts != 2 {
			t.Errorf("attempts %d", d.Attempts)
		}
	}
}

// recovered plans again what is due of the first edition, of which nothing was left behind.
func recovered(t *testing.T, db *store.DB, at time.Time) {
	t.Helper()
	if left, err := db.Recover(t.Context(), 1, true, at); err != nil || len(left) > 0 {
		t.Errorf("left behind %v, %v", left, err)
	}
}

// An unknown letter may have arrived: it is sent again, but not at once.
func TestUnknownWaitsItsTurn(t *testing.T) {
	t.Parallel()
	db := frozen(t, 1)
	settle(t, db, claim(t, db, hours(2)), store.Unknown, hours(2), hours(3))
	recovered(t, db, hours(2))
	wantNone(t, db, hours(2))
	if due, err := db.NextDue(t.Context(), 1, true); err != nil || !due.Equal(hours(3)) {
		t.Errorf("next due %v, %v", due, err)
	}
	if due, err := db.NextDue(t.Context(), 1, false); err != nil || !due.IsZero() {
		t.Errorf("next due without resending %v, %v", due, err)
	}
	if finished(t, db, true) {
		t.Error("finished with a letter that is to be sent again")
	}
	recovered(t, db, hours(3))
	claim(t, db, hours(3))
}

func TestGiveUp(t *testing.T) {
	t.Parallel()
	db := frozen(t, 4) // at hour 1
	settle(t, db, claim(t, db, hours(2)), store.Deferred, hours(2), hours(3))
	settle(t, db, claim(t, db, hours(2)), store.Unknown, hours(2), time.Time{})
	settle(t, db, claim(t, db, hours(2)), store.Accepted, hours(2), time.Time{})
	giveUp := func(before, at time.Time, want int) {
		t.Helper()
		if n, err := db.GiveUp(t.Context(), 1, before, at); err != nil || n != want {
			t.Errorf("gave up %d, %v; want %d", n, err, want)
		}
	}
	giveUp(hours(1), hours(5), 0)
	wantCount(t, db, counts{store.Deferred: 1, store.Unknown: 1, store.Accepted: 1, store.Planned: 1})
	giveUp(hours(1).Add(time.Second), hours(80), 2)
	// Who was never tried is not given up: that was our fault.
	wantCount(t, db, counts{store.Refused: 2, store.Accepted: 1, store.Planned: 1})
}

func TestReadersWhoLeftAreDropped(t *testing.T) {
	t.Parallel()
	db := frozen(t, 5)
	settle(t, db, claim(t, db, hours(2)), store.Deferred, hours(2), hours(3))
	must(t, db.SyncSubscribers(t.Context(), listed(store.FromConfig, "reader3@example.org", "reader9@example.org"), hours(2)))
	must(t, db.Replan(t.Context(), 1, hours(4)))
	if d := claim(t, db, hours(4)); d.Address != "reader3@example.org" {
		t.Errorf("claimed %+v", d)
	} else {
		settle(t, db, d, store.Accepted, hours(4), time.Time{})
	}
	wantNone(t, db, hours(4))
	wantCount(t, db, counts{store.Accepted: 1, store.Dropped: 4})
	if !finished(t, db, true) {
		t.Error("not finished")
	}
}

func TestConcurrentClaims(t *testing.T) {
	t.Parallel()
	const rows = 500
	db := frozen(t, rows)
	var mu sync.Mutex
	claimed := map[int64]int{}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for {
				d, err := db.Claim(t.Context(), store.Claim{Edition: 1}, hours(2))
				if errors.Is(err, store.ErrNoDelivery) {
					return
				}
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				claimed[d.Subscriber]++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(claimed) != rows {
		t.Errorf("%d claimed of %d", len(claimed), rows)
	}
	for id, n := range claimed {
		if n != 1 {
			t.Errorf("subscriber %d was claimed %d times", id, n)
		}
	}
}
