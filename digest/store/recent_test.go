package store_test

import (
	"testing"
	"time"

	"standpoint/digest"
)

func TestRecent(t *testing.T) {
	t.Parallel()
	db := frozen(t, 1)
	for n := 2; n <= 6; n++ {
		_, err := db.Freeze(t.Context(), edition(n, hours(n-1), hours(n)), nil, hours(n))
		must(t, err)
	}
	for n, want := range map[int][]int{0: nil, 1: {6}, 4: {6, 5, 4, 3}, 99: {6, 5, 4, 3, 2, 1}} {
		got, err := db.Recent(t.Context(), n)
		must(t, err)
		if len(got) != len(want) {
			t.Fatalf("%d editions, want %d", len(got), len(want))
		}
		for i, e := range got {
			if e.Number != want[i] || e.Topic != "Topic" {
				t.Errorf("edition %d is %+v", i, e)
			}
		}
	}
	if got, err := open(t, t.TempDir()).Recent(t.Context(), 4); err != nil || got != nil {
		t.Errorf("of an empty store: %v, %v", got, err)
	}
}

// A window takes up those of weeks that were held over, and no other.
func TestHeldWindowsBecomeOne(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db := open(t, dir)
	readers(t, db, 1)
	wantLast := func(edition, cutoff time.Time) {
		t.Helper()
		last, err := db.LastEdition(t.Context())
		must(t, err)
		to, _, err := db.LastCutoff(t.Context())
		must(t, err)
		if !last.Equal(edition) || !to.Equal(cutoff) {
			t.Errorf("last edition until %v, cut-off %v; want %v, %v", last, to, edition, cutoff)
		}
	}
	wantLast(time.Time{}, time.Time{})
	must(t, db.RecordQuiet(t.Context(), digest.Window{From: start, To: hours(1)}, nil))
	wantLast(start, hours(1))
	must(t, db.RecordQuiet(t.Context(), digest.Window{From: start, To: hours(2)}, nil))
	wantLast(start, hours(2))
	_, err := db.Freeze(t.Context(), edition(1, start, hours(3)), nil, hours(3))
	must(t, err)
	wantLast(hours(3), hours(3))
	must(t, db.RecordQuiet(t.Context(), digest.Window{From: hours(3), To: hours(4)}, nil))
	must(t, db.RecordQuiet(t.Context(), digest.Window{From: hours(4), To: hours(5)}, nil))
	wantLast(hours(3), hours(5))
	// Of the weeks before the window begins, nothing is forgotten.
	_, err = db.Freeze(t.Context(), edition(2, hours(5), hours(6)), nil, hours(6))
	must(t, err)
	if n := number(t, raw(t, dir), `SELECT count(*) FROM windows`); n != 4 {
		t.Errorf("%d windows", n)
	}
}
