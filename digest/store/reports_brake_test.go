package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"standpoint/digest/store"
)

// bounce reports a reader of edition 1 as gone.
func bounce(t testing.TB, db *store.DB, reader int64, at time.Time) store.Recorded {
	t.Helper()
	got, err := db.RecordReport(t.Context(), store.Report{
		ID: fmt.Sprintf("%d at %v", reader, at), Kind: store.ReportHard, Edition: 1, Subscriber: reader, Status: "5.1.1", Detail: "no such user", At: at,
	}, 3)
	must(t, err)
	return got
}

func states(t testing.TB, db *store.DB) map[string]int {
	t.Helper()
	out := map[string]int{}
	for s, err := range db.Subscribers(t.Context()) {
		must(t, err)
		out[s.State]++
	}
	return out
}

func wantStates(t testing.TB, db *store.DB, want map[string]int) {
	t.Helper()
	if got := states(t, db); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("states %v, want %v", got, want)
	}
}

// Many readers of one edition who are gone at once are not believed, nor those before
// them; the operator hears of it once, and can say that it is so.
func TestBrake(t *testing.T) {
	t.Parallel()
	db := open(t, t.TempDir())
	readers(t, db, 20)
	sent(t, db, 1)
	for id := range int64(5) {
		if got := bounce(t, db, id+1, hours(9)); !got.Suppressed {
			t.Errorf("bounce %d: %+v", id, got)
		}
	}
	_, err := db.Suppress(t.Context(), store.Suppression{Address: "reader0@example.org", Reason: store.ReasonLeft, At: hours(9)})
	must(t, err)
	_, err = db.PauseReader(t.Context(), 20)
	must(t, err)
	if got := bounce(t, db, 6, hours(10)); got != (store.Recorded{Held: true, Pulled: true}) {
		t.Errorf("the sixth: %+v", got)
	}
	if got := bounce(t, db, 7, hours(99)); got != (store.Recorded{Held: true}) {
		t.Errorf("the seventh: %+v", got)
	}
	wantStates(t, db, map[string]int{"active": 18, "left": 1, "paused": 1})
	if held, err := db.BouncesHeld(t.Context(), 1); !held || err != nil {
		t.Errorf("held: %v, %v", held, err)
	}
	if all, err := db.Untold(t.Context()); err != nil || len(all) != 1 || all[0].Subject != "hard bounces of edition 1 are held back" {
		t.Errorf("alerts %+v, %v", all, err)
	}

	if n, err := db.ApplyBounces(t.Context(), 1, hours(100)); n != 6 || err != nil { // who left has left
		t.Errorf("%d suppressed, %v", n, err)
	}
	wantStates(t, db, map[string]int{"active": 12, "bounced": 6, "left": 1, "paused": 1})
	if got := bounce(t, db, 8, hours(100)); !got.Suppressed {
		t.Errorf("after it was applied: %+v", got)
	}
	for _, edition := range []int{1, 2} {
		if _, err := db.ApplyBounces(t.Context(), edition, hours(101)); !errors.Is(err, store.ErrNotHeld) {
			t.Errorf("applied again: %v", err)
		}
	}
}

// Who left elsewhere stays away, though a bounce here is taken back later.
func TestBrakeRevivesNobodyWhoLeftElsewhere(t *testing.T) {
	t.Parallel()
	db := open(t, t.TempDir())
	readers(t, db, 20)
	sent(t, db, 1)
	for id := range int64(5) {
		bounce(t, db, id+1, hours(9))
	}
	left := in("reader0@example.org", "")
	left.Reason, left.Since = store.ReasonLeft, hours(8)
	if im := imports(t, db, left); im.Count[store.ImportSuppressed] != 1 {
		t.Errorf("imported: %+v", im)
	}
	wantStates(t, db, map[string]int{"active": 15, "bounced": 4, "left": 1})
	if got := bounce(t, db, 6, hours(10)); !got.Pulled {
		t.Errorf("the sixth: %+v", got)
	}
	wantStates(t, db, map[string]int{"active": 19, "left": 1})
}

// Who confirmed since takes mail, whatever was reported before.
func TestAppliedBouncesAreOlderThanALaterWord(t *testing.T) {
	t.Parallel()
	db := open(t, t.TempDir())
	readers(t, db, 20)
	sent(t, db, 1)
	for id := range int64(5) {
		bounce(t, db, id+1, hours(9))
	}
	ask(t, db, "reader0@example.org", hours(10))
	confirm(t, db, 1, hours(11), store.RequestDone)
	if got := bounce(t, db, 6, hours(12)); !got.Pulled {
		t.Errorf("the sixth: %+v", got)
	}
	if n, err := db.ApplyBounces(t.Context(), 1, hours(13)); n != 5 || err != nil {
		t.Errorf("%d suppressed, %v", n, err)
	}
	if s, _, err := db.SubscriberAt(t.Context(), "reader0@example.org"); err != nil || s.State != "active" {
		t.Errorf("who confirmed: %+v, %v", s, err)
	}
}

// What dead addresses there are on a list is believed: a share of it, whatever their
// number, a few of a small one, and any number over the days.
func TestBrakeLetsPass(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		readers, bounces int
		every            time.Duration
	}{
		"a quarter of many":      {100, 25, time.Minute},
		"all of a handful":       {5, 5, time.Minute},
		"all, one after another": {12, 12, 6 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			db := open(t, t.TempDir())
			readers(t, db, c.readers)
			sent(t, db, 1)
			for i := range c.bounces {
				if got := bounce(t, db, int64(i+1), hours(9).Add(time.Duration(i)*c.every)); !got.Suppressed {
					t.Errorf("bounce %d: %+v", i, got)
				}
			}
		})
	}
}
