package main

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"standpoint/digest/pipeline"
	"standpoint/digest/store"
)

// Each reason not to be ready, and that it goes away.
func TestReady(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "")
	l := newLife(&environment{now: func() time.Time { return d.now }}, slog.New(slog.DiscardHandler))
	expect := func(want string) {
		t.Helper()
		got := strings.Join(l.ready(t.Context()), "\n")
		if want == "" && got != "" || !strings.Contains(got, want) || strings.Contains(got, "@") {
			t.Errorf("%q, want %q", got, want)
		}
	}
	expect(errBusy.Error()) // between two configurations
	l.open(d.office)
	expect("")
	l.Beat()
	d.now = d.now.Add(6 * time.Minute)
	expect("clock has stood still")
	l.rest()
	expect("")

	// Gathering is due every three hours.
	d.now = d.now.Add(7 * time.Hour)
	expect("gather: none has succeeded since ")
	l.done("gather", d.now, nil)
	expect("")

	at := d.now.Add(-2 * time.Hour)
	slot := store.Slot{Job: pipeline.PublishJob, Wall: at.Format("2006-01-02T15:04"), Zone: "UTC", At: at, State: store.SlotDue}
	check(t, d.worker.Store.NoteSlots(t.Context(), slot.Job, []store.Slot{slot}, store.SlotMark{Spec: "7 7 * * 1", Zone: "UTC", At: d.now}))
	expect("is overdue")
	slot.Why = "RCPT: 550 <ada@example.org> unknown"
	check(t, d.worker.Store.RecordSlots(t.Context(), slot))
	expect("is overdue: RCPT: 550 <[address]> unknown")
	slot.State, slot.Settled, slot.Why = store.SlotMissed, d.now, ""
	check(t, d.worker.Store.RecordSlots(t.Context(), slot))
	expect("was not made (missed)")
	slot.State = store.SlotServed
	check(t, d.worker.Store.RecordSlots(t.Context(), slot))
	expect("")

	check(t, d.worker.Store.Close())
	expect("store: ")
	l.close()
	d.reopen(t)
	l.open(d.office)
	expect("")
}
