package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"standpoint/digest"
	"standpoint/digest/store"
)

func slot(wall string, at time.Time) store.Slot {
	return store.Slot{Job: "publish", Wall: wall, Zone: "UTC", At: at, State: store.SlotDue}
}

func TestSlotsAreNotedOnce(t *testing.T) {
	t.Parallel()
	ctx, db := t.Context(), open(t, t.TempDir())
	if m, err := db.SlotMark(ctx, "publish"); err != nil || m != (store.SlotMark{}) {
		t.Errorf("before the first: %+v, %v", m, err)
	}
	a, b, c := slot("a", hours(1)), slot("b", hours(2)), slot("c", hours(3))
	mark := store.SlotMark{Spec: "7 7 * * 1", Zone: "UTC", At: hours(2)}
	must(t, db.NoteSlots(ctx, "publish", []store.Slot{a, b}, mark))
	a.State, a.Edition, a.Attempts, a.Settled, a.Why = store.SlotServed, 7, 2, hours(2), "why"
	must(t, db.RecordSlots(ctx, a))
	mark.At = hours(3)
	must(t, db.NoteSlots(ctx, "publish", []store.Slot{a, b, c}, mark)) // known ones stay as they are
	must(t, db.NoteSlots(ctx, "other", []store.Slot{c}, mark))
	if m, err := db.SlotMark(ctx, "publish"); err != nil || m != mark {
		t.Errorf("mark %+v, %v", m, err)
	}
	due, err := db.DueSlots(ctx, "publish")
	if diff := cmp.Diff([]store.Slot{b, c}, due); err != nil || diff != "" {
		t.Errorf("%v, due:\n%s", err, diff)
	}
	last, err := db.LastSlots(ctx, "publish", 2)
	if diff := cmp.Diff([]store.Slot{c, b}, last); err != nil || diff != "" {
		t.Errorf("%v, last:\n%s", err, diff)
	}
	if all, err := db.LastSlots(ctx, "publish", 9); err != nil || len(all) != 3 || !cmp.Equal(all[2], a) {
		t.Errorf("%v, all: %+v", err, all)
	}
}

// What was noted while the clock was ahead comes again, unless it gave something.
func TestSlotsOfAClockThatWasAhead(t *testing.T) {
	t.Parallel()
	ctx, db := t.Context(), open(t, t.TempDir())
	all := []store.Slot{slot("served", hours(1)), slot("failed", hours(2)), slot("missed", hours(3)), slot("covered", hours(4)), slot("due", hours(5)), slot("early", hours(-1))}
	must(t, db.NoteSlots(ctx, "publish", all, store.SlotMark{At: hours(6)}))
	for i, s := range []store.SlotState{store.SlotServed, store.SlotFailed, store.SlotMissed, store.SlotCovered, store.SlotDue, store.SlotMissed} {
		all[i].State = s
	}
	must(t, db.RecordSlots(ctx, all...))
	must(t, db.NoteSlots(ctx, "publish", nil, store.SlotMark{At: hours(0)}))
	left, err := db.LastSlots(ctx, "publish", 9)
	if diff := cmp.Diff([]store.Slot{all[1], all[0], all[5]}, left); err != nil || diff != "" {
		t.Errorf("%v, left:\n%s", err, diff)
	}
}

func TestCutoffFrom(t *testing.T) {
	t.Parallel()
	ctx, db := t.Context(), open(t, t.TempDir())
	readers(t, db, 1)
	must(t, db.RecordQuiet(ctx, digest.Window{From: hours(0), To: hours(10)}, nil))
	_, err := db.Freeze(ctx, edition(1, hours(10), hours(20)), nil, hours(20))
	must(t, err)
	must(t, db.RecordQuiet(ctx, digest.Window{From: hours(20), To: hours(30)}, nil))
	for _, row := range []struct {
		near, from, until int
		want              store.Cutoff
	}{
		{4, 7, 40, store.Cutoff{At: hours(10)}},
		{7, 10, 40, store.Cutoff{At: hours(10)}},
		{8, 11, 40, store.Cutoff{At: hours(20), Edition: 1}},
		{18, 21, 40, store.Cutoff{At: hours(20), Edition: 1}}, // an edition shortly before
		{20, 23, 40, store.Cutoff{At: hours(30)}},
		{28, 31, 40, store.Cutoff{}}, // nothing new shortly before is no edition
		{20, 23, 29, store.Cutoff{}},
	} {
		got, err := db.CutoffFrom(ctx, hours(row.near), hours(row.from), hours(row.until))
		if err != nil || got != row.want {
			t.Errorf("from %d or near %d, until %d: %+v, %v, want %+v", row.from, row.near, row.until, got, err, row.want)
		}
	}
}
