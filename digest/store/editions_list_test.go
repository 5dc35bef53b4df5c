package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"standpoint/digest/store"
)

func standings(t testing.TB, db *store.DB, state store.DeliveryState, limit int) []store.Standing {
	t.Helper()
	var out []store.Standing
	for s, err := range db.Standings(t.Context(), 1, state, limit) {
		must(t, err)
		out = append(out, s)
	}
	return out
}

func TestEditionsAndStandings(t *testing.T) {
	t.Parallel()
	db := frozen(t, 5)
	for _, state := range []store.DeliveryState{store.Accepted, store.Refused, store.Refused} {
		settle(t, db, claim(t, db, hours(2)), state, hours(2), time.Time{})
	}
	settle(t, db, claim(t, db, hours(2)), store.Deferred, hours(2), hours(3))
	all, err := db.Editions(t.Context())
	must(t, err)
	want := store.EditionState{Number: 1, Frozen: hours(1)}
	want.Window.From, want.Window.To = start, hours(1)
	want.Deliveries = counts{store.Accepted: 1, store.Refused: 2, store.Deferred: 1, store.Planned: 1}
	if len(all) != 1 || fmt.Sprint(all[0]) != fmt.Sprint(want) {
		t.Errorf("editions %+v, want %+v", all, want)
	}
	if _, err := db.EditionState(t.Context(), 2); !errors.Is(err, store.ErrNoEdition) {
		t.Errorf("edition 2: %v", err)
	}
	d := standings(t, db, store.Deferred, 0)
	if len(d) != 1 || d[0] != (store.Standing{Subscriber: 4, State: store.Deferred, Attempts: 1, Reply: "reply", Changed: hours(2), Due: hours(3)}) {
		t.Errorf("deferred %+v", d)
	}
	if r := standings(t, db, store.Refused, 1); len(r) != 1 || r[0].Subscriber != 2 {
		t.Errorf("the first that was refused: %+v", r)
	}
	if n := len(standings(t, db, store.Unknown, 0)); n != 0 {
		t.Errorf("%d unknown", n)
	}
}

// What the operator settles concerns unknown letters alone, those of a process
// that died among them; what was accepted stays so.
func TestSettleUnknown(t *testing.T) {
	t.Parallel()
	for _, accepted := range []bool{true, false} {
		db := frozen(t, 4)
		settle(t, db, claim(t, db, hours(2)), store.Accepted, hours(2), time.Time{})
		settle(t, db, claim(t, db, hours(2)), store.Refused, hours(2), time.Time{})
		settle(t, db, claim(t, db, hours(2)), store.Unknown, hours(2), hours(9))
		claim(t, db, hours(2)) // and the process dies
		n, err := db.SettleUnknown(t.Context(), 1, accepted, hours(3))
		if err != nil || n != 2 {
			t.Fatalf("%d settled, %v", n, err)
		}
		if accepted {
			wantCount(t, db, counts{store.Accepted: 3, store.Refused: 1})
			if a := standings(t, db, store.Accepted, 0); a[1].Reply != store.Judged+"reply" {
				t.Errorf("the record says %q", a[1].Reply)
			}
			if !finished(t, db, true) {
				t.Error("not finished")
			}
			continue
		}
		wantCount(t, db, counts{store.Accepted: 1, store.Refused: 1, store.Planned: 2})
		if d := claim(t, db, hours(3)); d.Attempts != 2 {
			t.Errorf("claimed %+v", d)
		}
	}
	if _, err := frozen(t, 1).SettleUnknown(t.Context(), 7, true, hours(3)); !errors.Is(err, store.ErrNoEdition) {
		t.Errorf("edition 7: %v", err)
	}
}

// An edition that was finished, since unknown letters were only to be reported, is
// open again when they are to be sent again.
func TestSettleUnknownOpensAgain(t *testing.T) {
	t.Parallel()
	db := frozen(t, 1)
	settle(t, db, claim(t, db, hours(2)), store.Unknown, hours(2), time.Time{})
	if !finished(t, db, false) {
		t.Fatal("not finished")
	}
	if _, err := db.SettleUnknown(t.Context(), 1, false, hours(3)); err != nil {
		t.Fatal(err)
	}
	if open, err := db.Unfinished(t.Context()); err != nil || len(open) != 1 {
		t.Errorf("unfinished %v, %v", open, err)
	}
}
